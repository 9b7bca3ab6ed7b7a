"""Lifting one of the database's own guards for one transaction: nobody else sees the table without it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

LEDGER = ("ledger", "ledger_refuses_update", "ledger_refuses_update_and_delete")
PROPOSALS = ("proposals", "proposals_never_change", "proposals_never_change")
"""A table, and what its guard against changes is called in SQLite and in PostgreSQL."""


@contextmanager
def lifted(conn: Connection, guard: tuple[str, str, str]) -> Iterator[None]:
    """Change what is never changed otherwise. If anything fails, the caller's transaction takes this back too."""
    table, embedded, served = guard
    if conn.dialect.name == "sqlite":
        kept = conn.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", (embedded,))
        again = str(kept.scalar_one())
        conn.exec_driver_sql(f"DROP TRIGGER {embedded}")
        yield
        conn.exec_driver_sql(again)
    else:
        conn.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {served}")
        yield
        conn.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER {served}")
