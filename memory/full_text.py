"""The embedded database's full text, written in the transaction that writes the rows it is about.

The tables are described in `migrations/versions/r0002_guards_and_full_text.py`. They hold the index only, so words are
taken out by naming them as they were: `leave_out` before the rows change, `take_in` after. On PostgreSQL triggers do it
(`r0007_index.py`), and these do nothing.
"""

from sqlalchemy import Connection

_LEAVE_OUT = (
    "INSERT INTO passages_fts(passages_fts, rowid, title, text) "
    "SELECT 'delete', number, title, text FROM passage_texts WHERE work_id = ?",
    "INSERT INTO works_fts(works_fts, rowid, title, body) SELECT 'delete', number, title, body FROM works WHERE id = ?",
)
_TAKE_IN = (
    "INSERT INTO passages_fts(rowid, title, text) SELECT number, title, text FROM passage_texts WHERE work_id = ?",
    "INSERT INTO works_fts(rowid, title, body) SELECT number, title, body FROM works WHERE id = ?",
)


def take_in(conn: Connection, work_id: str) -> None:
    """Index a work and its passages as their rows are now."""
    _run(conn, _TAKE_IN, work_id)


def leave_out(conn: Connection, work_id: str) -> None:
    """Take a work and its passages out of the index; their rows must still be as they were when they were taken in."""
    _run(conn, _LEAVE_OUT, work_id)


def _run(conn: Connection, statements: tuple[str, ...], work_id: str) -> None:
    if conn.dialect.name == "sqlite":
        for statement in statements:
            conn.exec_driver_sql(statement, (work_id,))
