"""What model calls cost."""

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from core.base import Instant, Noun
from core.usage import UsageShare, UsageTotal
from memory.usage import shares
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

By = Literal["stage", "brief", "proposal", "endpoint", "month"]
LISTED = 12


class Arguments(BaseModel):
    """What the tool takes."""

    by: By = Field(default="stage", description="what the sum is told by")
    days: int = Field(default=30, ge=1, le=366, description="how many days back")


class Result(Noun):
    """The sum, and its parts, the dearest first. `parts_left_out`: how many more there are."""

    since: Instant
    total: UsageTotal
    by: By
    parts: tuple[UsageShare, ...] = ()
    parts_left_out: int = 0


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def usage(by: By = "stage", days: int = 30) -> str:
        """Tell what model calls cost: their number, tokens and price, by stage, brief, proposal, endpoint or month.

        `cost` is in the home's currency, as far as prices are set; `unpriced` calls have none.
        """
        return as_json(used(hand, by, days))

    return usage


def used(hand: Hand, by: By, days: int) -> Result:
    """Return what the calls of so many days came to."""
    memory = hand.context.memory
    since = hand.context.now() - timedelta(days=days)
    rows = [row for row in memory.usage.list(hand.workspace) if row.at >= since]
    proposals = memory.proposals.list(hand.workspace) if by == "proposal" else []
    parts = shares(rows, by, zone=memory.workspaces.get(hand.workspace).timezone, proposals=proposals)
    total = memory.usage.total(hand.workspace, since=since)
    return Result(
        since=since, total=total, by=by, parts=tuple(parts[:LISTED]), parts_left_out=max(0, len(parts) - LISTED)
    )
