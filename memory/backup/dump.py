"""A PostgreSQL database as files, one a table: a line with the columns' names, then a line of JSON for each row.

Bytes are base64, times ISO 8601 in UTC, JSON columns are themselves. The tables are read as the database has them, so
that one which an older Greenroom left can be backed up and brought back before it is migrated.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, LargeBinary, MetaData, Table, func, insert, inspect, select, text

from memory.backup.sealed import Damaged
from memory.tables import metadata

POSITIONS = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
"""Where LangGraph keeps the positions of the graphs, when it keeps them in the same database."""

_AT_ONCE = 500


def tables(conn: Connection, *, positions: bool = True) -> list[Table]:
    """Return our tables as this database has them, those that others refer to first."""
    names = [*metadata.tables, *(POSITIONS if positions else ())]
    there = set(inspect(conn).get_table_names())
    found = MetaData()
    found.reflect(conn, only=[name for name in names if name in there])
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON) and column.nullable:
                column.type.none_as_null = True
    return found.sorted_tables


def dump(conn: Connection, folder: Path) -> None:
    """Write every table into `folder`, in the order of its primary key; only a part is in memory at a time."""
    folder.mkdir(mode=0o700)
    for table in tables(conn):
        with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
            file.write(_line([column.name for column in table.columns]))
            rows = conn.execution_options(stream_results=True, yield_per=_AT_ONCE).execute(
                select(table).order_by(*table.primary_key.columns)
            )
            for row in rows:
                file.write(_line([_plain(value) for value in row]))


def load(conn: Connection, folder: Path, *, positions: bool = True) -> None:
    """Put a dump's rows into this database's empty tables, in the caller's transaction. Raises Damaged."""
    there = {table.name: table for table in tables(conn, positions=positions)}
    unknown = {path.stem for path in folder.glob("*.jsonl")} - set(there) - set(POSITIONS)
    if unknown:
        raise Damaged(f"The backup has tables that its own shape does not: {', '.join(sorted(unknown))}.")
    for table in there.values():
        for rows in _rows(table, folder / f"{table.name}.jsonl"):
            conn.execute(insert(table), rows)
        go_on_counting(conn, table)


def occupied(conn: Connection) -> str | None:
    """Return the name of a table that has rows; None for a database that a backup can be put into."""
    for table in tables(conn):
        # Each try to restore notes a quarantine, and a worker its pulse, before there is anything of the person's.
        if table.name not in ("quarantines", "heartbeats") and conn.execute(select(table).limit(1)).first():
            return table.name
    return None


def _line(values: Sequence[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    return value


def _rows(table: Table, file: Path) -> Iterator[list[dict[str, Any]]]:
    if not file.exists():
        return
    with file.open(encoding="utf-8") as lines:
        names = json.loads(next(lines))
        if not set(names) <= set(table.columns.keys()):
            raise Damaged(f"The backup's table {table.name} does not fit the shape that it says it has.")
        while part := list(islice(lines, _AT_ONCE)):
            yield [{n: _typed(table, n, v) for n, v in zip(names, json.loads(line), strict=True)} for line in part]


def _typed(table: Table, column: str, value: Any) -> Any:
    kind = table.columns[column].type
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value


def go_on_counting(conn: Connection, table: Table) -> None:
    """Let a counted column go on after its highest number; SQLite does so by itself."""
    if conn.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        sequence = conn.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
        )
        highest = conn.scalar(select(func.max(column))) if sequence else None
        if highest is not None:
            conn.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})
