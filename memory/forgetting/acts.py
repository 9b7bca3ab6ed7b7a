"""What can be done to a table's rows: each is an act of a rule."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from memory.forgetting.case import Case
from memory.quotes import BLANK
from memory.tables import metadata


class Act(NamedTuple):
    """`run` does it in the caller's transaction and returns how many rows it concerned; `what` is what to call that."""

    what: str  # removed, blanked, kept
    run: Callable[[Connection, Table, Case], int]
    columns: tuple[str, ...] = ()  # that it reads


def mine(table: Table, workspace: str) -> ColumnElement[bool]:
    """Return the condition that a row is this workspace's: by its own word, or by what it refers to."""
    if table.name == "workspaces":
        return table.c.id == workspace
    if "workspace" in table.c:
        return table.c.workspace == workspace
    key = next(key for key in table.foreign_keys if key.column.table.name != "workspaces")
    parent = metadata.tables[key.column.table.name]
    return key.parent.in_(select(key.column).where(mine(parent, workspace)))


def rows_of_works(*columns: str) -> Act:
    """Remove the rows that name one of the works in one of these columns."""

    def run(conn: Connection, table: Table, case: Case) -> int:
        if not case.ids:
            return 0
        return sum(conn.execute(delete(table).where(table.c[each].in_(case.ids))).rowcount for each in columns)

    return Act("removed", run)


def every_row() -> Act:
    """Remove all of the workspace's rows."""
    return Act(
        "removed", lambda conn, table, case: conn.execute(delete(table).where(mine(table, case.workspace))).rowcount
    )


def words_in(*columns: str, also: Callable[[dict[str, Any], Case], dict[str, Any]] | None = None) -> Act:
    """Blank what the workspace's rows say of the works or the person in these columns, of text or JSON.

    `also`: what else is done to a JSON column, by the one who knows its form.
    """

    def run(conn: Connection, table: Table, case: Case) -> int:
        keys = list(table.primary_key.columns)
        found = conn.execute(select(*keys, *(table.c[c] for c in columns if c not in table.primary_key.columns))
                             .where(mine(table, case.workspace))).all()  # fmt: skip
        changed = 0
        for row in found:
            old = {column: row._mapping[column] for column in columns}
            new = {column: _blanked(value, case, also) for column, value in old.items()}
            if new != old:
                one = [key == row._mapping[key.name] for key in keys]
                conn.execute(update(table).where(*one).values(new))
                changed += 1
        return changed

    return Act("blanked", run, columns)


def rows_named(column: str, *, state: str = "removed") -> Act:
    """Remove the workspace's rows whose column is the person's name or address, and nothing else."""

    def run(conn: Connection, table: Table, case: Case) -> int:
        named = [value for value in _values(conn, table, column, case) if case.name and case.name.is_(value)]
        rows = delete(table).where(mine(table, case.workspace), table.c[column].in_(named))
        return conn.execute(rows).rowcount if named else 0

    return Act(state, run, (column,))


def count_of(conn: Connection, table: Table, *which: ColumnElement[bool]) -> int:
    """Return how many rows there are."""
    return conn.scalar(select(func.count()).select_from(table).where(*which)) or 0


def _values(conn: Connection, table: Table, column: str, case: Case) -> list[str]:
    return [v for v in conn.scalars(select(table.c[column]).where(mine(table, case.workspace)).distinct()) if v]


def _blanked(value: Any, case: Case, also: Callable[[dict[str, Any], Case], dict[str, Any]] | None) -> Any:
    if value is None:
        return None
    if also and isinstance(value, dict):
        value = also(value, case)
    new = case.blank(value)
    return BLANK if new is None else new
