"""A draft for one channel and locale, where each of its lines came from, and what the checks found."""

from typing import Annotated, Any, Literal

from pydantic import Field

from core.base import Instant, Noun
from core.translated import Segment

Severity = Literal["error", "warning", "note"]
Dimension = Literal["hook", "length", "cta"]
"""What variants of one draft can differ in, and in nothing else: how it begins, how long it is, what it asks for."""


class Finding(Noun):
    """What a check found, as a span that can be mended. `span` counts characters of the checked text, end exclusive."""

    rule: str  # e.g. length, voice, invented_number, repeats_past_work
    severity: Severity
    message: str
    span: tuple[int, int] | None = None
    field: str = "text"  # which field of the draft the span counts in


class Receipt(Noun):
    """A line of a draft and where it stands in the creator's own material."""

    work_id: str | None  # None: the brief itself or its source text
    title: str
    quote: str  # the words as they stand in the source
    url: str | None = None
    span: tuple[int, int] | None = None  # the line in the draft's text
    origin: Literal["work", "source", "brief"] = "work"


class VoiceScore(Noun):
    """How much a text sounds like the creator. `score` is 0..100, or null where there is not enough to judge."""

    score: float | None
    verdict: Literal["in_voice", "off_voice", "not_enough"]
    interval: tuple[float, float] | None
    reasons: tuple["VoiceReason", ...] = ()
    works: int  # how many works the profile was measured on
    among: str | None = None  # the register they are all in (posts, newsletters …); None: works of every kind

    @property
    def is_weak(self) -> bool:
        """Whether the interval leaves open which of the two verdicts holds, as it does for one short post."""
        return self.interval is not None and self.interval[0] < 50 <= self.interval[1]


class VoiceReason(Noun):
    """One feature, with the draft's rate and the creator's own."""

    feature: str
    draft: float
    yours: float
    text: str  # a sentence for a person: "commas 6.7 per 100 words, yours 2.7"


class Picture(Noun):
    """One picture that goes with a post: these bytes (kept in the home's files by their hash) and these words."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    mime: str
    bytes: int
    width: int
    height: int
    alt: str = ""
    name: str = ""  # what the file was called, for a person


class Attached(Picture):
    """A picture as a person gave it. `focus`: the point that stays in sight where a channel cuts it, from its left top.

    Renditions are made of it; what goes out is a plain `Picture`.
    """

    focus: tuple[Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]] | None = None


class Content(Noun):
    """What a draft says, before it is wire payload. Which fields a channel uses, its rules say."""

    text: str
    title: str = ""  # site, newsletter (as heading)
    subject: str = ""  # newsletter
    preheader: str = ""  # newsletter
    summary: str = ""  # site: description
    tags: tuple[str, ...] = ()  # site: keywords; social: hashtags are in the text, as the audience sees them
    links: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


class Variation(Noun):
    """What a variant differs in from the others of its brief, and what it has there."""

    dimension: Dimension | Literal["angle"]
    value: str  # "detail", "41 words", "reply"; an angle's title

    @property
    def words(self) -> str:
        """It as a person reads it."""
        return f"{NAMES[self.dimension]}: {self.value}"


NAMES = {"hook": "hook", "length": "length", "cta": "call to action", "angle": "angle"}
"""What each dimension is called."""


class Draft(Noun):
    """One revision of one channel's draft. A revision is a new row that names its parent."""

    id: str
    brief_id: str
    workspace: str
    channel: str
    locale: str
    variant: int = 1
    varies: Variation | None = None  # None: the brief asked for one version
    revision: int = 0
    parent_id: str | None = None
    angle_id: str | None = None
    content: Content
    receipts: tuple[Receipt, ...] = ()
    findings: tuple[Finding, ...] = ()
    voice: VoiceScore | None = None
    model: str  # the model's name, or "rehearsal"; who edited it afterwards stands in `inputs`
    prompt_versions: dict[str, str] = Field(default_factory=dict)  # prompt name -> content hash
    segments: tuple[Segment, ...] = ()  # of a translation: `core.segments.aligned` finds them in what it says now
    inputs: dict[str, Any] = Field(default_factory=dict)  # ids of what was put into the prompt
    created_at: Instant
