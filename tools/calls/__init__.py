"""What the model may call in a conversation: an explicit list, one file each. A call may propose; none decides."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

__all__ = ["Hand", "build"]


def build(hand: Hand) -> list["BaseTool"]:
    """Return every tool of the conversation, bound to one workspace."""
    from tools.calls import (
        angles,
        assist,
        brief,
        calendar,
        check,
        explain,
        localize,
        pending,
        recall,
        revise,
        said,
        schedule,
        show,
        tag,
        usage,
        voice_score,
    )

    return [
        recall.tool(hand),
        said.tool(hand),
        angles.tool(hand),
        brief.tool(hand),
        pending.tool(hand),
        show.tool(hand),
        explain.tool(hand),
        revise.tool(hand),
        check.tool(hand),
        assist.tool(hand),
        tag.tool(hand),
        localize.tool(hand),
        schedule.tool(hand),
        calendar.tool(hand),
        voice_score.tool(hand),
        usage.tool(hand),
    ]
