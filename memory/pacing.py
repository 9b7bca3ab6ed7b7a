"""How fast one account may publish: a minimum gap between two posts, and a quota in a time.

After a machine slept for three days, everything is due at once. The audience should not notice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from core.publications import Publication
from memory.tables import publications as table

_UNDER_WAY = ("preparing", "armed", "unknown", "reconciling")
_MAY_BE_LIVE = ("armed", "unknown", "reconciling", "published")


class Pace(NamedTuple):
    """What one account of one channel keeps to. No gap and no quota: as fast as it can."""

    gap: timedelta = timedelta(0)
    most: int | None = None  # posts in `within`
    within: timedelta = timedelta(days=1)


Pacing = Callable[[Publication], Pace]


def no_pace(_publication: Publication) -> Pace:
    """As fast as it can."""
    return Pace()


def held_back(conn: Connection, due: Publication, now: datetime, pace: Pace) -> dict[str, Any] | None:
    """Return what to note on a due publication that has to wait; None if it may go now.

    The later parts of a thread follow the first at once: to the audience they are one.
    """
    if due.part > 1 or (not pace.gap and pace.most is None):
        return None
    _one_at_a_time(conn, due)
    until, why = _gap(conn, due, now, pace.gap) or _quota(conn, due, now, pace) or (None, "")
    return None if until is None else {"not_before": until, "reason": why}


def _one_at_a_time(conn: Connection, due: Publication) -> None:
    """Two workers that look at two posts of one account at once would both find the way free (PostgreSQL)."""
    if conn.dialect.name == "postgresql":
        place = f"{due.workspace}/{due.channel}/{due.account}"
        conn.execute(select(func.pg_advisory_xact_lock(func.hashtext(place))))


def _gap(conn: Connection, due: Publication, now: datetime, gap: timedelta) -> tuple[datetime, str] | None:
    if not gap:
        return None
    last = conn.execute(
        select(func.max(table.c.published_at)).where(*_same_account(due), table.c.published_at > now - gap)
    )
    published = last.scalar()
    if published is not None:
        return published + gap, f"It keeps {_said(gap)} from the post before it on this account."
    under_way = select(table.c.id).where(*_same_account(due), table.c.state.in_(_UNDER_WAY), table.c.id != due.id)
    if conn.execute(under_way.limit(1)).first() is not None:
        return now + min(gap, timedelta(seconds=30)), "Another post is on its way to this account; it goes after that."
    return None


def _quota(conn: Connection, due: Publication, now: datetime, pace: Pace) -> tuple[datetime, str] | None:
    if pace.most is None:
        return None
    when = func.coalesce(table.c.published_at, table.c.updated_at)
    recent = select(when).where(*_same_account(due), table.c.state.in_(_MAY_BE_LIVE), when > now - pace.within)
    times = sorted(conn.scalars(recent.where(table.c.id != due.id)))
    if len(times) < pace.most:
        return None
    free = times[len(times) - pace.most] + pace.within
    return free, f"The quota of {pace.most} posts in {_said(pace.within)} is used up."


def _same_account(due: Publication) -> tuple[Any, ...]:
    return (table.c.workspace == due.workspace, table.c.channel == due.channel, table.c.account == due.account)


def _said(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} hours" if minutes % 60 == 0 and minutes >= 120 else f"{minutes} minutes"
