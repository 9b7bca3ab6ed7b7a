"""From what a door was asked for to a brief on its way."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from core.campaigns import CampaignPart
from core.drafts import Dimension

if TYPE_CHECKING:
    from app.briefing import Progress
    from app.results import BriefResult
    from app.sources import Given
    from app.studio import Studio
    from core.briefs import Brief
    from core.drafts import Attached


class Wished(TypedDict, total=False):
    """What may be said of a brief besides its ask."""

    from_: str | None  # a past work's id, a file, an address; in a conversation also the material itself
    images: Sequence[str]
    pictures: "Sequence[Attached]"  # kept already: those that a person dropped in the conversation
    channels: Sequence[str] | None
    locales: Sequence[str] | None
    variants: int
    vary: Dimension | None
    thread: bool
    when: Literal["on_approval", "auto"] | datetime
    not_before: datetime | None  # an embargo: nothing of it leaves sooner
    campaign: CampaignPart | None
    stop_at: Literal["angles"] | None
    by: str | None
    private: bool  # its material goes to no hosted model
    said_by_a_model: bool


def start(studio: "Studio", ask: str, wished: Wished, progress: "Progress | None" = None) -> "BriefResult":
    """Take a brief through the agent until proposals wait."""
    return studio.briefing.start(brief_of(studio, ask, wished, material_of(studio, wished)), progress)


class Material(NamedTuple):
    """What a brief is made from: its source, its pictures."""

    source: "Given"
    pictures: "tuple[Attached, ...]"


def material_of(studio: "Studio", wished: Wished) -> Material:
    """Read what is named, once; an address is fetched here."""
    from app.attaching import attach
    from app.sources import read_source
    from core.errors import BadInput

    by_a_model = wished.get("said_by_a_model", False)
    if by_a_model and wished.get("images"):
        raise BadInput("A picture is attached only by a person.", "Use: greenroom brief --image PATH")
    source = read_source(studio.memory, studio.workspace, wished.get("from_"), studio.clock, said_by_a_model=by_a_model)
    named = attach(studio.memory, studio.workspace.id, wished.get("images", ()))
    return Material(source, (*wished.get("pictures", ()), *named))


def brief_of(studio: "Studio", ask: str, wished: Wished, material: Material) -> "Brief":
    """Return the frozen brief; nothing is started yet."""
    from app.briefing import make_brief

    return make_brief(
        studio.crew,
        studio.workspace,
        ask,
        source=material.source,
        pictures=material.pictures,
        channels=wished.get("channels"),
        locales=wished.get("locales"),
        variants=wished.get("variants", 1),
        vary=wished.get("vary"),
        thread=wished.get("thread", False),
        when=wished.get("when", "on_approval"),
        not_before=wished.get("not_before"),
        campaign=wished.get("campaign"),
        stop_at=wished.get("stop_at"),
        by=wished.get("by") or studio.settings.user,
        private=wished.get("private", False),
    )
