"""A campaign: teaser, launch, reminder. Each is a brief of its own, and each post waits for its own approval."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.starting import Wished, brief_of, material_of
from core.campaigns import CampaignPart, Phase, phases
from core.errors import WrongUse
from core.ids import new_id
from core.policy import policy_of

if TYPE_CHECKING:
    from app.briefing import Progress
    from app.results import BriefResult
    from app.studio import Studio


@dataclass(frozen=True)
class Campaign:
    """What a campaign came to: one brief for each part that still had time."""

    id: str
    launch: datetime
    parts: "dict[Phase, BriefResult]"

    def as_json(self) -> dict[str, Any]:
        """Return the object that `brief --campaign` prints: the launch's, with all parts' proposals and calls."""
        told = {phase: result.as_json() for phase, result in self.parts.items()}
        usage = [each["usage"] for each in told.values()]
        return {
            **told["launch"],
            "proposals": [proposal for each in told.values() for proposal in each["proposals"]],
            "usage": {name: _sum([each[name] for each in usage]) for name in usage[0]},
            "seconds": round(sum(each["seconds"] for each in told.values()), 3),
            "notices": list(dict.fromkeys(notice for each in told.values() for notice in each["notices"])),
            "campaign": {
                "id": self.id,
                "launch": self.launch.isoformat(),
                "briefs": {phase: each["brief_id"] for phase, each in told.items()},
            },
        }


def start_campaign(
    studio: "Studio", ask: str, wished: Wished, launch: datetime, progress: "Progress | None" = None
) -> Campaign:
    """Take the parts of a campaign through the agent; the source is read once.

    The launch and the reminder are under an embargo until the launch. Raises BadInput for a launch that is past,
    WrongUse where one time is given for all parts.
    """
    if isinstance(wished.get("when"), datetime):
        raise WrongUse("The parts of a campaign go out at different times.", "Leave --at out, or give: --at auto")
    made, space = new_id("c"), studio.workspace
    material = material_of(studio, wished)
    locale = (wished.get("locales") or (space.locale,))[0]
    zone = policy_of(space).timing.zone_for("", locale, space.timezone)
    order = phases(launch, studio.clock())
    briefs = {}
    for phase in order:
        part = CampaignPart(id=made, phase=phase, launch=launch)
        briefs[phase] = brief_of(studio, part.told(ask, zone, locale), wished | {"campaign": part}, material)
    # the launch first: its time is given, and the others keep away from it
    done = {phase: studio.briefing.start(briefs[phase], progress) for phase in sorted(order, key=_after_the_launch)}
    return Campaign(made, launch, {phase: done[phase] for phase in order})


def _after_the_launch(phase: Phase) -> int:
    return ("launch", "teaser", "reminder").index(phase)


def _sum(values: list[Any]) -> Any:
    return sum(values) if all(isinstance(each, int | float) for each in values) else values[0]
