"""Restores from a backup: this database may not know what was sent since the backup was made."""

from datetime import datetime

from sqlalchemy import func, insert, select, update

from core.base import Instant, Noun
from core.ids import new_id
from memory.clock import Clock
from memory.database import Database
from memory.rows import noun, values
from memory.tables import quarantines as table


class Quarantine(Noun):
    """One restore. `lifted_at` is set once everything that was under way has been read back."""

    id: str
    restored_from: str
    backup_made_at: Instant
    started_at: Instant
    lifted_at: Instant | None = None


class Quarantines:
    """Restores of this database. A post of before one is looked for at its platform before it is ever sent."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self, *, restored_from: str, backup_made_at: datetime) -> Quarantine:
        """Note a restore."""
        made = Quarantine(
            id=new_id("q"), restored_from=restored_from, backup_made_at=backup_made_at, started_at=self._clock()
        )
        with self._database.write() as conn:
            conn.execute(insert(table).values(values(made, table)))
        return made

    def covers(self, made_at: datetime) -> bool:
        """Say whether something made at that time may have left after the backup that was restored was taken.

        Lifting a quarantine changes nothing here: the doubt about what is older than a restore never ends.
        """
        with self._database.read() as conn:
            latest = conn.execute(select(func.max(table.c.started_at))).scalar()
        return latest is not None and made_at <= latest

    def open(self) -> list[Quarantine]:
        """Return the restores after which something still has to be read back."""
        with self._database.read() as conn:
            return [noun(Quarantine, row) for row in conn.execute(select(table).where(table.c.lifted_at.is_(None)))]

    def lift(self) -> None:
        """Note that everything that was under way has been read back."""
        with self._database.write() as conn:
            conn.execute(update(table).where(table.c.lifted_at.is_(None)).values(lifted_at=self._clock()))
