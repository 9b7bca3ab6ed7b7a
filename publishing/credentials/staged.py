"""Credentials that are tried before they are kept: a test that fails leaves what was there as it was."""

from collections.abc import Mapping
from typing import Any

from core.errors import NotConnected
from publishing.credentials.port import Refresh, Secret


class Staged:
    """The credentials of one account, given and not kept. No other account has any here."""

    def __init__(self, workspace: str, channel: str, account: str, secret: Secret, settings: Mapping[str, Any]) -> None:
        self._of = (workspace, channel, account)
        self._settings = settings
        self.secret = secret

    def has(self, workspace: str, channel: str, account: str) -> bool:
        """Say whether it is this account."""
        return (workspace, channel, account) == self._of

    def get(self, workspace: str, channel: str, account: str) -> Secret:
        """Return the secret as the test has left it. Raises NotConnected for another account."""
        if not self.has(workspace, channel, account):
            raise NotConnected(f"{account} on {channel} is not the account that is being connected.")
        return self.secret

    def settings(self, workspace: str, channel: str, account: str) -> Mapping[str, Any]:
        """Return what was given that is not secret."""
        self.get(workspace, channel, account)
        return self._settings

    def facts(self, workspace: str, channel: str, account: str) -> dict[str, Any]:
        """Nothing is known yet."""
        return {}

    def keep(self, workspace: str, channel: str, account: str, secret: Secret) -> None:
        """Take over what a login gave, such as a session."""
        self.secret = self.get(workspace, channel, account).merged(secret)

    def fresh(
        self, workspace: str, channel: str, account: str, refresh: Refresh, *, stale: Secret | None = None
    ) -> Secret:
        """Refresh it: what comes of that is kept with it, since the token that was given may be used up."""
        self.secret = self.get(workspace, channel, account).merged(refresh(self.secret))
        return self.secret
