"""Find what was said and decided."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.base import Noun
from core.dialogue import RecalledTurn
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

MOST = 10


class Arguments(BaseModel):
    """What the tool takes."""

    query: str = Field(min_length=1, description="what to look for, in words")
    k: int = Field(default=4, description="how many turns, 1 to 10")


class Turn(Noun):
    """One turn, and what was said around it."""

    speaker: str
    text: str
    said_at: str
    kind: str
    proposal_id: str | None = None
    around: tuple[str, ...] = ()


class Result(Noun):
    """The turns, best first."""

    results: tuple[Turn, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def said(query: str, k: int = 4) -> str:
        """Search earlier conversations, and what was approved, rejected, edited or asked to be changed, and why.

        Use it for every question about what was decided, agreed or said to you ("why did I reject …", "what did we
        decide about …"). Returns turns, best first, with who said it, when, the kind (chat, decision, feedback) and
        what was said around it. `k` is how many, 1 to 10.
        """
        found = hand.context.memory.dialogue.recall(hand.workspace, query, k=max(1, min(k, MOST)))
        return as_json(Result(results=tuple(map(_turn, found))))

    return said


def _turn(found: RecalledTurn) -> Turn:
    turn = found.turn
    around = [f"{each.speaker}: {each.text}" for each in found.around if each.number != turn.number]
    return Turn(
        speaker=turn.speaker,
        text=turn.text,
        said_at=turn.said_at.date().isoformat(),
        kind=turn.kind,
        proposal_id=turn.proposal_id,
        around=tuple(around) if turn.kind == "chat" else (),
    )
