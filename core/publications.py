"""One approved proposal on its way out: the state machine of the outbox."""

from typing import Any, Literal

from pydantic import Field

from core.base import Instant, Noun

PublicationState = Literal[
    "scheduled",
    "preparing",
    "armed",
    "published",
    "rejected",
    "unknown",
    "reconciling",
    "needs_human",
    "cancelled",
    "missed",
    "paused_auth",
    "paused_quota",
    "deleted",
]

TRANSITIONS: dict[str, frozenset[str]] = {
    "scheduled": frozenset({"preparing", "cancelled", "missed", "paused_auth", "paused_quota", "needs_human"}),
    "preparing": frozenset(
        {"preparing", "armed", "scheduled", "cancelled", "missed", "paused_auth", "paused_quota", "needs_human"}
    ),
    # needs_human: the sender itself refused; paused: a definite "not now" to the first attempt, so nothing left
    "armed": frozenset({"published", "rejected", "unknown", "needs_human", "paused_auth", "paused_quota"}),
    "unknown": frozenset({"reconciling"}),
    "reconciling": frozenset({"published", "armed", "needs_human", "unknown"}),
    "needs_human": frozenset({"scheduled", "published", "cancelled", "reconciling"}),
    "missed": frozenset({"scheduled", "cancelled"}),
    "paused_auth": frozenset({"scheduled", "cancelled"}),
    "paused_quota": frozenset({"scheduled", "cancelled"}),
    "rejected": frozenset({"scheduled", "cancelled"}),
    "published": frozenset({"deleted"}),
    "cancelled": frozenset(),
    "deleted": frozenset(),
}
"""Where a publication may go from each state. `armed` can't be cancelled: by then it may have left.
`deleted`: a person had it taken down again afterwards."""


class Publication(Noun):
    """One row of the outbox: an approved post, or one part of an approved thread. `request` is frozen at arming."""

    id: str
    workspace: str
    proposal_id: str
    decision_id: str
    channel: str
    account: str
    sha: str  # the hash that was approved
    part: int = Field(default=1, ge=1)  # which post of a thread: each is a row of its own, so partial success shows
    parts: int = Field(default=1, ge=1)
    root_id: str | None = None  # the first part's publication; None for the first part
    state: PublicationState = "scheduled"
    due_at: Instant
    not_before: Instant | None = None  # a quota, a minimum gap or the platform itself says: not yet
    wall_time: str = ""  # what the person saw: "2026-11-24 08:30"
    zone: str = "UTC"  # IANA
    grace_minutes: int | None = None
    epoch: int = 0  # grows with every claim; an older epoch may not write
    lease_until: Instant | None = None
    worker: str | None = None
    key: str | None = None  # the idempotency key or handle, chosen before the send
    handles: dict[str, Any] = Field(default_factory=dict)  # invisible, repeatable preparations: uploads, containers
    request: dict[str, Any] | None = None  # the frozen request
    send_deadline: Instant | None = None
    attempts: int = 0
    remote_id: str | None = None
    url: str | None = None
    published_at: Instant | None = None
    reason: str = ""  # why it waits or failed, for a person
    created_at: Instant
    updated_at: Instant


class Delivery(Noun):
    """A platform's own word that something is live. Without a remote id nothing counts as published."""

    remote_id: str
    url: str
    at: Instant
    note: str = ""  # for a person: it is live, but something about it is not as it should be


def may_go(old: str, new: str) -> bool:
    """Say whether the state machine allows this step."""
    return new in TRANSITIONS[old]
