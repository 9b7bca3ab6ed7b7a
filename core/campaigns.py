"""A campaign's shape: a teaser, the launch, a reminder, each a brief of its own around one moment."""

from datetime import datetime, timedelta
from typing import Literal, get_args

from core.base import Instant, Noun
from core.errors import BadInput
from core.proposed_times import Aim, said
from core.wall_time import to_wall

Phase = Literal["teaser", "launch", "reminder"]
PHASES: tuple[Phase, ...] = get_args(Phase)

BEFORE = timedelta(days=2)
"""How long before the launch its teaser is meant to go out, at the earliest."""

NOT_SO_NEAR = timedelta(hours=6)
"""A teaser nearer to the launch than this takes its place."""

AFTER = timedelta(hours=36)
"""How long after the launch its reminder is meant to go out, at the earliest."""

NOT_SO_LATE = timedelta(days=5)


class CampaignPart(Noun):
    """Which part of a campaign a brief is."""

    id: str  # the campaign's: its briefs share it
    phase: Phase
    launch: Instant

    @property
    def not_before(self) -> datetime | None:
        """The launch and what comes after it are kept back until the launch; a teaser is not."""
        return None if self.phase == "teaser" else self.launch

    def aim(self, zone: str) -> Aim:
        """Return around when this part is to go out."""
        when = said(to_wall(self.launch, zone))
        if self.phase == "teaser":
            words = f"the teaser, before the launch on {when}"
            return Aim(self.launch - BEFORE, self.launch - NOT_SO_NEAR, words=words)
        if self.phase == "reminder":
            words = f"the reminder, after the launch on {when}"
            return Aim(self.launch + AFTER, self.launch + NOT_SO_LATE, words=words)
        return Aim(self.launch, exactly=True, words="the launch")


def phases(launch: datetime, now: datetime) -> tuple[Phase, ...]:
    """Return the parts that still have time; BadInput for a launch that is past."""
    if launch <= now:
        raise BadInput("The launch lies in the past.", "Give a later one: --campaign launch=WHEN")
    return PHASES if launch - NOT_SO_NEAR > now + timedelta(hours=1) else ("launch", "reminder")
