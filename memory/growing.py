"""From the embedded database to a PostgreSQL: every row as it is, all of it or nothing, and then only one of the two.

Two databases that both believe in the same approvals could publish twice. So nobody else may have the old one open
while it is copied, and before the new one begins to count, the old file is put aside under another name.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, inspect, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import OperationalError as NoAnswer

from core.base import Noun
from core.errors import BadInput, GreenroomError, NotFound, WrongUse
from memory.backup.dump import go_on_counting, occupied
from memory.backup.embedded import alone, copy_held
from memory.backup.shape import upgrade
from memory.clock import utc_now
from memory.database import Database, sqlite_url
from memory.ledger import Ledger, LedgerCheck
from memory.migrations import HEAD, stored_revision
from memory.moved import ASIDE, FILE
from memory.tables import metadata

LEFT = ("heartbeats",)
"""What is about processes that ran on the old one."""

_AT_ONCE = 500
_HASH = 2**256
_LOCK = 0x67726F77  # any number, the same in every process

Progress = Callable[[str, int, int], None]


class Grown(Noun):
    """What was copied: rows by table, and the ledger as the new database has it."""

    tables: dict[str, int]
    rows: int
    ledger: LedgerCheck
    kept: str  # the old database's file


def grow(home: Path, url: str, progress: Progress) -> Grown:
    """Copy a home's embedded database into an empty PostgreSQL, compare the two, and put the old one aside.

    Raises WrongUse for a target that is not empty, or no PostgreSQL; Busy while somebody has the old one open;
    BadInput for a row that can't be there. Then nothing was changed in either.
    """
    source = _source(home)
    target = _raw(url)
    try:
        if target.dialect.name != "postgresql":
            raise WrongUse("The target is no PostgreSQL.", "Such as postgresql+psycopg://user@host/greenroom")
        with alone(source) as held, tempfile.TemporaryDirectory(prefix="greenroom-migrate-") as folder:
            copy = Path(folder) / FILE
            copy_held(held, copy)
            try:
                counts = _filled(target, copy, progress, lambda: _put_aside(home))
            except BaseException:
                _put_back(home, source)
                raise
    finally:
        target.dispose()
    return Grown(tables=counts, rows=sum(counts.values()), ledger=_verified(url), kept=str(home / ASIDE))


def _source(home: Path) -> Path:
    """Return the file to copy: the embedded database, or what a move that was cut off has put aside already."""
    for name in (FILE, ASIDE):
        if (home / name).exists():
            return home / name
    raise NotFound(f"There is no embedded database in {home}.", "Say which home: --home DIR")


def _put_aside(home: Path) -> None:
    if (home / FILE).exists():
        (home / FILE).rename(home / ASIDE)


def _put_back(home: Path, before: Path) -> None:
    if before.name == FILE and not before.exists():
        (home / ASIDE).rename(before)


def _filled(target: Engine, copy: Path, progress: Progress, last: Callable[[], None]) -> dict[str, int]:
    origin = _raw(sqlite_url(copy))
    try:
        with origin.connect() as old:
            _refuse_other_shapes(old)
            with _answering(target) as new:
                _prepare(new)
                counts = {}
                tables = [table for table in metadata.sorted_tables if table.name not in LEFT]
                for done, table in enumerate(tables):
                    progress("copying", done, len(tables))
                    counts[table.name] = _copied(old, new, table)
                last()  # from here on the old one answers nobody; a crash now loses nothing: see `_source`
                new.commit()
        return counts
    finally:
        origin.dispose()


def _answering(target: Engine) -> Connection:
    try:
        return target.connect()
    except NoAnswer as error:
        raise GreenroomError(
            f"The PostgreSQL at {target.url.host} does not let us in. Nothing was changed.",
            " ".join(str(error.orig).split())[:200],
        ) from None


def _prepare(new: Connection) -> None:
    new.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    taken = occupied(new)
    if taken:
        raise WrongUse(f"The target has rows already (in {taken}). Nothing was changed.", "Name an empty database.")
    if inspect(new).has_table("alembic_version"):
        _refuse_other_shapes(new)
    else:
        upgrade(new)


def _refuse_other_shapes(conn: Connection) -> None:
    stored = stored_revision(conn)
    if stored != HEAD:
        raise WrongUse(
            f"A database has the shape {stored}, and this Greenroom knows {HEAD}. Nothing was changed.",
            "Open it once with this Greenroom: greenroom doctor",
        )


def _copied(old: Connection, new: Connection, table: Table) -> int:
    count, sum_ = 0, 0
    for rows in _parts(old, table):
        try:
            new.execute(table.insert(), rows)
        except DBAPIError as error:
            said = " ".join(str(error.orig).split())[:200]
            told = f"The table {table.name} has a row that PostgreSQL refuses: {said}"
            raise BadInput(told, "Nothing was changed.") from None
        count += len(rows)
        sum_ = (sum_ + sum(map(_digest, rows))) % _HASH
    go_on_counting(new, table)
    there = [row for rows in _parts(new, table) for row in map(_digest, rows)]
    if (len(there), sum(there) % _HASH) != (count, sum_):
        raise GreenroomError(
            f"The table {table.name} is not the same on the other side ({len(there)} of {count} rows).",
            "Nothing was changed; please report it.",
        )
    return count


def _parts(conn: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield rows, those that others of the same table refer to first: the older before the newer."""
    order = [table.c[name] for name in ("created_at", "number", "seq") if name in table.c]
    rows = select(table).order_by(*order, *table.primary_key.columns)
    for part in conn.execute(rows.execution_options(yield_per=_AT_ONCE)).mappings().partitions():
        yield [dict(row) for row in part]


def _digest(row: dict[str, Any]) -> int:
    told = [bytes(each) if isinstance(each, memoryview) else each for each in row.values()]
    return int.from_bytes(hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).digest())


def _raw(url: str) -> Engine:
    """An engine that hands JSON columns over as the text that they are: no value is read and written anew."""
    try:
        return create_engine(url, json_serializer=_same, json_deserializer=_same, hide_parameters=True)
    except (ArgumentError, ImportError) as error:  # no address, or a driver that is not installed
        raise WrongUse(
            f"That is no database's address: {type(error).__name__}.",
            "Such as postgresql+psycopg://user@host/greenroom",
        ) from None


def _same(value: Any) -> Any:
    return value.decode("utf-8") if isinstance(value, bytes) else value


def _verified(url: str) -> LedgerCheck:
    database = Database(url)
    try:
        return Ledger(database, utc_now).verify()
    finally:
        database.close()
