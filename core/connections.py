"""Accounts that are connected. What is secret of one is never here: the vault keeps it."""

from typing import Any, Literal

from pydantic import Field

from core.base import Instant, Noun

ConnectionState = Literal["connected", "disconnected"]


class Connection(Noun):
    """One account on one channel. `disconnected`: its credentials ended, and only a person can give new ones."""

    workspace: str
    channel: str
    account: str  # as the audience sees it
    settings: dict[str, Any] = Field(default_factory=dict)  # the service's address and the like: nothing secret
    facts: dict[str, Any] = Field(default_factory=dict)  # what the platform said of itself and of the account
    state: ConnectionState = "connected"
    reason: str = ""  # why it is disconnected, for a person
    connected_at: Instant
    checked_at: Instant | None = None  # when a test last passed
