"""Revise a waiting draft."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def revise(proposal_id: str, wish: str) -> str:
        """Make a new version of a waiting draft by a wish such as "shorter".

        The new version takes the old one's place and waits for a person, as the old one did.
        """
        return as_json(card(hand.revise(proposal_id, wish)))

    return revise
