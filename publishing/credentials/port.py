"""What a sender asks for credentials with, whatever keeps them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import ConfigDict

from core.base import Noun


class Secret(Noun):
    """One account's credentials. Printing one shows nothing, and neither does an error about a bad one."""

    model_config = ConfigDict(hide_input_in_errors=True)

    values: dict[str, str]  # what the platform's file says it needs: a password, tokens, a signing key
    expires_at: datetime | None = None  # an access token's end, aware; None: not known or never

    def __repr__(self) -> str:
        return f"Secret({', '.join(sorted(self.values))})"

    __str__ = __repr__

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        return [(None, name) for name in sorted(self.values)]

    def merged(self, new: "Secret") -> "Secret":
        """Return this secret with what `new` has: an empty or missing value never takes the place of one."""
        given = {name: value for name, value in new.values.items() if value}
        changed = any(self.values.get(name) != value for name, value in given.items())
        expires_at = new.expires_at if changed else new.expires_at or self.expires_at
        return Secret(values=self.values | given, expires_at=expires_at)

    def scrubbed(self, words: str) -> str:
        """Return words in which no value of this secret is left, such as a platform's answer that quotes one."""
        for value in sorted(self.values.values(), key=len, reverse=True):
            if len(value) >= _WORTH_HIDING:
                words = words.replace(value, "…")
        return words


_WORTH_HIDING = 4  # what is shorter stands in ordinary words, which would be torn

Refresh = Callable[[Secret], Secret]
"""Asks the platform for new tokens. Raises NotConnected only for `invalid_grant`, Unknown for anything else."""


class Credentials(Protocol):
    """Credentials by (workspace, channel, account)."""

    def has(self, workspace: str, channel: str, account: str) -> bool:
        """Say whether the account is connected and its secret is there."""
        ...

    def get(self, workspace: str, channel: str, account: str) -> Secret:
        """Return an account's secret. Raises NotConnected with the command that connects it."""
        ...

    def settings(self, workspace: str, channel: str, account: str) -> Mapping[str, Any]:
        """Return what is not secret of the connection: the service's address and the like. Raises NotConnected."""
        ...

    def facts(self, workspace: str, channel: str, account: str) -> dict[str, Any]:
        """Return what the platform said of itself: limits, its own id for the account."""
        ...

    def keep(self, workspace: str, channel: str, account: str, secret: Secret) -> None:
        """Keep a changed secret (a new session). An empty value never takes the place of one that is there."""
        ...

    def fresh(
        self, workspace: str, channel: str, account: str, refresh: Refresh, *, stale: Secret | None = None
    ) -> Secret:
        """Return a secret that is still good, refreshed under a lock that all processes respect.

        `stale`: the one that the platform just refused; if another process has refreshed it meanwhile, that one's is
        returned and nothing is asked twice. Only NotConnected (`invalid_grant`) disconnects the account.
        """
        ...
