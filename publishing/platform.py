"""The one vocabulary between the dispatcher and every platform."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from core.base import Noun
from core.decisions import Decision
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


class Platform(Protocol):
    """One channel's sender. It never retries by itself and never decides whether something may go.

    A send may start until `send_within` after arming; `settle` is how long after that
    something may still turn up: HTTP timeout + late-commit bound + read lag.
    """

    name: str
    idempotency: Idempotency
    send_within: timedelta
    settle: timedelta

    def key(self, approved: Approved) -> str:
        """Return the idempotency key or handle, the same for every attempt of one publication."""
        ...

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Upload what the post needs: invisible to the audience, repeatable; reuse `publication.handles`."""
        ...

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return what the platform sends beside the payload, as plain JSON values: it is frozen with it at arming."""
        ...

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Send once: `request["payload"]` is the approved payload, `request["key"]` the key, the rest `request()`'s.

        Raises Rejected for a definite no, NotConnected for no valid credentials, else Unknown.
        """
        ...

    def look(self, publication: Publication) -> Delivery | None:
        """Read back whether it is live; None means: certainly not. Raises Unknown where that can't be read."""
        ...

    def refresh(self, workspace: Workspace) -> None:
        """Bring what is derived from deliveries (an index, feeds) up to date: repeatable, cheap when nothing is due."""
        ...
