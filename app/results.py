"""What the studio answers its doors with."""

from dataclasses import dataclass, field
from typing import Any, Literal

from core.decisions import Decision
from core.proposals import Proposal
from core.publications import Publication
from core.usage import UsageTotal


@dataclass(frozen=True)
class ImportReport:
    """What an import came to. `seconds` is wall time, embedding included."""

    imported: int
    updated: int
    unchanged: int
    near_duplicates: int
    failed: list[dict[str, str]]
    works: int
    seconds: float
    without_vector: int = 0  # passages that are found by their words only, until they are indexed
    voided: list[dict[str, str | None]] = field(default_factory=list)  # translations of what was changed
    left_out: list[dict[str, str | int]] = field(default_factory=list)  # {reason, count}: drafts, replies, reposts …
    export: dict[str, Any] | None = None  # of an export that was brought in: what came back, what was stilled


@dataclass(frozen=True)
class BriefResult:
    """What a brief came to: proposals that wait, and what could not be done."""

    brief_id: str
    proposals: list[Proposal]
    usage: UsageTotal
    seconds: float
    notices: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `brief` prints."""
        return {
            "brief_id": self.brief_id,
            "proposals": [proposal.as_json() for proposal in self.proposals],
            "usage": self.usage.model_dump(mode="json"),
            "seconds": round(self.seconds, 3),
            "notices": self.notices,
        }


@dataclass(frozen=True)
class DecideResult:
    """What a decision led to."""

    proposal: Proposal
    decision: Decision
    publication: Publication | None = None
    new_proposal: Proposal | None = None
    brief: BriefResult | None = None  # approved angles: what the brief came to

    def as_json(self) -> dict[str, Any]:
        """Return the object that `decide` prints."""
        kept = ("id", "verb", "by", "at", "sha", "stage", "note")
        decision = self.decision.model_dump(mode="json")
        return {
            "proposal": self.proposal.as_json(),
            "decision": {key: decision[key] for key in kept},
            "publication": self.publication.model_dump(mode="json") if self.publication else None,
            "new_proposal": self.new_proposal.as_json() if self.new_proposal else None,
            "brief": self.brief.as_json() if self.brief else None,
        }


@dataclass(frozen=True)
class ChatEvent:
    """Something a conversation shows: a piece of the answer, a step that began or ended, proposals, a notice."""

    kind: Literal["token", "step", "proposals", "notice", "final"]
    text: str = ""
    name: str = ""  # step: what it is
    done: bool = False  # step: whether it has ended
    proposals: tuple[Proposal, ...] = ()
