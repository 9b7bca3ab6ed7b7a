"""What a board lists: every proposal that matters now, without the weight of its payload, checks and receipts."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Table, and_, func, or_, select

from core.base import Instant, Noun
from memory.database import Database
from memory.tables import proposals, publications

BEGINNING = 300  # characters of the text
MOST_MOVING = 5000  # more than a database takes in one question would be no board
_UNSETTLED = ("drafting", "waiting", "held", "stale", "failed")
_SETTLED_OUT = ("published", "deleted", "cancelled")


class Stamp(NamedTuple):
    """What changes whenever a row of a board must."""

    state: str
    stage: str
    publication: str  # its state; empty without one


class BoardRow(Noun):
    """One proposal on a board. `text`: its first characters."""

    id: str
    brief_id: str
    channel: str
    account: str
    locale: str
    variant: int
    state: str
    stage: str
    sha: str
    text: str
    at: Instant | None
    suggested_at: Instant | None
    supersedes: str | None
    created_at: Instant
    reason: str


class BoardRows:
    """Cheap enough to be looked at several times a second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stamps(self, workspace: str, since: datetime) -> dict[str, Stamp]:
        """Return each proposal on the board with its stamp: what is open or on its way, and what is newer than `since`.

        Replaced versions are not among them; one that waits for its new version is (`superseded`).
        """
        with self._database.read() as conn:
            out = _outbox(conn, workspace, since)
            moving = [each for each, state in out.items() if state not in _SETTLED_OUT][-MOST_MOVING:]
            recent = or_(proposals.c.created_at >= since, proposals.c.state.in_(_UNSETTLED), proposals.c.id.in_(moving))
            rows = conn.execute(
                select(proposals.c.id, proposals.c.state, proposals.c.stage).where(
                    proposals.c.workspace == workspace, proposals.c.superseded_by.is_(None), recent
                )
            ).all()
        return {row.id: Stamp(row.state, row.stage, out.get(row.id, "")) for row in rows}

    def counts(self, workspace: str) -> tuple[dict[str, int], dict[str, int]]:
        """Return how many proposals, and how many rows of the outbox, are in each state."""

        def counted(conn: Connection, table: Table) -> dict[str, int]:
            rows = select(table.c.state, func.count()).where(table.c.workspace == workspace).group_by(table.c.state)
            return {row[0]: row[1] for row in conn.execute(rows)}

        with self._database.read() as conn:
            return counted(conn, proposals), counted(conn, publications)

    def rows(self, workspace: str, ids: Iterable[str]) -> list[BoardRow]:
        """Return the rows of these proposals; one that is gone meanwhile is left out."""
        text = func.substr(proposals.c.text, 1, BEGINNING).label("text")
        columns = [proposals.c[name] for name in BoardRow.model_fields if name != "text"]
        wanted, found = list(ids), []
        with self._database.read() as conn:
            for start in range(0, len(wanted), 500):
                here = and_(proposals.c.workspace == workspace, proposals.c.id.in_(wanted[start : start + 500]))
                found += [BoardRow(**row._mapping) for row in conn.execute(select(*columns, text).where(here))]
        return found


def _outbox(conn: Connection, workspace: str, since: datetime) -> dict[str, str]:
    """Return the state of each proposal's latest publication (of a thread: of its first post)."""
    table = publications
    matters = or_(table.c.state.not_in(_SETTLED_OUT), table.c.created_at >= since)
    rows = select(table.c.proposal_id, table.c.state).where(table.c.workspace == workspace, table.c.part == 1, matters)
    return {row.proposal_id: row.state for row in conn.execute(rows.order_by(table.c.created_at, table.c.id))}
