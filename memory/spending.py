"""What calls have cost, and what is set aside for those under way, in the caller's transaction."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from core.budgets import Unit
from memory.tables import reservations, usage


def spent(
    conn: Connection, workspace: str, unit: Unit, *, brief_id: str | None, since: datetime | None, member: str | None
) -> float:
    """Return what was spent; calls without a known price count as nothing in money."""
    what = usage.c.cost if unit == "money" else usage.c.input_tokens + usage.c.output_tokens
    total = select(func.coalesce(func.sum(what), 0)).where(usage.c.workspace == workspace)
    if brief_id is not None:
        total = total.where(usage.c.brief_id == brief_id)
    if since is not None:
        total = total.where(usage.c.at >= since)
    if member is not None:
        total = total.where(usage.c.member == member)
    return float(conn.execute(total).scalar_one())


def reserved(conn: Connection, workspace: str, unit: Unit, brief_id: str | None, member: str | None) -> float:
    """Return what is set aside; what no process will settle any more was removed before."""
    what = reservations.c.cost if unit == "money" else reservations.c.tokens
    total = select(func.coalesce(func.sum(what), 0)).where(reservations.c.workspace == workspace)
    if brief_id is not None:
        total = total.where(reservations.c.brief_id == brief_id)
    if member is not None:
        total = total.where(reservations.c.member == member)
    return float(conn.execute(total).scalar_one())
