"""Credentials that a test hands in: the whole face, kept in a dict."""

from collections.abc import Mapping
from typing import Any

from core.errors import NotConnected
from publishing.credentials.port import Refresh, Secret

Key = tuple[str, str, str]


class GivenCredentials:
    """Connected accounts by (workspace, channel, account)."""

    def __init__(self) -> None:
        self.secrets: dict[Key, Secret] = {}
        self.connections: dict[Key, dict[str, Any]] = {}
        self.known: dict[Key, dict[str, Any]] = {}

    def connect(
        self,
        workspace: str,
        channel: str,
        account: str,
        *,
        settings: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
        **values: str,
    ) -> None:
        key = (workspace, channel, account)
        self.secrets[key] = Secret(values=values)
        self.connections[key] = dict(settings or {})
        self.known[key] = dict(facts or {})

    def has(self, workspace: str, channel: str, account: str) -> bool:
        return (workspace, channel, account) in self.secrets

    def get(self, workspace: str, channel: str, account: str) -> Secret:
        try:
            return self.secrets[workspace, channel, account]
        except KeyError:
            raise NotConnected(f"{account} on {channel} is not connected.") from None

    def settings(self, workspace: str, channel: str, account: str) -> Mapping[str, Any]:
        self.get(workspace, channel, account)
        return self.connections[workspace, channel, account]

    def facts(self, workspace: str, channel: str, account: str) -> dict[str, Any]:
        return self.known.get((workspace, channel, account), {})

    def keep(self, workspace: str, channel: str, account: str, secret: Secret) -> None:
        old = self.secrets.get((workspace, channel, account))
        kept = {**(old.values if old else {}), **{name: value for name, value in secret.values.items() if value}}
        self.secrets[workspace, channel, account] = secret.model_copy(update={"values": kept})

    def fresh(
        self, workspace: str, channel: str, account: str, refresh: Refresh, *, stale: Secret | None = None
    ) -> Secret:
        now = self.get(workspace, channel, account)
        if stale is not None and now.values != stale.values:
            return now
        self.keep(workspace, channel, account, refresh(now))
        return self.get(workspace, channel, account)
