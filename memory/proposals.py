"""Proposals: rows that never change, only move from state to state."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from core.errors import AlreadyDecided, NotAllowed, NotFound
from core.proposals import OPEN_STATES, Proposal, State
from memory.database import Database
from memory.rows import noun, values
from memory.tables import decisions
from memory.tables import proposals as table

_UNDECIDED = frozenset({"drafting", "waiting", "held", "stale"})
"""The other states belong to decisions, to what takes a proposal's place, and to its publication."""


class Proposals:
    """What waits for a person, and what became of it. The database refuses any change but of state and stage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, proposal: Proposal) -> None:
        """Keep a proposal. Raises ValueError when its hash is not that of what it holds, or it is decided."""
        with self._database.write() as conn:
            insert_proposal(conn, proposal)

    def get(self, workspace: str, proposal_id: str) -> Proposal:
        """Return a proposal of this workspace. Raises NotFound."""
        with self._database.read() as conn:
            return load(conn, workspace, proposal_id)

    def supersede(self, old_id: str, new: Proposal) -> None:
        """Put `new` in the place of a proposal, in one transaction; doing it twice is harmless.

        Raises AlreadyDecided when another one took its place or it was rejected, NotAllowed when it is approved.
        """
        with self._database.write() as conn:
            old = load(conn, new.workspace, old_id, lock=True)
            if old.superseded_by == new.id:
                return
            _refuse_superseding(old)
            insert_proposal(conn, new)
            conn.execute(update(table).where(table.c.id == old_id).values(state="superseded", superseded_by=new.id))
            conn.execute(update(decisions).where(*_led_here(old_id)).values(new_proposal_id=new.id))

    def move(self, proposal_id: str, old_states: Iterable[State], new_state: State) -> bool:
        """Change the state if it is one of `old_states` still; say whether it was.

        Raises ValueError for any state but drafting, waiting, held and stale: the others are a decision's to give.
        """
        old = tuple(old_states)
        if touched := {*old, new_state} - _UNDECIDED:
            raise ValueError(f"only a decision or a publication may touch {', '.join(sorted(touched))}")
        moving = update(table).where(table.c.id == proposal_id, table.c.state.in_(old)).values(state=new_state)
        with self._database.write() as conn:
            return conn.execute(moving).rowcount == 1

    def newest_brief(self, workspace: str, states: Iterable[State]) -> str | None:
        """Return the brief of the proposal in one of these states that was made last; None without any."""
        rows = select(table.c.brief_id).where(table.c.workspace == workspace, table.c.state.in_(tuple(states)))
        with self._database.read() as conn:
            found = conn.scalar(rows.order_by(table.c.created_at.desc(), table.c.id.desc()).limit(1))
        return None if found is None else str(found)

    def list(
        self,
        workspace: str,
        states: Iterable[State] | None = None,
        brief_id: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Proposal]:
        """Return a workspace's proposals, the longest waiting first; `offset`: leave out so many."""
        rows = select(table).where(table.c.workspace == workspace)
        if states is not None:
            rows = rows.where(table.c.state.in_(tuple(states)))
        if brief_id is not None:
            rows = rows.where(table.c.brief_id == brief_id)
        order = (table.c.created_at, table.c.variant, table.c.locale, table.c.channel, table.c.id)
        with self._database.read() as conn:
            return [noun(Proposal, row) for row in conn.execute(rows.order_by(*order).limit(limit).offset(offset))]

    def planned(self, workspace: str, states: Iterable[State], limit: int, offset: int = 0) -> Sequence[Proposal]:
        """Return the proposals in these states that have a time, or are proposed one, the soonest first."""
        when = func.coalesce(table.c.at, table.c.suggested_at)
        mine = (table.c.workspace == workspace, table.c.state.in_(tuple(states)), when.is_not(None))
        rows = select(table).where(*mine).order_by(when, table.c.channel, table.c.id).limit(limit).offset(offset)
        with self._database.read() as conn:
            return [noun(Proposal, row) for row in conn.execute(rows)]


def insert_proposal(conn: Connection, proposal: Proposal) -> None:
    """Insert a proposal whose hash fits what it holds."""
    if proposal.sha != proposal.recomputed_sha():
        raise ValueError(f"proposal {proposal.id}: its hash is not the hash of what it holds")
    if proposal.text != proposal.payload.get("text"):
        raise ValueError(f"proposal {proposal.id}: what a person reads is not what it would send")
    if proposal.state not in _UNDECIDED:
        raise ValueError(f"proposal {proposal.id}: a new proposal can't be {proposal.state}")
    if proposal.stage not in proposal.stages:
        raise ValueError(f"proposal {proposal.id}: {proposal.stage} is none of its stages")
    conn.execute(insert(table).values(values(proposal, table)))


def load(conn: Connection, workspace: str, proposal_id: str, *, lock: bool = False) -> Proposal:
    """Return a proposal inside a transaction; `lock` holds its row until the end (PostgreSQL). Raises NotFound."""
    rows = select(table).where(table.c.workspace == workspace, table.c.id == proposal_id)
    row = conn.execute(rows.with_for_update() if lock else rows).one_or_none()
    if row is None:
        raise NotFound(
            f"There is no proposal {proposal_id} in this workspace.", "`greenroom pending` shows what waits."
        )
    return noun(Proposal, row)


def set_state(
    conn: Connection, proposal_id: str, state: State, *, stage: str | None = None, reason: str | None = None
) -> None:
    """Move a proposal whose row the caller holds; `reason`: why it is stale, for a person."""
    changes = {"state": state} | ({"stage": stage} if stage else {}) | ({} if reason is None else {"reason": reason})
    conn.execute(update(table).where(table.c.id == proposal_id).values(changes))


def _led_here(old_id: str) -> tuple[ColumnElement[bool], ...]:
    """The edit or change request that the new proposal came of, if one stands."""
    standing = (decisions.c.undone_by.is_(None), decisions.c.new_proposal_id.is_(None))
    return (decisions.c.proposal_id == old_id, decisions.c.verb.in_(("edit", "changes")), *standing)


def _refuse_superseding(old: Proposal) -> None:
    if old.superseded_by is not None:
        raise AlreadyDecided(
            f"Proposal {old.id} was superseded by {old.superseded_by} already.", f"Look at {old.superseded_by}."
        )
    if old.state == "rejected":
        raise AlreadyDecided(f"Proposal {old.id} was rejected.", "Take the rejection back first.")
    if old.state not in _UNDECIDED | {"superseded"}:  # superseded, but by nothing yet: an edit or a change request
        raise NotAllowed(
            f"Proposal {old.id} is {old.state}: another one can't take its place.", "Take the approval back first."
        )


def is_open(proposal: Proposal) -> bool:
    """Say whether a decision is still possible."""
    return proposal.state in OPEN_STATES
