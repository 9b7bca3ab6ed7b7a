"""List what waits."""

from typing import TYPE_CHECKING

from core.proposals import OPEN_STATES
from tools.calls.hand import Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def pending() -> str:
        """List the proposals that wait for the person's decision, oldest first."""
        waiting = hand.context.memory.proposals.list(hand.workspace, states=OPEN_STATES)
        return as_json({"proposals": [card(proposal) for proposal in waiting]})

    return pending
