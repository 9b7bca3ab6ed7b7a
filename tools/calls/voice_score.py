"""Score a text's voice."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.channels import channel as known_channel
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Arguments(BaseModel):
    """What the tool takes: a text, or a draft's id."""

    text: str = Field(default="", description="the text to score, where it is no draft")
    proposal_id: str | None = Field(default=None, description="a draft's id, instead of a text")
    channel: str | None = Field(default=None, description="against how the creator writes on this channel alone")


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def voice_score(text: str = "", proposal_id: str | None = None, channel: str | None = None) -> str:
        """Measure how much a text sounds like the creator.

        channel: where the text is for (bluesky, newsletter, ...): it is held against how they write there, if they
        write differently there. Returns 0 to 100 with its range and reasons; null where too little is known.
        """
        told = hand.text(text, proposal_id)
        on = known_channel(channel).name if channel else None
        return as_json(hand.context.memory.voice.score(hand.workspace, told, channel=on))

    return voice_score
