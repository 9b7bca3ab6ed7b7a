"""Bringing an empty database to the shape that a backup was taken in, and then on to today's."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from memory.database import Database
from memory.migrations import configuration


def upgrade(conn: Connection, revision: str = "head") -> None:
    """Bring a database to a revision, in the caller's transaction."""
    from alembic import command

    command.upgrade(configuration(conn), revision)


class Joined(Database):
    """A database seen from inside one open transaction: whoever writes through it writes in that one."""

    def __init__(self, database: Database, conn: Connection) -> None:
        self.engine = database.engine
        self._conn = conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give the open transaction."""
        yield self._conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give the open transaction; its owner commits."""
        yield self._conn
