"""Bringing a database to the shape this code expects. Migrations only go forward.

A new one: a file in `versions/` (`r0003_…py`), its id at the end of REVISIONS, and `memory/tables/`; a test compares.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect

from core.errors import GreenroomError
from memory.database import Database

REVISIONS = tuple(f"{number:04d}" for number in range(1, 19))
HEAD = REVISIONS[-1]
"""Kept here so that opening a database that is at head never pays for importing Alembic (0.4 s)."""

_ADVISORY_LOCK = 0x6772656E  # any number, the same in every process


def migrate(database: Database) -> None:
    """Bring the database to head; quick when it is there. Raises GreenroomError for one that a newer Greenroom made."""
    with database.read() as conn:
        stored = stored_revision(conn)
    if stored == HEAD:
        return
    _refuse_newer(stored)
    if database.is_sqlite:
        database.journal_beside()
    with database.write() as conn:  # one process at a time: the others wait here
        if not database.is_sqlite:
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        if stored_revision(conn) != HEAD:
            _upgrade(conn)


def stored_revision(conn: Connection) -> str | None:
    """Return the revision that a database is at; None for an empty one."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def configuration(conn: Connection) -> Any:
    """Return Alembic's configuration, without a file, on an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def _upgrade(conn: Connection) -> None:
    from alembic import command

    command.upgrade(configuration(conn), "head")


def _refuse_newer(stored: str | None) -> None:
    if stored is not None and stored not in REVISIONS:
        raise GreenroomError(
            f"This database was last used by a newer Greenroom (its shape is {stored}, this one knows up to {HEAD}). "
            "Nothing was changed.",
            "Update Greenroom, or choose another home.",
        )
