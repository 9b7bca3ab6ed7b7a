"""Which accounts are connected, and what is known of them. Their secrets are never here."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy import Connection as Open

from core.connections import Connection
from core.errors import NotFound
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.rows import noun, values
from memory.tables import connections as table


class Connections:
    """The connected accounts of every workspace. The ledger tells who connected, replaced or removed which."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def add(
        self,
        workspace: str,
        channel: str,
        account: str,
        *,
        settings: Mapping[str, Any],
        facts: Mapping[str, Any] | None = None,
        tested: bool = False,
        by: str = "owner",
    ) -> Connection:
        """Note an account as connected, in place of what was known of it. Raises NotFound without the workspace."""
        now = self._clock()
        made = Connection(
            workspace=workspace,
            channel=channel,
            account=account,
            settings=dict(settings),
            facts=dict(facts or {}),
            connected_at=now,
            checked_at=now if tested else None,
        )
        with self._database.write() as conn:
            gone = conn.execute(delete(table).where(_is(workspace, channel, account))).rowcount
            conn.execute(insert(table).values(values(made, table)))
            self._tell(conn, made, "replaced" if gone else "connected", by)
        return made

    def find(self, workspace: str, channel: str, account: str) -> Connection | None:
        """Return an account's connection; None if it never was, or was removed."""
        with self._database.read() as conn:
            row = conn.execute(select(table).where(_is(workspace, channel, account))).one_or_none()
        return None if row is None else noun(Connection, row)

    def get(self, workspace: str, channel: str, account: str) -> Connection:
        """Return an account's connection. Raises NotFound."""
        return self._sure(self.find(workspace, channel, account), channel, account)

    def list(self, workspace: str | None = None) -> list[Connection]:
        """Return the connections of a workspace, or of all; by channel and account."""
        rows = select(table).order_by(table.c.workspace, table.c.channel, table.c.account)
        with self._database.read() as conn:
            chosen = rows if workspace is None else rows.where(table.c.workspace == workspace)
            return [noun(Connection, row) for row in conn.execute(chosen)]

    def remove(self, workspace: str, channel: str, account: str, *, by: str = "owner") -> Connection:
        """Forget an account; return what was known of it. Raises NotFound."""
        old = self.get(workspace, channel, account)
        with self._database.write() as conn:
            if conn.execute(delete(table).where(_is(workspace, channel, account))).rowcount:
                self._tell(conn, old, "removed", by)
        return old

    def disconnect(self, workspace: str, channel: str, account: str, reason: str, *, by: str = "sender") -> Connection:
        """Note that an account's credentials have ended. Raises NotFound."""
        return self._mark(workspace, channel, account, by, state="disconnected", reason=reason)

    def checked(self, workspace: str, channel: str, account: str, facts: Mapping[str, Any]) -> Connection:
        """Note that a test has passed, and what the platform said of itself. Raises NotFound."""
        return self._mark(workspace, channel, account, None, facts=dict(facts), checked_at=self._clock())

    def _mark(self, workspace: str, channel: str, account: str, by: str | None, **changes: Any) -> Connection:
        with self._database.write() as conn:
            conn.execute(update(table).where(_is(workspace, channel, account)).values(changes))
            row = conn.execute(select(table).where(_is(workspace, channel, account))).one_or_none()
            found = self._sure(None if row is None else noun(Connection, row), channel, account)
            if by is not None:
                self._tell(conn, found, found.state, by)
        return found

    def _sure(self, found: Connection | None, channel: str, account: str) -> Connection:
        if found is None:
            raise NotFound(f"{account} on {channel} is not connected.", f"Connect it: greenroom channels add {channel}")
        return found

    def _tell(self, conn: Open, of: Connection, what: str, by: str) -> None:
        entry = {"workspace": of.workspace, "channel": of.channel, "account": of.account, "what": what}
        self._ledger.append(conn, by, "connection", entry | ({"reason": of.reason} if of.reason else {}))


def _is(workspace: str, channel: str, account: str) -> ColumnElement[bool]:
    return (table.c.workspace == workspace) & (table.c.channel == channel) & (table.c.account == account)
