"""What the models were asked, and what it cost."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, func, insert, select

from core.proposals import Proposal
from core.usage import Usage, UsageShare, UsageTotal
from memory.database import Database
from memory.rows import noun, values
from memory.tables import reservations
from memory.tables import usage as table

By = Literal["stage", "proposal", "member", "month", "endpoint", "brief"]


class UsageLog:
    """One row for each model call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, usage: Usage, reservation: str | None = None) -> None:
        """Keep one call; what was set aside for it is settled by it, in the same transaction."""
        with self._database.write() as conn:
            conn.execute(insert(table).values(values(usage, table) | {"estimated": int(usage.estimated)}))
            if reservation is not None:
                conn.execute(delete(reservations).where(reservations.c.id == reservation))

    def total(self, workspace: str, brief_id: str | None = None, since: datetime | None = None) -> UsageTotal:
        """Return the sums over a workspace's calls, over one brief's if given. Unknown prices count as nothing."""
        sums = select(
            func.count().label("model_calls"),
            *(func.coalesce(func.sum(table.c[name]), 0).label(name) for name in _TOKENS),
            func.coalesce(func.sum(table.c.cost), 0.0).label("cost"),
        )
        with self._database.read() as conn:
            return noun(UsageTotal, conn.execute(sums.where(*_scope(workspace, brief_id, since))).one())

    def list(self, workspace: str, brief_id: str | None = None) -> list[Usage]:
        """Return a workspace's calls, one brief's if given, oldest first."""
        rows = select(table).where(*_scope(workspace, brief_id, None)).order_by(table.c.at, table.c.id)
        with self._database.read() as conn:
            return [noun(Usage, row) for row in conn.execute(rows)]


_TOKENS = ("input_tokens", "output_tokens", "cached_tokens", "estimated")


def shares(rows: Iterable[Usage], by: By, *, zone: str = "UTC", proposals: Iterable[Proposal] = ()) -> list[UsageShare]:
    """Return what each stage, member, month, endpoint, brief or proposal came to, the dearest first.

    A call that was made for several proposals (angles, a revision round) counts for each of them in equal parts.
    """
    waiting = list(proposals)
    sums: defaultdict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        keys = _made_by(row, waiting) if by == "proposal" else [_key(row, by, zone)]
        for key in keys:
            _add(sums[key], row, len(keys))
    found = [_share(key, each) for key, each in sums.items()]
    return sorted(found, key=lambda each: (-each.cost, -each.input_tokens - each.output_tokens, each.key))


def _key(row: Usage, by: By, zone: str) -> str:
    if by == "month":
        return f"{row.at.astimezone(ZoneInfo(zone)):%Y-%m}"
    named = {"stage": row.stage, "member": row.member, "endpoint": row.endpoint or row.model, "brief": row.brief_id}
    return named[by] or "none"


def _made_by(row: Usage, proposals: list[Proposal]) -> list[str]:
    """The proposals of the brief that a call was made for; versions of one proposal are one, named by the newest."""
    mine = [each for each in proposals if each.brief_id == row.brief_id and each.superseded_by is None]
    drafts = [each for each in mine if each.stage != "angles" and each.channel != "angles"] or mine
    fitting = [
        each
        for each in drafts
        if (not row.channel or each.channel == row.channel)
        and (not row.variant or each.variant == row.variant)
        and (not row.locale or each.locale == row.locale)
    ]
    return [each.id for each in fitting] or [f"{row.brief_id or 'no brief'}: no proposal"]


def _add(sums: dict[str, float], row: Usage, parts: int) -> None:
    sums["model_calls"] += 1 / parts
    for name in _TOKENS:
        sums[name] += getattr(row, name) / parts
    sums["cost"] += (row.cost or 0.0) / parts
    sums["unpriced"] += row.cost is None


def _share(key: str, sums: dict[str, float]) -> UsageShare:
    whole = {name: round(sums[name]) for name in (*_TOKENS, "unpriced")}
    return UsageShare(key=key, model_calls=round(sums["model_calls"], 3), cost=round(sums["cost"], 8), **whole)


def _scope(workspace: str, brief_id: str | None, since: datetime | None) -> list[ColumnElement[bool]]:
    scope: list[ColumnElement[bool]] = [table.c.workspace == workspace]
    if brief_id is not None:
        scope.append(table.c.brief_id == brief_id)
    if since is not None:
        scope.append(table.c.at >= since)
    return scope
