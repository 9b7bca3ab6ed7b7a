"""Show one proposal."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def show(proposal_id: str) -> str:
        """Show one proposal: its exact text, state, findings and what it leans on."""
        proposal = hand.proposal(proposal_id)
        receipts = [{"title": r.title, "quote": r.quote} for r in proposal.receipts]
        return as_json({**card(proposal), "receipts": receipts})

    return show
