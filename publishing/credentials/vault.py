"""Which accounts are connected, and their secrets. (The credentials helper replaces this file's first, empty form.)"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import NotConnected
from memory import Memory
from publishing.credentials.port import Credentials, Refresh, Secret


def open_credentials(memory: Memory, home: Path, *, clock: Callable[[], datetime]) -> Credentials:
    """Return the credentials of this home."""
    return NoCredentials()


class NoCredentials:
    """No account is connected."""

    def has(self, workspace: str, channel: str, account: str) -> bool:
        """Never."""
        return False

    def get(self, workspace: str, channel: str, account: str) -> Secret:
        """Raise NotConnected."""
        raise NotConnected(f"{account} on {channel} is not connected.", f"Connect it: greenroom channels add {channel}")

    def settings(self, workspace: str, channel: str, account: str) -> dict[str, Any]:
        """Raise NotConnected."""
        raise NotConnected(f"{account} on {channel} is not connected.", f"Connect it: greenroom channels add {channel}")

    def facts(self, workspace: str, channel: str, account: str) -> dict[str, Any]:
        """Nothing is known."""
        return {}

    def keep(self, workspace: str, channel: str, account: str, secret: Secret) -> None:
        """There is nowhere to keep it."""
        self.get(workspace, channel, account)

    def fresh(
        self, workspace: str, channel: str, account: str, refresh: Refresh, *, stale: Secret | None = None
    ) -> Secret:
        """Raise NotConnected."""
        return self.get(workspace, channel, account)
