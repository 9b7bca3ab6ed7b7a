"""Revise a waiting draft."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from tools.calls.hand import Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Arguments(BaseModel):
    """What the tool takes."""

    proposal_id: str = Field(description="the draft's id")
    wish: str = Field(min_length=1, description="what is to be different, in the person's own words")


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def revise(proposal_id: str, wish: str) -> str:
        """Make a new version of a waiting draft by a wish such as "shorter".

        The new version takes the old one's place and waits for a person, as the old one did.
        """
        return as_json(card(hand.revise(proposal_id, wish)))

    return revise
