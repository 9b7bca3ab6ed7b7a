"""An INSERT that may meet a row that is there already, in either database's own dialect."""

from typing import TYPE_CHECKING

from sqlalchemy import Table

from memory.database import Database

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert


def insert_into(table: Table, database: Database) -> "SqliteInsert | PostgresInsert":
    """Return an insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if database.is_sqlite:
        from sqlalchemy.dialects.sqlite import insert

        return insert(table)
    from sqlalchemy.dialects.postgresql import insert as postgres_insert  # a tenth of a second: only where it is used

    return postgres_insert(table)
