"""Tag a text."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand, as_json
from tools.tag import tag as tag_text

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def tag(text: str) -> str:
        """Suggest tags for a text: the creator's own (source "own") first, then phrases of the text ("keyphrase")."""
        tags = tag_text(hand.context, hand.workspace, text)
        return as_json({"tags": [{"tag": t.tag, "score": t.score, "source": t.source} for t in tags]})

    return tag
