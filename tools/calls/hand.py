"""What the tools of a conversation hold: one workspace, and the two ways to make a proposal."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

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


def as_json(value: Any) -> str:
    """Return a tool's result as the JSON text that a model reads."""
    return json.dumps(value, ensure_ascii=False, default=str)


def card(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal in the few words that a conversation needs."""
    return {
        "id": proposal.id,
        "channel": proposal.channel,
        "locale": proposal.locale,
        "state": proposal.state,
        "text": proposal.text,
        "suggested_at": proposal.suggested_at.isoformat() if proposal.suggested_at else None,
        "findings": [finding.message for finding in proposal.findings if finding.severity != "note"],
    }
