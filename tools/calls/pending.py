"""List what waits."""

from typing import TYPE_CHECKING

from core.base import Noun
from core.proposals import OPEN_STATES
from tools.calls.hand import Card, Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


MOST = 50
"""How many are told: a conversation is no list, and a model reads no more."""


class Result(Noun):
    """What waits, oldest first; `more`: how many wait beside these."""

    proposals: tuple[Card, ...] = ()
    more: int = 0


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def pending() -> str:
        """List the proposals that wait for the person's decision, oldest first."""
        memory = hand.context.memory
        waiting = memory.proposals.list(hand.workspace, states=OPEN_STATES, limit=MOST)
        states, _ = memory.board_rows.counts(hand.workspace)
        more = sum(states.get(state, 0) for state in OPEN_STATES) - len(waiting)
        return as_json(Result(proposals=tuple(map(card, waiting)), more=max(more, 0)))

    return pending
