"""Show the calendar."""

from typing import TYPE_CHECKING

from core.base import Instant, Noun
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Entry(Noun):
    """One post that is approved, under way or out."""

    proposal_id: str
    channel: str
    state: str
    due_at: Instant
    url: str | None = None
    reason: str = ""


class Result(Noun):
    """What the outbox holds, soonest due first."""

    publications: tuple[Entry, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def calendar() -> str:
        """List what is approved and when it goes out, and what went out lately."""
        rows = hand.context.memory.publications.list(hand.workspace)
        kept = tuple(Entry.model_fields)
        return as_json(Result(publications=tuple(Entry(**{name: getattr(row, name) for name in kept}) for row in rows)))

    return calendar
