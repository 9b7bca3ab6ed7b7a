"""A home as it is at one moment, put together in a staging folder while others go on writing."""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from core.errors import NotFound
from memory.backup.dump import dump, tables
from memory.backup.embedded import copy_live
from memory.backup.key import key_path
from memory.backup.manifest import CHECKPOINTS, CHOICE, DATABASE, FOLDERS, LedgerHead, Manifest, Member, is_member
from memory.backup.staging import LOCK, PREFIX, pin
from memory.checkpoints import checkpoints_file
from memory.database import Database, sqlite_url
from memory.migrations import stored_revision
from memory.tables import ledger

_REBUILT = ("chroma", "chat-page")
"""What the home holds that is made anew from the rest."""


def open_database(home: Path, database_url: str | None) -> Database:
    """Return the home's database as it is: nothing is migrated, and nothing is connected yet."""
    return Database(database_url or sqlite_url(home / DATABASE))


def take(home: Path, database: Database, staged: Path, *, greenroom: str, at: datetime) -> tuple[Manifest, list[str]]:
    """Stage everything; return the manifest, and what was left out that somebody may miss.

    The order matters. Positions come before the database: a position that is behind it is brought forward, one that
    is ahead would wait for a decision that nobody made. Files come after it: rows refer to files, never the reverse.
    """
    if database.is_sqlite:
        engine = "sqlite"
        _stage_embedded(home, database, staged)
        copy = Database(sqlite_url(staged / DATABASE))
        with copy.read() as conn:
            facts = _facts(conn)
        copy.close()
    else:
        engine = "postgresql"
        with _one_moment(database) as conn:
            facts = _facts(conn)
            dump(conn, staged / "tables")
    left_out = _stage_files(home, staged)
    manifest = Manifest.model_validate({
        "greenroom": greenroom,
        "engine": engine,
        "created_at": at,
        **facts,
        "members": tuple(_members(staged)),
    })  # fmt: skip
    return manifest, left_out


def _stage_embedded(home: Path, database: Database, staged: Path) -> None:
    if database.path is None or not database.path.exists():
        raise NotFound(f"There is nothing to back up in {home}: it has no database.", "`greenroom init` makes one.")
    if (positions := checkpoints_file(home)).exists():
        copy_live(positions, staged / CHECKPOINTS)
    copy_live(database.path, staged / DATABASE)


def _one_moment(database: Database) -> Connection:
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.connect()


def _facts(conn: Connection) -> dict[str, object]:
    revision = stored_revision(conn)
    if revision is None:
        raise NotFound("There is nothing to back up: the database is empty.", "`greenroom init` makes a workspace.")
    head = conn.execute(select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)).one_or_none()
    return {
        "revision": revision,
        "rows": row_counts(conn),
        "ledger": LedgerHead(seq=head.seq, hash=head.hash) if head else None,
    }


def row_counts(conn: Connection) -> dict[str, int]:
    """Return how many rows each of our tables has."""
    counted = tables(conn, positions=False)
    return {table.name: conn.scalar(select(func.count()).select_from(table)) or 0 for table in counted}


def _stage_files(home: Path, staged: Path) -> list[str]:
    left_out = []
    for source in _carried(home):
        path = source.relative_to(home).as_posix()
        if source.is_symlink() or not source.is_file() or not is_member(path):
            left_out.append(path)
            continue
        try:
            pin(source, staged / path)
        except FileNotFoundError:  # deleted since it was listed, as if a moment before
            continue
    return left_out + _unknown(home)


def _carried(home: Path) -> Iterator[Path]:
    """Yield what belongs in a backup beside the databases; what is half written or a lock does not."""
    if (choice := home / CHOICE).exists():
        yield choice
    for name in FOLDERS:
        if name == "tables":  # an archive's own
            continue
        for folder, below, files in os.walk(home / name):
            here = Path(folder)
            yield from (here / each for each in sorted(below) if (here / each).is_symlink())
            below[:] = sorted(each for each in below if not each.startswith(".") and not (here / each).is_symlink())
            yield from (here / each for each in sorted(files) if _is_finished(each) and here / each != key_path(home))


def _is_finished(name: str) -> bool:
    return not name.startswith(".") and not name.endswith((".lock", ".tmp", ".partial", ".part"))


def _unknown(home: Path) -> list[str]:
    """Return what lies in the home that no backup knows: better named than lost in silence."""
    known = {DATABASE, CHECKPOINTS, CHOICE, LOCK, *FOLDERS, *_REBUILT}
    ours = (PREFIX, ".current-workspace.", "replaced-")
    there = (path.name for path in home.iterdir() if path.name not in known and not path.name.startswith(ours))
    return sorted(name for name in there if not name.endswith((".lock", "-wal", "-shm", "-journal")))


def _members(staged: Path) -> Iterator[Member]:
    """Yield what was staged, databases first."""
    first = (DATABASE, CHECKPOINTS, CHOICE)
    paths = [path.relative_to(staged).as_posix() for path in staged.rglob("*") if path.is_file()]
    paths = [path for path in paths if not path.startswith((f"{DATABASE}-", f"{CHECKPOINTS}-"))]
    for path in sorted(paths, key=lambda path: (path not in first, not path.startswith("tables/"), path)):
        with (staged / path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            yield Member(path=path, bytes=file.tell(), sha256=digest)
