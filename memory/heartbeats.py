"""Which sending processes live: a row each, touched at every look."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from core.base import Instant, Noun
from memory.clock import Clock
from memory.database import Database
from memory.rows import noun
from memory.tables import heartbeats as table


class Heartbeat(Noun):
    """One sending process (`host:pid`), since when, when it looked last, and what it said of that look."""

    worker: str
    started_at: Instant
    at: Instant
    says: str = ""


class Heartbeats:
    """The signs of life of sending processes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def beat(self, worker: str, says: str = "") -> None:
        """Note that a process has looked for what is due."""
        now = self._clock()
        with self._database.write() as conn:
            touched = conn.execute(update(table).where(table.c.worker == worker).values(at=now, says=says))
            if not touched.rowcount:
                conn.execute(insert(table).values(worker=worker, started_at=now, at=now, says=says))

    def stop(self, worker: str) -> None:
        """Note that a process has ended in order."""
        with self._database.write() as conn:
            conn.execute(delete(table).where(table.c.worker == worker))

    def last(self) -> Heartbeat | None:
        """Return the latest sign of life, if there ever was one."""
        with self._database.read() as conn:
            row = conn.execute(select(table).order_by(table.c.at.desc()).limit(1)).first()
        return None if row is None else noun(Heartbeat, row)

    def since(self, moment: datetime) -> list[Heartbeat]:
        """Return the processes that have looked since then."""
        with self._database.read() as conn:
            rows = conn.execute(select(table).where(table.c.at >= moment).order_by(table.c.worker))
            return [noun(Heartbeat, row) for row in rows]
