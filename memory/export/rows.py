"""Rows as lines of JSON that a person can read, and back. Times are ISO 8601 in UTC, bytes base64."""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, LargeBinary, Table

from core.base import Noun
from memory.backup.sealed import Damaged
from memory.export.rules import columns, rows_of
from memory.tables import UtcDateTime

_AT_ONCE = 500
_LONGEST = 256 * 2**20  # characters of one line

Values = dict[str, Any]
T = TypeVar("T", bound=Noun)


def lines(conn: Connection, table: Table, workspace: str) -> Iterator[str]:
    """Yield a workspace's rows of a table, one line each; only a part is in memory at a time."""
    streamed = conn.execution_options(stream_results=True, yield_per=_AT_ONCE)
    for row in streamed.execute(rows_of(table, workspace)):
        yield line({name: _plain(value) for name, value in row._mapping.items()})


def line(values: Values) -> str:
    """Return values as one line."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def read(file: Path, table: Table, shown: str) -> Iterator[Values]:
    """Yield the rows of an exported table as the database takes them. Raises Damaged, naming file and line."""
    known = {column.name for column in columns(table)}
    for number, values in read_plain(file, shown):
        if unknown := set(values) - known:
            raise Damaged(f"{shown}, line {number}: {', '.join(sorted(unknown))} has no place here.")
        try:
            yield {name: _typed(table, name, value) for name, value in values.items()}
        except (ValueError, TypeError) as error:
            raise Damaged(f"{shown}, line {number} can't be read ({error}).") from error


def read_plain(file: Path, shown: str) -> Iterator[tuple[int, Values]]:
    """Yield (line, values) as they stand in a file. Raises Damaged, naming file and line."""
    with file.open(encoding="utf-8", newline="\n") as text:
        number = 0
        while each := text.readline(_LONGEST):
            number += 1
            try:
                values = json.loads(each)
            except (ValueError, RecursionError) as error:
                raise Damaged(f"{shown}, line {number} can't be read.") from error
            if not isinstance(values, dict):
                raise Damaged(f"{shown}, line {number} is no row.")
            yield number, values


def nouns(kind: type[T], rows: Iterable[Values], shown: str) -> Iterator[T]:
    """Yield rows as nouns. Raises Damaged where one can't be."""
    for number, values in enumerate(rows, 1):
        try:
            yield kind.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise Damaged(f"{shown}, line {number}: {field} can't be read ({first['msg']}).") from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    return value


def _typed(table: Table, column: str, value: Any) -> Any:
    kind = table.columns[column].type
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a time without a zone")
        return moment
    return base64.b64decode(value, validate=True) if isinstance(kind, LargeBinary) else value
