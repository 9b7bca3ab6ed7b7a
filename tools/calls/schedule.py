"""Propose a time."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand, as_json
from tools.schedule import propose_time

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def schedule(proposal_id: str) -> str:
        """Propose when a draft should go out, with the reason. It books nothing."""
        proposal = hand.proposal(proposal_id)
        at, reason = propose_time(hand.context, hand.workspace, proposal.channel)
        return as_json({"id": proposal.id, "suggested_at": at.isoformat(), "reason": reason})

    return schedule
