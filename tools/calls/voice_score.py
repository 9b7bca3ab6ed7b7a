"""Score a text's voice."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def voice_score(text: str) -> str:
        """Measure how much a text sounds like the creator.

        Returns 0 to 100 with its range and reasons; null where too little is known.
        """
        return as_json(hand.context.memory.voice.score(hand.workspace, text).model_dump(mode="json"))

    return voice_score
