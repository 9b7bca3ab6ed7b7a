"""What the tools of a conversation hold: one workspace, and the two ways to make a proposal."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from core.base import Instant, Noun
from core.drafts import Dimension
from core.proposals import Proposal
from tools.context import Context


class Start(Protocol):
    """Starts a brief and returns what it came to."""

    def __call__(
        self,
        ask: str,
        *,
        source: str | None,
        channels: Sequence[str] | None,
        locales: Sequence[str] | None,
        variants: int,
        vary: Dimension | None = None,
        stop_at: Literal["angles"] | None = None,
    ) -> tuple[list[Proposal], list[str]]:
        """Return the proposals that wait now, and notices on what could not be done."""


@dataclass(frozen=True)
class Hand:
    """One conversation's reach. There is no way from here to a decision or to a sender."""

    context: Context
    workspace: str
    start: Start
    revise: Callable[[str, str], Proposal]  # (proposal id, wish) -> the new version, which waits

    def proposal(self, proposal_id: str) -> Proposal:
        """Return one of this workspace's proposals."""
        return self.context.memory.proposals.get(self.workspace, proposal_id)

    def text(self, text: str, proposal_id: str | None) -> str:
        """Return the text that a tool is asked about: what was written, or what a draft says."""
        return self.proposal(proposal_id).text if proposal_id else text


class Card(Noun):
    """A proposal in the few words that a conversation needs."""

    id: str
    channel: str
    locale: str
    state: str
    text: str
    model: str  # what worded it
    suggested_at: Instant | None = None
    findings: tuple[str, ...] = ()


def as_json(value: Any) -> str:
    """Return a tool's result as the JSON text that a model reads."""
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return json.dumps(value, ensure_ascii=False, default=str)


def card(proposal: Proposal) -> Card:
    """Return a proposal's card."""
    return Card(
        id=proposal.id,
        channel=proposal.channel,
        locale=proposal.locale,
        state=proposal.state,
        text=proposal.text,
        model=proposal.provenance.model,
        suggested_at=proposal.suggested_at,
        findings=tuple(finding.message for finding in proposal.findings if finding.severity != "note"),
    )
