"""Which accounts are connected, and their secrets: rows in the database for the one, a keyring or a file for the other.

Only `Studio.credentials` opens it: the process that sends, and the command that connects.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pydantic import SecretStr

from core.connections import Connection
from core.errors import Busy, GreenroomError, NotConnected, TryLater, Unknown
from memory import Memory
from publishing.credentials.choosing import Where, open_store
from publishing.credentials.files import open_to_others, private_folder
from publishing.credentials.port import Refresh, Secret
from publishing.credentials.store import Store, VaultClosed

if TYPE_CHECKING:
    from filelock import BaseFileLock

PATIENCE = 60.0
"""Seconds to wait for another process that refreshes: one request with its timeout, twice over."""

_MARGIN = timedelta(seconds=60)  # a token that ends so soon is as good as ended


def open_credentials(
    memory: Memory,
    home: Path,
    *,
    clock: Callable[[], datetime],
    where: Where = "auto",
    key: SecretStr | None = None,
) -> "Vault":
    """Return the credentials of this home. No keyring and no file is opened before an account's secret is needed."""
    folder = home / "vault"
    given = key.get_secret_value() if key else None
    return Vault(memory, folder, lambda: open_store(folder, where, given or None), clock)


class Vault:
    """The credentials of a home's accounts. Processes may share it; every change of a secret is alone with it."""

    def __init__(self, memory: Memory, folder: Path, open_: Callable[[], Store], clock: Callable[[], datetime]) -> None:
        self._memory = memory
        self._folder = folder
        self._open = open_
        self._clock = clock
        self._locks: dict[str, BaseFileLock] = {}

    def has(self, workspace: str, channel: str, account: str) -> bool:
        """Say whether the account is connected and its secret can be read."""
        try:
            self.get(workspace, channel, account)
        except NotConnected:
            return False
        return True

    def get(self, workspace: str, channel: str, account: str) -> Secret:
        """Return an account's secret. Raises NotConnected with the command that connects it."""
        connection = self._connection(workspace, channel, account)
        if connection.state != "connected":
            raise NotConnected(
                f"{account} on {channel} was disconnected: {connection.reason}", f"Connect it anew: {_add(channel)}"
            )
        return self._secret(connection)

    def settings(self, workspace: str, channel: str, account: str) -> Mapping[str, Any]:
        """Return what is not secret of the connection. Raises NotConnected."""
        return self._connection(workspace, channel, account).settings

    def facts(self, workspace: str, channel: str, account: str) -> dict[str, Any]:
        """Return what the platform said of itself when it was tested last."""
        found = self._memory.connections.find(workspace, channel, account)
        return found.facts if found else {}

    def keep(self, workspace: str, channel: str, account: str, secret: Secret) -> None:
        """Keep a changed secret. Nothing is emptied or left out by it; of an account that is gone nothing is kept.

        Raises VaultClosed, which says nothing of a post: a sender may keep a session after it has sent.
        """
        with self._alone(workspace, channel, account) as name:
            if self._memory.connections.find(workspace, channel, account) is not None:
                kept = self._store.read(name)
                self._keep(name, _read(kept).merged(secret) if kept else secret)

    def fresh(
        self, workspace: str, channel: str, account: str, refresh: Refresh, *, stale: Secret | None = None
    ) -> Secret:
        """Return a secret that is still good; whoever comes first refreshes, everybody else gets what came of it.

        Raises NotConnected where the platform says that a person must connect anew, TryLater where it asks to wait,
        else Unknown. Nothing is asked that could not be kept: an answer may hold the only good refresh token.
        """
        seen = stale or self.get(workspace, channel, account)
        if stale is None and self._lasts(seen):
            return seen
        with self._alone(workspace, channel, account) as name:
            now = self.get(workspace, channel, account)
            if now.values != seen.values:
                return now
            self._keep(name, now)
            new = now.merged(self._refreshed(now, refresh, workspace, channel, account))
            self._keep(name, new)
            return new

    def connect(
        self,
        workspace: str,
        channel: str,
        account: str,
        secret: Secret,
        *,
        settings: Mapping[str, Any],
        facts: Mapping[str, Any] | None = None,
        tested: bool = False,
        by: str = "owner",
    ) -> Connection:
        """Connect an account, in place of what it had before. Raises VaultClosed where its secret can't be kept."""
        with self._alone(workspace, channel, account) as name:
            self._store.write(name, secret.model_dump_json())
            return self._memory.connections.add(
                workspace, channel, account, settings=settings, facts=facts, tested=tested, by=by
            )

    def forget(self, workspace: str, channel: str, account: str, *, by: str = "owner") -> Connection:
        """Forget an account and its secret. Raises NotFound."""
        with self._alone(workspace, channel, account) as name:
            self._memory.connections.get(workspace, channel, account)
            self._store.remove(name)
            return self._memory.connections.remove(workspace, channel, account, by=by)

    @property
    def where(self) -> str:
        """Where secrets are kept, for a person."""
        return self._store.where

    def faults(self) -> list[str]:
        """Return what is wrong with where they are kept, and how to mend it."""
        return list(dict.fromkeys([*open_to_others(self._folder), *self._store.faults()]))

    def _refreshed(self, now: Secret, refresh: Refresh, workspace: str, channel: str, account: str) -> Secret:
        try:
            return refresh(now)
        except NotConnected as ended:
            reason = now.scrubbed(ended.message)
            self._memory.connections.disconnect(workspace, channel, account, reason)
            raise NotConnected(reason, f"Connect it anew: {_add(channel)}") from None
        except TryLater as later:
            raise TryLater(now.scrubbed(later.message), later.until) from None
        except Exception as error:  # noqa: BLE001  whatever it was, it disconnects nothing
            words = now.scrubbed(error.message) if isinstance(error, GreenroomError) else type(error).__name__
            raise Unknown(f"The tokens of {account} on {channel} could not be refreshed: {words}") from None

    def _lasts(self, secret: Secret) -> bool:
        return secret.expires_at is not None and secret.expires_at - self._clock() > _MARGIN

    def _connection(self, workspace: str, channel: str, account: str) -> Connection:
        found = self._memory.connections.find(workspace, channel, account)
        if found is None:
            raise NotConnected(f"{account} on {channel} is not connected.", f"Connect it: {_add(channel)}")
        return found

    def _secret(self, of: Connection) -> Secret:
        try:
            kept = self._store.read(_name(of.workspace, of.channel, of.account))
        except VaultClosed as closed:
            _unreachable(of, closed)
        if kept is None:
            raise NotConnected(
                f"The secret of {of.account} on {of.channel} is not in {self.where}.",
                f"If it is kept elsewhere, set GREENROOM_CREDENTIALS; else connect it anew: {_add(of.channel)}",
            )
        return _read(kept)

    def _keep(self, name: str, secret: Secret) -> None:
        self._store.write(name, secret.model_dump_json())

    @cached_property
    def _store(self) -> Store:
        return self._open()

    @contextmanager
    def _alone(self, workspace: str, channel: str, account: str) -> Iterator[str]:
        """Hold an account's lock, which all processes of this machine respect; one thread may take it twice."""
        from filelock import Timeout

        name = _name(workspace, channel, account)
        lock = self._lock(name)
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise Busy(f"Another process holds the credentials of {account} on {channel}.", "Try again.") from None
        try:
            yield name
        finally:
            lock.release()

    def _lock(self, name: str) -> "BaseFileLock":
        from filelock import FileLock

        folder = private_folder(private_folder(self._folder) / "locks")
        path = folder / f"{sha256(name.encode()).hexdigest()[:32]}.lock"
        return self._locks.setdefault(name, FileLock(path, preserve_lock_file=True, fallback_to_soft=False))


def _name(workspace: str, channel: str, account: str) -> str:
    """Return an entry's name: neither a workspace's id nor a channel's name has a slash."""
    return f"{workspace}/{channel}/{account}"


def _read(kept: str) -> Secret:
    return Secret.model_validate_json(kept)


def _add(channel: str) -> str:
    return f"greenroom channels add {channel}"


def _unreachable(of: Connection, closed: VaultClosed) -> NoReturn:
    raise NotConnected(f"The secret of {of.account} on {of.channel} can't be read: {closed.message}", closed.hint)
