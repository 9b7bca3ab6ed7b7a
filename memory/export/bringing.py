"""Bringing an export back into an empty workspace: everything, with its ids, versions, decisions and ledger.

One transaction: it is all there, or nothing is. What had not gone out never does on an old approval (`stilling.py`).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from core.base import Noun
from core.errors import GreenroomError, WrongUse
from memory import full_text
from memory.backup.sealed import Damaged
from memory.backup.shape import Joined
from memory.clock import Clock
from memory.database import Database
from memory.export.bag import Progress
from memory.export.rows import Values, read, read_plain
from memory.export.rules import RULES, kept, parents
from memory.export.stilling import Stilled, still
from memory.export.vouching import disown, refuse_unvouched
from memory.ledger import Ledger
from memory.quarantines import Quarantines
from memory.tables import ledger, metadata, works, workspaces

_AT_ONCE = 500
_DERIVED = {name for name, rule in RULES.items() if rule.kind == "derived"}
_DATED = {"proposals": ("created_at",), "decisions": ("at",), "publications": ("created_at",), "ledger": ("at",)}
_DEFAULTS: dict[str, Values] = {
    "members": {"secret_hash": None, "tries": 0, "wait_until": None},
    "connections": {"state": "disconnected", "reason": "It came with an export: connect it again.", "checked_at": None},
}
_ID, _SHA = re.compile(r"[A-Za-z0-9_-]{1,32}"), re.compile("[0-9a-f]{64}")
_NAMES = {"works": {"id": _ID}, "files": {"sha256": _SHA}}
_ADVISORY_LOCK = 0x6772656E


class Brought(Noun):
    """What a workspace that came back has, and what was taken from it so that nothing goes out unasked."""

    workspace: str
    rows: dict[str, int]
    works: int
    ledger: int
    stilled: Stilled = Stilled()


def is_empty(conn: Connection, workspace: str) -> bool:
    """Say whether a workspace's whole history can come back: it has nothing yet, and this home has decided nothing."""
    if conn.execute(select(ledger.c.seq).limit(1)).first():
        return False
    own = [table for table in metadata.sorted_tables if "workspace" in table.c and table.name not in _DERIVED]
    return not any(conn.execute(select(table).where(table.c.workspace == workspace).limit(1)).first() for table in own)


def has_whole_ledger(tables: Path) -> bool:
    """Say whether an export's ledger has every entry in full: without, it can be checked, but not gone on with."""
    file = tables / "ledger.jsonl"
    return all("payload" in values for _, values in read_plain(file, file.name)) if file.exists() else True


def bring(
    database: Database,
    tables: Path,
    workspace: str,
    *,
    clock: Clock,
    said: dict[str, Any],
    progress: Progress = lambda _what, _done, _total: None,
) -> Brought:
    """Put every row of an export's tables (checked copies, in a folder of ours) into this home, in one transaction.

    `said`: what the quarantine notes. Raises Damaged for rows that can't be an export's, a ledger that does not
    verify, or what it does not vouch for; WrongUse where something of it is here already.
    """
    with database.write() as conn:
        if not database.is_sqlite:
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        if not is_empty(conn, workspace):
            raise WrongUse(f"Workspace {workspace} is not empty any more. Nothing was changed.")
        _make_room(conn, workspace)
        try:
            rows = _fill(conn, tables, workspace, clock(), progress)
        except IntegrityError as error:
            raise _refused(error) from error
        joined = Joined(database, conn)
        _refuse_broken(Ledger(joined, clock))
        try:
            stilled = still(conn, Ledger(joined, clock), workspace, clock())
            refuse_unvouched(conn, workspace)
        except ValidationError as error:
            raise Damaged("The export has proposals or publications that can't be. Nothing was changed.") from error
        disown(conn, workspace)
        Quarantines(joined, clock).begin(**said)
        _index_words(conn, workspace, rows["works"], progress)
    return Brought(workspace=workspace, rows=rows, works=rows["works"], ledger=rows["ledger"], stilled=stilled)


def _make_room(conn: Connection, workspace: str) -> None:
    """Remove an empty workspace's own row and what was derived from nothing: the export has that row too."""
    for name in _DERIVED & {table.name for table in metadata.sorted_tables if "workspace" in table.c}:
        derived = metadata.tables[name]
        conn.execute(delete(derived).where(derived.c.workspace == workspace))
    conn.execute(delete(workspaces).where(workspaces.c.id == workspace))


def _fill(conn: Connection, tables: Path, workspace: str, latest: datetime, progress: Progress) -> dict[str, int]:
    counts, seen = dict[str, int](), dict[str, set[object]]()
    all_of_them = kept(with_people=True)
    for done, table in enumerate(all_of_them, 1):
        counts[table.name] = 0
        for part in _parts(_checked(tables, table, workspace, seen, latest)):
            conn.execute(insert(table), part)
            counts[table.name] += len(part)
        progress("Rows", done, len(all_of_them))
    if counts["workspaces"] != 1:
        raise Damaged("workspaces.jsonl does not hold exactly the one workspace of this export. Nothing was changed.")
    return counts


def _checked(
    tables: Path, table: Table, workspace: str, seen: dict[str, set[object]], latest: datetime
) -> Iterator[Values]:
    """Yield a table's rows: each this workspace's, about things of this export, and none from the future."""
    file = tables / f"{table.name}.jsonl"
    if not file.exists():
        return
    shown, names = f"data/tables/{file.name}", None
    noted = {name: seen.setdefault(f"{table.name}.{name}", set()) for name in _pointed_at(table)}
    for number, row in enumerate(read(file, table, shown), 1):
        names = names or set(row)
        if reason := _misplaced(table, row, names, workspace, seen, latest):
            raise Damaged(f"{shown}, line {number} {reason}. Nothing was changed.")
        for name, values in noted.items():
            values.add(row.get(name))
        yield row | _DEFAULTS.get(table.name, {})


def _misplaced(
    table: Table, row: Values, names: set[str], workspace: str, seen: dict[str, set[object]], latest: datetime
) -> str | None:
    """Return what is wrong with a row, if anything is."""
    if set(row) != names:
        return "does not have the fields that the first line has"
    if row.get("workspace", workspace) != workspace or (table is workspaces and row.get("id") != workspace):
        return "is of another workspace"
    for column, parent in parents(table):
        value = row.get(column)
        if value is not None and value not in seen.get(f"{parent.table.name}.{parent.name}", ()):
            return f"is about {value}, which is not in this export"
    for name in _DATED.get(table.name, ()):
        if name in row and (row[name] is None or row[name] > latest):
            return "is dated in the future (or this machine's clock is wrong)"
    for name, pattern in _NAMES.get(table.name, {}).items():
        if not pattern.fullmatch(str(row.get(name))):
            return f"has {name} in a form that no {name} has"
    return None


def _pointed_at(table: Table) -> list[str]:
    """Return the columns of a table that rows of other exported tables refer to."""
    others = kept(with_people=True)
    return sorted({to.name for other in others for _, to in parents(other) if to.table is table})


def _refuse_broken(kept_ledger: Ledger) -> None:
    check = kept_ledger.verify()
    if not check.ok:
        raise Damaged(
            f"The export's ledger does not verify: entry {check.first_bad}, {check.reason}. Nothing was changed."
        )


def _index_words(conn: Connection, workspace: str, count: int, progress: Progress) -> None:
    ids = conn.scalars(select(works.c.id).where(works.c.workspace == workspace)).all()
    for done, work_id in enumerate(ids, 1):
        full_text.take_in(conn, work_id)
        progress("Works", done, count)


def _parts(rows: Iterable[Values]) -> Iterator[list[Values]]:
    waiting = iter(rows)
    while part := list(islice(waiting, _AT_ONCE)):
        yield part


def _refused(error: IntegrityError) -> GreenroomError:
    """Say in plain words what the database would not take."""
    said = " ".join(str(error.orig).split())[:200]
    if "UNIQUE" in said or "duplicate key" in said:
        return WrongUse(
            f"Something of this export is in this home already, in another workspace ({said}). Nothing was changed.",
            "Bring it into another home: greenroom import FOLDER --home NEW-FOLDER",
        )
    return Damaged(f"The export's rows do not fit together ({said}). Nothing was changed.")
