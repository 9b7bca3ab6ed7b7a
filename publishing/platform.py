"""The one vocabulary between the dispatcher and every platform."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from pydantic import Field

from core.base import Noun
from core.canonical import sha256
from core.decisions import Decision
from core.errors import NotAllowed, Rejected, Unknown
from core.proposals import Proposal
from core.publications import Delivery, Publication
from core.works import Workspace

Keep = Callable[[Mapping[str, Any]], None]
"""Saves a handle (an upload's id, a container) at once, so that a crash doesn't lose it."""


Idempotency = Literal["K", "H", "D", "N"]
"""K: a key that the client chooses; H: a handle with a readable status; D: the platform refuses what is identical;
N: nothing tells a repeat from a new post, so a person decides."""


class Approved(Noun):
    """A publication with the approval that releases it. Only `approval.check` makes these."""

    publication: Publication
    proposal: Proposal
    decision: Decision
    workspace: Workspace

    @property
    def post(self) -> dict[str, Any]:
        """What this publication is of: the payload, or its part of a thread."""
        return post_of(self.proposal.payload, self.publication.part)

    @property
    def stable(self) -> str:
        """64 hex digits that stand for this post for ever: the same for every attempt, and after a restore from a
        backup, and if the same proposal is approved anew. Every key is made of it."""
        return sha256(["post", self.proposal.workspace, self.proposal.id, self.publication.part])


def post_of(payload: Mapping[str, Any], part: int) -> dict[str, Any]:
    """Return one post of a payload: its part of a thread, or the payload itself."""
    parts = payload.get("parts")
    return dict(parts[part - 1]) if parts else dict(payload)


class Seen(Noun):
    """What a platform says of a connected account when it is tested: nothing was sent."""

    account: str  # as the platform names it
    facts: dict[str, Any] = Field(
        default_factory=dict
    )  # limits, the account's own id: kept beside the connection, never secret
    notes: tuple[str, ...] = ()  # for a person: "the token ends on 3 March"


class AlreadyThere(Rejected):
    """Refused as a repeat of the account's own post, which the platform names: after an unclear ending that is proof.

    Only for a post that may be this one: an older one that says the same is a plain Rejected.
    """

    def __init__(self, message: str, first: Delivery) -> None:
        super().__init__(message)
        self.first = first


class OnlyARepeatTells(Unknown):
    """From `look`: nothing can be read there, but the platform refuses a repeat and names the first (class D)."""


class GoesOn(Unknown):
    """From `look`: some of it is out, and the rest can be sent without sending anything twice."""


class Platform(Protocol):
    """One channel's sender. It never retries by itself and never decides whether something may go.

    A send may start until `send_within` after arming; `settle` is how long after that something may still turn up:
    HTTP timeout + late-commit bound + read lag. `evidence`: where `look` reads, at the platform or in our own database
    (which a restore from a backup sets back, so that it proves nothing then).
    """

    name: str
    idempotency: Idempotency
    send_within: timedelta
    settle: timedelta
    evidence: Literal["remote", "own"]

    def ready(self, workspace: str, account: str) -> bool:
        """Say whether there is something to send with, without asking the network."""
        ...

    def idempotency_of(self, publication: Publication) -> Idempotency:
        """Return the class of this account, where accounts of one platform differ; else `idempotency`."""
        ...

    def key(self, approved: Approved) -> str:
        """Return the idempotency key or handle, made of `approved.stable`: the same for every attempt."""
        ...

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Upload what the post needs: invisible to the audience, repeatable; reuse `publication.handles`."""
        ...

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return what the platform sends beside the payload, as plain JSON values: it is frozen with it at arming.

        Nothing secret: `send` looks credentials up at the moment it needs them.
        """
        ...

    def faithful(self, approved: Approved, request: Mapping[str, Any]) -> bool:
        """Say whether what is frozen beside the payload shows an audience what was approved, and nothing else.

        Asked right before `send`: the frozen request lies in a row, and a row is not what a person approved.
        """
        ...

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Send once. `request` holds `payload` (as approved), `part`, `key`, `workspace`, `channel`, `account`,
        `publication` (its id), and what `request()` added.

        Raises Rejected for a definite no (AlreadyThere for a repeat that was recognised), NotConnected for no valid
        credentials, TryLater for a definite "not now"; all only where it is certain that nothing left. Else Unknown.
        """
        ...

    def look(self, publication: Publication) -> Delivery | None:
        """Read back whether it is live; None means: certainly not. Raises Unknown where that can't be read, and
        OnlyARepeatTells where it never can but a byte-identical repeat is refused by the platform itself."""
        ...

    def delete(self, publication: Publication) -> None:
        """Take a live post down again, because a person asked. Raises NotAllowed where the platform can't."""
        ...

    def test(self, workspace: str, account: str) -> Seen:
        """Try the credentials without sending anything. Raises NotConnected with what to do."""
        ...

    def refresh(self, workspace: Workspace) -> None:
        """Bring what is derived from deliveries (an index, feeds) up to date: repeatable, cheap when nothing is due."""
        ...


class Sender:
    """What most platforms answer to the questions that few of them have an answer of their own to."""

    name = ""
    idempotency: Idempotency = "N"
    evidence: Literal["remote", "own"] = "remote"

    def idempotency_of(self, publication: Publication) -> Idempotency:
        """Return the platform's own class."""
        return self.idempotency

    def ready(self, workspace: str, account: str) -> bool:
        """Nothing is needed."""
        return True

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Nothing has to be there before the post."""

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Nothing goes beside the payload."""
        return {}

    def faithful(self, approved: Approved, request: Mapping[str, Any]) -> bool:
        """Whatever an audience sees is read from the payload itself when it is sent."""
        return True

    def delete(self, publication: Publication) -> None:
        """Say that a person has to do it there."""
        raise NotAllowed(
            f"Greenroom can't take a post down from {self.name}.", f"Delete it there yourself: {publication.url}"
        )

    def test(self, workspace: str, account: str) -> Seen:
        """There is nothing to test."""
        return Seen(account=account)

    def refresh(self, workspace: Workspace) -> None:
        """Nothing is derived."""
