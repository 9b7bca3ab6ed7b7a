"""What a creator asks for, and what the agent plans to make of it."""

from typing import Literal

from pydantic import Field

from core.base import Instant, Noun
from core.campaigns import CampaignPart
from core.drafts import Attached, Dimension
from core.works import Recalled


class Origin(Noun):
    """Where a brief's material comes from, where that is more than a text: what a draft must say of it."""

    kind: Literal["article", "transcript"]
    url: str | None = None
    authors: tuple[str, ...] = ()
    site: str = ""  # the name of the site, or its host
    published_at: str | None = None  # a day, as the page states it
    license: str | None = None  # as the page states it
    fetched_at: Instant | None = None
    own: bool = True  # False: somebody else's words, to be quoted and credited
    moments: tuple[tuple[int, int], ...] = ()  # a transcript's times: seconds, offset in the source text


class Brief(Noun):
    """One request, as a door built it. It never changes; a new wish is a new brief."""

    id: str
    workspace: str
    ask: str
    source_text: str = ""  # the material to work from: a transcript, an article, a past work's text
    source_title: str = ""
    source_work_id: str | None = None
    origin: Origin | None = None  # of an article or a transcript
    pictures: tuple[Attached, ...] = ()  # as they were given; each channel gets renditions of its own
    channels: tuple[str, ...]
    locales: tuple[str, ...] = ("en",)  # the first one is what drafts are written in, the others are localized
    variants: int = Field(default=1, ge=1, le=5)
    vary: Dimension | None = None  # what its variants differ in, and nothing else; None: each has an angle of its own
    thread: bool = False  # channels that have threads get one
    when: Literal["on_approval", "auto"] | Instant = "on_approval"
    not_before: Instant | None = None  # an embargo: nothing of it leaves sooner
    campaign: CampaignPart | None = None
    stop_at: Literal["angles"] | None = None
    requested_by: str = "owner"
    private: bool = False  # its material goes to no hosted model, whatever happens
    created_at: Instant


class Angle(Noun):
    """One way to tell it, and the past works it leans on."""

    id: str  # a1, a2, a3
    title: str
    premise: str
    work_ids: tuple[str, ...] = ()
    source: str = "model"  # model, rehearsal, person
    kind: Literal["", "remix"] = ""  # a remix crosses two works that are far apart
    distance: float | None = None  # between the two works of a remix: 1 - cosine of their vectors


class Plan(Noun):
    """What was recalled for a brief and the angles that came of it; a new plan supersedes, it never overwrites."""

    brief_id: str
    recalled: tuple[Recalled, ...] = ()
    angles: tuple[Angle, ...] = ()
    chosen: tuple[str, ...] = ()  # angle ids, in the order variants use them
    phase: Literal["recalled", "planned", "chosen"] = "recalled"
    model: str = ""  # which one found the angles
