"""What model calls may cost: limits, and where they stand."""

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from core.base import Instant, Noun

Scope = Literal["brief", "month", "member"]
Unit = Literal["money", "tokens"]
SCOPES: tuple[Scope, ...] = ("brief", "month", "member")

UNDER_WAY = "under_way"
"""In the details of a stop: what is set aside for other calls, where this one would fit in once they have ended."""

ALERT = 0.8
"""The used share of a budget from which on people are told."""


class Budget(Noun):
    """A limit. `brief`: of each brief; `month`: of a workspace's calendar month; `member`: of one member's month.

    Money is in the home's one currency, as the price table is.
    """

    workspace: str
    scope: Scope
    subject: str = ""  # the member's name
    unit: Unit = "money"
    amount: float
    by: str
    at: Instant


class Errand(Noun):
    """Whose a model call is and what it is for: what is charged, and what may be sent where."""

    workspace: str
    brief_id: str | None = None
    member: str = ""
    stage: str = ""  # plan, draft, revise, localize, chat …
    channel: str = ""  # where the call is for one channel alone
    locale: str = ""
    variant: int = 0
    private: bool = False  # its material must not reach a hosted endpoint
    needs: tuple[str, ...] = ()  # what the endpoint must be able to do: vision, images, structured


class Wanted(Noun):
    """What a call may come to at most. `cost` is None where the endpoint has no price."""

    tokens: int
    cost: float | None = None
    endpoint: str = ""
    free: bool = False  # it costs no money: a model on the own premises without a price, or the rehearsal model


class Standing(Noun):
    """Where a budget stands: what is spent, and what calls under way may still cost."""

    scope: Scope
    subject: str
    unit: Unit
    limit: float  # with what was raised for the one brief
    spent: float
    reserved: float

    @property
    def left(self) -> float:
        """What may still be asked for."""
        return max(0.0, self.limit - self.spent - self.reserved)

    @property
    def share(self) -> float:
        """The used share, from 0; a limit of nothing is used up."""
        return (self.spent + self.reserved) / self.limit if self.limit > 0 else 1.0

    @property
    def alerts(self) -> bool:
        """Whether people should be told that little is left."""
        return self.share >= ALERT

    def holds(self, wanted: Wanted) -> bool:
        """Say whether the call fits in. An endpoint without a price can't be held to a limit in money."""
        asked = wanted.tokens if self.unit == "tokens" else 0.0 if wanted.free else wanted.cost
        return asked is not None and self.spent + self.reserved + asked <= self.limit * (1 + 1e-9)

    def could_hold(self, asked: float) -> bool:
        """Say whether only calls under way are in the way: they are set aside at the most that they can come to."""
        return bool(self.reserved) and self.spent + asked <= self.limit * (1 + 1e-9)


def in_words(amount: float, unit: Unit, currency: str) -> str:
    """Return an amount as people read it."""
    if unit == "tokens":
        return f"{amount:,.0f} tokens"
    return f"{amount:.2f} {currency}" if amount >= 1 or not amount else f"{amount:.4f} {currency}"


def month_start(now: datetime, zone: str) -> datetime:
    """Return when the calendar month began in a zone, in UTC."""
    wall = now.astimezone(ZoneInfo(zone))
    return wall.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
