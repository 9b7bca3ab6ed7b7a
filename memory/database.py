"""The one engine, and its two ways in: read, or write under a lock that other processes respect."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from core.errors import Busy, GreenroomError
from memory import unusable

BUSY_SECONDS = 10
"""How long a process waits for another one's transaction."""

VACUUM_IN_MEMORY = 256_000_000
"""Bytes up to which a database that is written anew is copied in memory."""

_ON_CONNECT = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is forgotten is overwritten, not just unlinked
    "PRAGMA recursive_triggers = ON",  # or REPLACE would slip past the triggers that refuse DELETE
)


class Database:
    """Connections to SQLite (one file, WAL) or PostgreSQL; every write on SQLite is BEGIN IMMEDIATE."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        if self.is_sqlite:
            unusable.watch(self.engine, self.path)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database, which has full text and lives in one file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The embedded database's file."""
        return Path(self.engine.url.database) if self.is_sqlite and self.engine.url.database else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view; nothing that happens inside is kept."""
        with self.engine.connect() as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing. Raises Busy when another process writes for too long."""
        with self.engine.connect().execution_options(immediate=True) as conn:
            with _busy_in_plain_words():
                conn.begin()
            yield conn
            try:
                conn.commit()
            except Exception:
                conn.invalidate()  # it may still be open there: whoever got this connection next could not begin
                raise

    def scrub(self) -> bool:
        """Push deletions through to the disk: merge the full text's segments, write the file anew, empty the log.

        `secure_delete` overwrites what is deleted, but not what a page that was split or merged still has of it where
        nothing is looked for: only a file that is written anew is without that.

        Answers False where that can't be seen to: on PostgreSQL (VACUUM and its log are the server's), or when
        another process kept the log open; what was deleted then goes with its next checkpoint.
        """
        if not self.is_sqlite:
            return False
        with self.write() as conn:
            for table in ("passages_fts", "works_fts"):
                conn.exec_driver_sql(f"INSERT INTO {table}({table}) VALUES ('optimize')")
        try:
            self._write_anew()
            return bool(self.pragma("wal_checkpoint(TRUNCATE)")[0] == 0)
        except (OperationalError, sqlite3.OperationalError, GreenroomError):  # tried again at the next look
            return False

    def _write_anew(self) -> None:
        raw = self.engine.raw_connection()
        try:
            small = self.path is not None and self.path.stat().st_size < VACUUM_IN_MEMORY
            # A copy of every row stands in a file of SQLite's own meanwhile, if not in memory.
            raw.cursor().execute(f"PRAGMA temp_store = {'MEMORY' if small else 'DEFAULT'}")
            raw.cursor().execute("VACUUM")
            raw.cursor().execute("PRAGMA temp_store = DEFAULT")
        finally:
            raw.close()

    def journal_beside(self) -> None:
        """Switch to a write-ahead log, which is kept in the file: readers never wait for the writer."""
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self.pragma("journal_mode = WAL")
                return
            except sqlite3.OperationalError:  # SQLite's own patience does not cover this one switch
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def pragma(self, pragma: str) -> Any:
        """Run one of SQLite's pragmas outside any transaction, where some of them have to be."""
        raw = self.engine.raw_connection()
        try:
            with unusable.in_words(self.path):
                return raw.cursor().execute(f"PRAGMA {pragma}").fetchone()
        finally:
            raw.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    """Return the URL of an embedded database."""
    return f"sqlite:///{path}"


def _engine(url: str) -> Engine:
    engine = create_engine(url, json_serializer=_json, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # pysqlite's own idea of BEGIN is too late: see _begin
    for pragma in _ON_CONNECT:
        connection.execute(pragma)


def _begin(conn: Connection) -> None:
    # A deferred transaction that reads first and writes later fails at once, without waiting, if somebody else wrote
    # in between; and two of them could both read "not decided yet".
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("immediate") else "BEGIN")


@contextmanager
def _busy_in_plain_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        raise Busy(
            f"Another process has been writing to the database for over {BUSY_SECONDS} seconds; nothing was changed.",
            "Wait for the import or publish run that holds it, then try again.",
        ) from error
