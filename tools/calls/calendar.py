"""Show the calendar."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def calendar() -> str:
        """List what is approved and when it goes out, and what went out lately."""
        rows = hand.context.memory.publications.list(hand.workspace)
        return as_json(
            {
                "publications": [
                    {"channel": p.channel, "state": p.state, "due_at": p.due_at, "url": p.url, "reason": p.reason}
                    for p in rows
                ]
            }
        )

    return calendar
