"""Where the agent's graphs keep their position. Losing it loses no decision: those are rows."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from sqlite3 import OperationalError
from typing import TYPE_CHECKING, Any, cast

from core.errors import WrongUse
from memory import unusable
from memory.database import BUSY_SECONDS

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

_BLOBS = (
    "SELECT thread_id, checkpoint FROM checkpoints UNION ALL SELECT thread_id, value FROM writes "
    "UNION ALL SELECT thread_id, metadata FROM checkpoints"
)
_BLOBS_ON_POSTGRESQL = (
    "SELECT thread_id, blob FROM checkpoint_blobs UNION ALL SELECT thread_id, blob FROM checkpoint_writes "
    "UNION ALL SELECT thread_id, convert_to(checkpoint::text, 'UTF8') FROM checkpoints"
)

_ID = re.compile(r"[a-z]{1,5}_[0-9a-z]{1,40}")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")  # as JSON writes letters beyond ASCII


def open_checkpointer(home: Path, postgresql_url: str | None = None) -> "BaseCheckpointSaver[str]":
    """Open the graphs' checkpoints: a file of their own in `home`, or PostgreSQL. Threads may share the result."""
    return _on_postgresql(postgresql_url) if postgresql_url else _in_file(checkpoints_file(home))


def checkpoints_file(home: Path) -> Path:
    """Return the file that embedded checkpoints are kept in."""
    return home / "checkpoints.db"


def close_checkpointer(saver: "BaseCheckpointSaver[str]") -> None:
    """Close the connection behind a checkpointer that `open_checkpointer` made.

    A brief may still be under way behind a server that stops: a connection that is closed under a thread that uses it
    ends the process in SQLite's own code. With the lock that thread is told so by its next use.
    """
    opened: Any = saver
    with opened.lock:
        opened.conn.close()


def _in_file(path: Path) -> "BaseCheckpointSaver[str]":
    import sqlite3

    from langgraph.checkpoint.sqlite import SqliteSaver

    with unusable.in_words(path):
        # The saver takes a lock of its own around every use of the connection, so threads may share it.
        conn = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
        conn.execute("PRAGMA secure_delete = ON")
        saver = SqliteSaver(conn)
        saver.setup()
        return saver


def _on_postgresql(url: str) -> "BaseCheckpointSaver[str]":
    try:
        # Not in the default install, so neither a type checker nor an import at the top may ask for them.
        savers = import_module("langgraph.checkpoint.postgres")
        psycopg = import_module("psycopg")
        rows = import_module("psycopg.rows")
    except ImportError as error:
        raise WrongUse(
            "The graphs' checkpoints on PostgreSQL need a package that is not installed.",
            "Install Greenroom with its `postgres` extra.",
        ) from error
    conn = psycopg.Connection.connect(
        re.sub(r"^postgresql\+\w+:", "postgresql:", url),
        autocommit=True,
        prepare_threshold=0,
        row_factory=rows.dict_row,
    )
    saver: Any = savers.PostgresSaver(conn)
    saver.setup()
    return cast("BaseCheckpointSaver[str]", saver)


def forget_threads(
    saver: "BaseCheckpointSaver[str]", quotes: Callable[[str], bool], *, ids: frozenset[str] = frozenset()
) -> int:
    """Delete every thread in which `quotes` finds something, or one of the ids stands; return how many.

    What a conversation was about is lost with it; no decision is.
    """
    opened: Any = saver  # both savers have a connection and a lock for it; their common base does not say so
    with opened.lock:
        rows = opened.conn.execute(_BLOBS if _in_a_file(saver) else _BLOBS_ON_POSTGRESQL).fetchall()
    found: set[str] = set()
    for thread, blob in map(_pair, rows):
        if thread not in found and _is_about(f"{thread} {blob.decode('utf-8', errors='replace')}", quotes, ids):
            found.add(thread)
    for thread in found:
        saver.delete_thread(thread)
    return len(found)


def scrub_threads(saver: "BaseCheckpointSaver[str]") -> bool:
    """Push deletions through to the disk; False where another process keeps the log open, or it is a server's to do."""
    opened: Any = saver
    if not _in_a_file(saver):
        return False
    with opened.lock:
        try:
            opened.conn.execute("VACUUM")
            return bool(opened.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        except OperationalError:  # somebody writes there: tried again at the next look
            return False


def _in_a_file(saver: "BaseCheckpointSaver[str]") -> bool:
    return type(saver).__name__ == "SqliteSaver"


def _is_about(text: str, quotes: Callable[[str], bool], ids: frozenset[str]) -> bool:
    if ids and not ids.isdisjoint(_ID.findall(text)):
        return True
    return quotes(text) or ("\\u" in text and quotes(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)))


def _pair(row: Any) -> tuple[str, bytes]:
    thread, blob = row.values() if isinstance(row, dict) else row
    return str(thread), blob.encode() if isinstance(blob, str) else bytes(blob or b"")
