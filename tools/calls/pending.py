"""List what waits."""

from typing import TYPE_CHECKING

from core.base import Noun
from core.proposals import OPEN_STATES
from tools.calls.hand import Card, Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Result(Noun):
    """What waits, oldest first."""

    proposals: tuple[Card, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def pending() -> str:
        """List the proposals that wait for the person's decision, oldest first."""
        waiting = hand.context.memory.proposals.list(hand.workspace, states=OPEN_STATES)
        return as_json(Result(proposals=tuple(map(card, waiting))))

    return pending
