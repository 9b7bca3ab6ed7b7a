"""Score a text's voice."""

from typing import TYPE_CHECKING

from core.channels import channel as known_channel
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def voice_score(text: str, channel: str | None = None) -> str:
        """Measure how much a text sounds like the creator.

        channel: where the text is for (bluesky, newsletter, ...): it is held against how they write there, if they
        write differently there. Returns 0 to 100 with its range and reasons; null where too little is known.
        """
        on = known_channel(channel).name if channel else None
        score = hand.context.memory.voice.score(hand.workspace, text, channel=on)
        return as_json(score.model_dump(mode="json"))

    return voice_score
