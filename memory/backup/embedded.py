"""Copies of SQLite files: of one that others write to, and over one that nobody else has open."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.errors import Busy
from memory.database import BUSY_SECONDS

_PATIENCE = 2.0
"""Seconds to wait for a database that somebody only looks at."""


def copy_live(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment. Its writers wait for nothing (WAL), and the copy has all or none of
    each transaction.
    """
    with (
        closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)  # in one step: in several it would begin again after every write of another process


@contextmanager
def alone(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold a database (made, where there is none) so that nobody else can open it. Raises Busy if somebody has it open.

    In WAL mode every open connection, idle or not, keeps a lock on the file; leaving that mode needs them all gone.
    """
    with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as held:
        try:
            held.execute("PRAGMA locking_mode = EXCLUSIVE")
            held.execute("PRAGMA journal_mode = DELETE")
            held.execute("PRAGMA journal_mode = WAL")
            held.execute("BEGIN EXCLUSIVE")
            held.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise Busy(
                f"Another Greenroom has {path} open. Nothing was changed.",
                "Stop what runs on this home (greenroom worker, serve, chat), then restore again.",
            ) from error
        yield held


def copy_held(held: sqlite3.Connection, target: Path) -> None:
    """Copy a database that is held."""
    with closing(sqlite3.connect(target)) as copy:
        held.backup(copy)


def overwrite(held: sqlite3.Connection, source: Path) -> None:
    """Put another database's content in place of a held one's: one transaction, all of it or nothing.

    The file stays the same one, so a process that waits for it finds the new content, never a file without a name.
    """
    with closing(sqlite3.connect(source)) as new:
        new.backup(held)


def integrity(path: Path) -> str:
    """Return `ok`, or SQLite's first words on what is wrong with a database."""
    with closing(sqlite3.connect(path)) as copy:
        try:
            return str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return str(error)
