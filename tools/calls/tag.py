"""Tag a text."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.base import Noun
from tools.calls.hand import Hand, as_json
from tools.tag import tag as tag_text

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Arguments(BaseModel):
    """What the tool takes: a text, or a draft's id."""

    text: str = Field(default="", description="the text to tag, where it is no draft")
    proposal_id: str | None = Field(default=None, description="a draft's id, instead of a text")
    k: int = Field(default=10, ge=1, le=20, description="how many tags")


class Tagged(Noun):
    """One tag: how well it fits (0 to 1 within its source), where it is from, and why it is there."""

    tag: str
    score: float
    source: str
    why: str = ""


class Result(Noun):
    """The tags, the creator's own first."""

    tags: tuple[Tagged, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def tag(text: str = "", proposal_id: str | None = None, k: int = 10) -> str:
        """Suggest tags for a text: the creator's own (source "own") first, then phrases of the text ("keyphrase")."""
        tags = tag_text(hand.context, hand.workspace, hand.text(text, proposal_id), k, for_models=True)
        return as_json(Result(tags=tuple(Tagged(tag=t.tag, score=t.score, source=t.source, why=t.why) for t in tags)))

    return tag
