"""Public names that a platform resolved: a handle, and the id that stays when the handle changes hands."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import insert, select, update

from memory.clock import Clock
from memory.database import Database
from memory.tables import known_accounts as table

KEPT = timedelta(days=7)
"""How long an answer counts: a handle is a domain name, which somebody else may own by then."""


class KnownAccounts:
    """Handles (in lower case) and ids by channel. They are public, so no workspace owns them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, channel: str, handles: Iterable[str]) -> dict[str, str]:
        """Return the ids of those handles that were looked up lately enough to count."""
        wanted = {handle.lower() for handle in handles}
        rows = select(table.c.handle, table.c.remote_id).where(
            table.c.channel == channel, table.c.handle.in_(wanted), table.c.looked_up_at > self._clock() - KEPT
        )
        with self._database.read() as conn:
            return {row.handle: row.remote_id for row in conn.execute(rows)}

    def keep(self, channel: str, handle: str, remote_id: str) -> None:
        """Note what a handle stands for now."""
        same = (table.c.channel == channel, table.c.handle == handle.lower())
        found = {"remote_id": remote_id, "looked_up_at": self._clock()}
        with self._database.write() as conn:
            if not conn.execute(update(table).where(*same).values(found)).rowcount:
                conn.execute(insert(table).values(channel=channel, handle=handle.lower(), **found))
