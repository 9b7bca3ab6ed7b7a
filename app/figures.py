"""The numbers of how things are, once: for the page, for /health as JSON, and for Prometheus."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

from app.examination import PAST_DUE
from app.spending import budgets
from core.proposals import State
from core.publications import PublicationState

if TYPE_CHECKING:
    from app.studio import Studio
    from app.worker import SendingProcess
    from core.publications import Publication

ALIVE = timedelta(minutes=2)
"""How long ago a sending process may have looked to count as alive."""

ERRORS_SHOWN = 5

OFF: tuple[PublicationState, ...] = (
    "rejected", "unknown", "needs_human", "missed", "paused_auth", "paused_quota",
)  # fmt: skip
"""What did not go as it should, and says why."""


@dataclass(frozen=True)
class Figures:
    """One look. Counts are of the workspace; the worker is the home's."""

    alive: bool
    last_look_s: float | None
    waiting: int
    proposals: dict[str, int]
    outbox: dict[str, int]
    past_due: int
    unknown: int
    undone: int  # decided and not carried out yet
    index_waits: int
    budgets: list[dict[str, Any]]
    calls: int
    cost: float
    errors: "list[Publication]"  # the last ones that a sender told, newest first


def look(studio: "Studio", sender: "SendingProcess | None") -> Figures:
    """Look once."""
    memory, space, now = studio.memory, studio.workspace.id, studio.clock()
    told, states = memory.board_rows.counts(space)
    off = memory.publications.list(space, states=OFF)
    last, usage = memory.heartbeats.last(), memory.usage.total(space)
    late = [row for row in memory.publications.due(now, space) if row.due_at < now - PAST_DUE]
    seen = None if last is None else (now - last.at).total_seconds()
    beats = seen is not None and seen < ALIVE.total_seconds()
    return Figures(
        alive=bool(beats and (sender is None or sender.alive)),
        last_look_s=seen,
        waiting=told.get("waiting", 0),
        proposals={state: told.get(state, 0) for state in get_args(State)},
        outbox={state: states.get(state, 0) for state in get_args(PublicationState)},
        past_due=len(late),
        unknown=states.get("unknown", 0) + states.get("reconciling", 0),
        undone=len(memory.decisions.unresumed(space)),
        index_waits=memory.index.pending_count(space),
        budgets=budgets(studio),
        calls=usage.model_calls,
        cost=usage.cost,
        errors=sorted(off, key=lambda row: row.updated_at, reverse=True)[:ERRORS_SHOWN],
    )
