"""Show one proposal."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.base import Noun
from tools.calls.hand import Card, Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Arguments(BaseModel):
    """What the tool takes."""

    proposal_id: str = Field(description="the draft's id")


class Rests(Noun):
    """A past piece that it leans on, and the words."""

    title: str
    quote: str


class Result(Card):
    """A card with what it leans on."""

    receipts: tuple[Rests, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def show(proposal_id: str) -> str:
        """Show one proposal: its exact text, state, findings and what it leans on."""
        proposal = hand.proposal(proposal_id)
        receipts = tuple(Rests(title=each.title, quote=each.quote) for each in proposal.receipts)
        return as_json(Result(**dict(card(proposal)), receipts=receipts))

    return show
