"""What waits for a person: the exact wire payload of one channel, and the hash of everything an approval covers."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from core.base import Instant, Noun
from core.canonical import instant, sha256
from core.drafts import Finding, Receipt, Variation, VoiceScore

State = Literal[
    "drafting", "waiting", "approved", "rejected", "held", "stale", "superseded", "scheduled", "live", "failed"
]

MARKS: dict[str, tuple[str, str, str]] = {
    # state: colour, shape, a character for the terminal
    "drafting": ("grey", "dashed-circle", "◌"),
    "waiting": ("amber", "triangle", "△"),
    "approved": ("green", "disc-tick", "✔"),
    "rejected": ("red", "octagon", "✖"),
    "stale": ("red", "octagon", "✖"),
    "superseded": ("grey", "dashed-circle", "↷"),
    "held": ("blue", "square-bars", "⏸"),
    "scheduled": ("green", "clock", "◷"),
    "live": ("green", "play", "▶"),
    "failed": ("red", "octagon", "✖"),
}
"""State is shape AND colour AND word, everywhere the same."""

OPEN_STATES: tuple[State, ...] = ("waiting", "held")
"""States in which a decision is still possible."""


class Provenance(Noun):
    """How a proposal came to be."""

    model: str
    prompt_versions: dict[str, str] = Field(default_factory=dict)
    inputs: dict[str, Any] = Field(default_factory=dict)
    varies: Variation | None = None  # what this version differs in from the others of its brief
    created_at: Instant


def envelope(
    *,
    workspace: str,
    channel: str,
    account: str,
    locale: str,
    payload: dict[str, Any],
    at: datetime | None,
    grace_minutes: int | None,
    not_before: datetime | None = None,
) -> dict[str, Any]:
    """Return everything that an approval covers, as the plain value that is hashed.

    `payload` carries text, media digests and disclosure flags; `at` and `grace_minutes` are the window in which it may
    leave (None: on approval); `not_before` is an embargo, which stands in it only where there is one. A suggested time
    stands outside.
    """
    embargo = {"not_before": instant(not_before)} if not_before else {}
    return {
        "v": 1,
        "workspace": workspace,
        "channel": channel,
        "account": account,
        "locale": locale,
        "payload": payload,
        "at": instant(at) if at else None,
        "grace_minutes": grace_minutes if at else None,
        **embargo,
    }


class Proposal(Noun):
    """One row that every door lists and decides: never edited, only decided, superseded or made stale."""

    id: str
    workspace: str
    brief_id: str
    draft_id: str | None
    stage: str = "proposals"  # the stage that waits now: angles, proposals, or one that the policy adds
    stages: tuple[str, ...] = ("proposals",)  # all its stages, in order; the last one releases it
    channel: str
    account: str
    locale: str
    variant: int = 1
    state: State = "waiting"
    payload: dict[str, Any]
    text: str  # what a person reads: the payload's text
    sha: str
    at: Instant | None = None
    grace_minutes: int | None = None
    not_before: Instant | None = None  # an embargo: whatever its time, it may not leave sooner
    suggested_at: Instant | None = None
    suggested_reason: str = ""
    voice: VoiceScore | None = None
    findings: tuple[Finding, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    provenance: Provenance
    supersedes: str | None = None
    superseded_by: str | None = None
    requested_by: str = "owner"
    created_at: Instant
    reason: str = ""  # why it is stale, for a person

    @property
    def colour(self) -> str:
        """The state's colour."""
        return MARKS[self.state][0]

    @property
    def shape(self) -> str:
        """The state's shape."""
        return MARKS[self.state][1]

    def recomputed_sha(self) -> str:
        """Return the hash of what this row holds now; equal to `sha` unless somebody tampered with the row."""
        return sha256(
            envelope(
                workspace=self.workspace,
                channel=self.channel,
                account=self.account,
                locale=self.locale,
                payload=self.payload,
                at=self.at,
                grace_minutes=self.grace_minutes,
                not_before=self.not_before,
            )
        )

    def as_json(self) -> dict[str, Any]:
        """Return the object that every door shows (`commands.md`: Proposal)."""
        return {**self.model_dump(mode="json"), "colour": self.colour, "shape": self.shape}
