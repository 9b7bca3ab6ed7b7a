"""What the models were asked, and what it cost."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select

from core.usage import Usage, UsageTotal
from memory.database import Database
from memory.rows import noun, values
from memory.tables import usage as table


class UsageLog:
    """One row for each model call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, usage: Usage) -> None:
        """Keep one call."""
        with self._database.write() as conn:
            conn.execute(insert(table).values(values(usage, table)))

    def total(self, workspace: str, brief_id: str | None = None, since: datetime | None = None) -> UsageTotal:
        """Return the sums over a workspace's calls, over one brief's if given. Unknown prices count as nothing."""
        sums = select(
            func.count().label("model_calls"),
            func.coalesce(func.sum(table.c.input_tokens), 0).label("input_tokens"),
            func.coalesce(func.sum(table.c.output_tokens), 0).label("output_tokens"),
            func.coalesce(func.sum(table.c.cost), 0.0).label("cost"),
        )
        with self._database.read() as conn:
            return noun(UsageTotal, conn.execute(sums.where(*_scope(workspace, brief_id, since))).one())

    def list(self, workspace: str, brief_id: str | None = None) -> list[Usage]:
        """Return a workspace's calls, one brief's if given, oldest first."""
        rows = select(table).where(*_scope(workspace, brief_id, None)).order_by(table.c.at, table.c.id)
        with self._database.read() as conn:
            return [noun(Usage, row) for row in conn.execute(rows)]


def _scope(workspace: str, brief_id: str | None, since: datetime | None) -> list[ColumnElement[bool]]:
    scope: list[ColumnElement[bool]] = [table.c.workspace == workspace]
    if brief_id is not None:
        scope.append(table.c.brief_id == brief_id)
    if since is not None:
        scope.append(table.c.at >= since)
    return scope
