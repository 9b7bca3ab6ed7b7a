"""Which publications are free to be taken, and one way to take them a few at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement as Condition
from sqlalchemy import Connection, Select, and_, exists, or_, select, true

from core.publications import Publication
from memory.rows import noun
from memory.tables import publications as table

_AT_ONCE = 8


def claimable(now: datetime, workspace: str | None) -> Condition[bool]:
    """Return what makes a row of the outbox free to be taken now: due, not asked to wait, behind no earlier part."""
    earlier = table.alias("earlier")
    waits_for_earlier = exists(
        select(earlier.c.id).where(
            earlier.c.decision_id == table.c.decision_id,
            earlier.c.part < table.c.part,
            earlier.c.state != "published",
        )
    )
    may_go_yet = or_(table.c.not_before.is_(None), table.c.not_before <= now)
    due = and_(table.c.state.in_(("scheduled", "paused_quota")), table.c.due_at <= now, may_go_yet, ~waits_for_earlier)
    abandoned = and_(table.c.state == "preparing", table.c.lease_until < now)
    return and_(or_(due, abandoned), true() if workspace is None else table.c.workspace == workspace)


def one_by_one(conn: Connection, rows: Select[Any]) -> Iterator[Publication]:
    """Yield rows as they are held, a few at a time: a worker that wants one must not lock a thousand."""
    seen: set[str] = set()
    while True:
        fresh = rows.where(table.c.id.not_in(seen)).limit(_AT_ONCE).with_for_update(skip_locked=True)
        found = [noun(Publication, row) for row in conn.execute(fresh)]
        if not found:
            return
        yield from found
        seen |= {each.id for each in found}
