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

    @property
    def turn(self) -> int:
        """By how many angles it stands apart from the launch, so that no two parts are told alike."""
        return ("launch", "teaser", "reminder").index(self.phase)

    def day(self, zone: str) -> str:
        """Return the launch's day as a post would say it: "Tuesday 1 December"."""
        wall = to_wall(self.launch, zone)
        return f"{wall:%A} {wall.day} {wall:%B}"

    def told(self, ask: str, zone: str, locale: str) -> str:
        """Return the ask of this part: with the day, where it is in English; a model is told the part in any case."""
        if self.phase == "launch" or locale.partition("-")[0].lower() != "en":
            return ask
        core = ask.strip()
        end = "" if not core or core[-1] in '.!?…”"' else "."
        return f"{core}{end} {'Coming on' if self.phase == 'teaser' else 'Out since'} {self.day(zone)}.".strip()

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


def read_campaign(said: str) -> str:
    """Return the words for the launch's time in `launch=WHEN`. BadInput for anything else."""
    key, _, when = said.partition("=")
    if key.strip().lower() != "launch" or not when.strip():
        raise BadInput(f"{said!r} is no campaign.", "Write it as: --campaign 'launch=1 December 9:00'")
    return when.strip()


def phases(launch: datetime, now: datetime) -> tuple[Phase, ...]:
    """Return the parts that still have time; BadInput for a launch that is past."""
    if launch <= now:
        raise BadInput("The launch lies in the past.", "Give a later one: --campaign launch=WHEN")
    return PHASES if launch - NOT_SO_NEAR > now + timedelta(hours=1) else ("launch", "reminder")
