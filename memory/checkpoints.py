"""Where the agent's graphs keep their position. Losing it loses no decision: those are rows."""

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import WrongUse
from memory.database import BUSY_SECONDS

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver


def open_checkpointer(home: Path, postgresql_url: str | None = None) -> "BaseCheckpointSaver[str]":
    """Open the graphs' checkpoints: a file of their own in `home`, or PostgreSQL. Threads may share the result."""
    return _on_postgresql(postgresql_url) if postgresql_url else _in_file(home / "checkpoints.db")


def close_checkpointer(saver: "BaseCheckpointSaver[str]") -> None:
    """Close the connection behind a checkpointer that `open_checkpointer` made."""
    saver.conn.close()  # type: ignore[attr-defined]  # both savers have it; their common base does not say so


def _in_file(path: Path) -> "BaseCheckpointSaver[str]":
    import sqlite3

    from filelock import FileLock
    from langgraph.checkpoint.sqlite import SqliteSaver

    # The saver takes a lock of its own around every use of the connection, so threads may share it.
    conn = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    conn.execute("PRAGMA secure_delete = ON")
    saver = SqliteSaver(conn)
    with FileLock(f"{path}.migrating", timeout=60):  # two processes can't both turn a new file to write-ahead log
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
    saver: BaseCheckpointSaver[str] = savers.PostgresSaver(conn)
    saver.setup()  # type: ignore[attr-defined]
    return saver
