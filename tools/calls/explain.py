"""Explain a draft."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def explain(proposal_id: str) -> str:
        """Explain why a draft reads as it does.

        Returns the past works it leans on, its voice score, findings, model and proposed time.
        """
        proposal = hand.proposal(proposal_id)
        return as_json(
            {
                "id": proposal.id,
                "leans_on": [{"title": r.title, "quote": r.quote, "origin": r.origin} for r in proposal.receipts],
                "voice": proposal.voice.model_dump(mode="json") if proposal.voice else None,
                "findings": [{"rule": f.rule, "message": f.message} for f in proposal.findings],
                "model": proposal.provenance.model,
                "suggested_at": proposal.suggested_at,
                "suggested_reason": proposal.suggested_reason,
            }
        )

    return explain
