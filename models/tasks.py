"""What a model is asked, and what it answers: one request and one answer a task.

Requests go into the prompt as JSON. Fields that all calls of one brief share come first, the channel's own come last,
so that a server's prefix cache serves the shared part. A real model and the rehearsal model meet the same schemas.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from core.base import Noun
from core.drafts import Dimension


def _day(value: object) -> object:
    return value.isoformat()[:10] if isinstance(value, date | datetime) else value


Day = Annotated[str, BeforeValidator(_day)]
"""A date as `2016-05-19`; dates and datetimes are taken too."""


class PastWork(Noun):
    """A recalled work: its best passages are what may be quoted from it."""

    id: str
    title: str
    url: str | None = None
    published_at: Day | None = None
    passages: tuple[str, ...] = ()
    did: str = ""  # how it did, in a few words; empty where nothing is known


class VoiceNotes(Noun):
    """How the creator writes: measured sentences about it, and passages of their own that show it."""

    summary: tuple[str, ...] = ()
    exemplars: tuple[str, ...] = ()


class Source(Noun):
    """The material of the brief: a transcript, an article, a past work's text. Empty where there is none."""

    title: str = ""
    text: str = ""
    own: bool = True  # False: somebody else's words, to be quoted and credited
    by: str = ""  # who wrote it, where it is not the creator's own
    url: str | None = None
    published_at: Day | None = None


class Mark(Noun):
    """A time of a transcript, and the first words that are said then."""

    at: str  # 04:14
    says: str


class Habit(Noun):
    """A rule that the creator's own edits taught, and where it comes from."""

    says: str
    because: str


class EditPair(Noun):
    """An earlier draft for the same channel, and what the creator made of it."""

    drafted: str
    edited: str


class Refused(Noun):
    """An earlier draft that was turned down, or sent back, with the reason in the person's own words."""

    at: Day
    channel: str
    ask: str  # what that brief had asked for
    text: str  # how what was turned down began
    said: str


class ChosenAngle(Noun):
    """The angle that this draft takes."""

    title: str
    premise: str
    work_ids: tuple[str, ...] = ()


class Part(Noun):
    """Which part of a campaign a draft is."""

    phase: Literal["teaser", "launch", "reminder"]
    launch: str  # as the audience says it: Tuesday 1 December 2026, 09:00 (Europe/Oslo)


class Shared(Noun):
    """What all calls of one brief are told, byte for byte the same and first: servers keep a prompt's beginning."""

    ask: str
    locale: str = "en"
    source: Source = Source()
    works: tuple[PastWork, ...] = ()
    voice: VoiceNotes = VoiceNotes()
    links: tuple[str, ...] = ()  # the only links a draft may carry, besides the works' own
    hashtags: tuple[str, ...] = ()  # the only hashtags, without #
    brand: tuple[str, ...] = ()  # what the brand holds to, a sentence each
    turned_down: tuple[Refused, ...] = ()
    pictures: tuple[str, ...] = ()  # what the pictures that go with it show, in the person's words


class PlanRequest(Shared):
    """Three ways to tell it, wanted."""

    remix: tuple[str, ...] = ()  # the ids of two works that fit and are far apart; empty where there are none


class AngleAnswer(Noun):
    """One angle: its premise in one or two sentences, and the works it leans on."""

    title: str = Field(min_length=1)
    premise: str = Field(min_length=1)
    work_ids: tuple[str, ...] = ()


class PlanAnswer(Noun):
    """The angles, in the order of preference; the last of three is the remix."""

    angles: tuple[AngleAnswer, ...] = Field(min_length=1, max_length=5)


class DraftRequest(Shared):
    """One draft for one channel, wanted."""

    angle: ChosenAngle | None = None
    channel: str
    register_voice: VoiceNotes | None = None  # how the creator writes on this channel, where that is known to differ
    limits: dict[str, Any] = Field(default_factory=dict)  # as the channel's rules say them, for the model to read
    form: Literal["post", "thread"] = "post"
    marks: tuple[Mark, ...] = ()  # a transcript's times, for a channel that has chapters
    variant: int = 1
    preferences: tuple[Habit, ...] = ()
    edits: tuple[EditPair, ...] = ()
    campaign: Part | None = None


class Line(Noun):
    """A line of a draft as it stands there, and the words it rests on."""

    line: str
    work_id: str | None = None  # set when origin is work
    quote: str  # the words as they stand in the work, the source or the brief
    origin: Literal["work", "source", "brief"] = "work"


class DraftAnswer(Noun):
    """One draft. Fields a channel has no use for stay empty."""

    title: str = ""
    subject: str = ""
    preheader: str = ""
    summary: str = ""
    text: str = Field(min_length=1)
    tags: tuple[str, ...] = ()
    receipts: tuple[Line, ...] = ()


class DraftToVary(Noun):
    """A draft whose variants are wanted: the part that changes, and the sentences around it."""

    draft_id: str
    channel: str
    limits: dict[str, Any] = Field(default_factory=dict)
    part: str = ""  # the hook, or the call to action, as it stands; empty: it has none
    field: str = "text"  # in which field the part stands
    sentences: tuple[str, ...] = ()  # of the text, in order


class VaryRequest(Shared):
    """Variants that differ in one dimension, wanted: for all drafts of a brief in one call."""

    dimension: Dimension
    values: tuple[str, ...]  # one variant for each: for `length` the share of the words, else the kind of part
    drafts: tuple[DraftToVary, ...]


class VariedPart(Noun):
    """What one variant has instead: a new `part`, or for `length` the numbers of the sentences that stay."""

    value: str
    part: str = ""
    keep: tuple[int, ...] = ()  # from 1
    receipts: tuple[Line, ...] = ()


class VariedDraft(Noun):
    """The variants of one draft; fewer than were wanted where the material has no more."""

    draft_id: str
    variants: tuple[VariedPart, ...] = ()


class VaryAnswer(Noun):
    """The variants of each draft that was sent, by its id."""

    drafts: tuple[VariedDraft, ...]


class Flaw(Noun):
    """A finding on a draft, with the words it is about."""

    rule: str
    message: str
    span: tuple[int, int] | None = None
    field: str = "text"
    text: str = ""  # the flawed words themselves


class DraftToRevise(Noun):
    """A draft as it stands, what the checks found, and what the person wishes (empty: only mend the findings)."""

    draft_id: str
    channel: str
    limits: dict[str, Any] = Field(default_factory=dict)
    content: DraftAnswer
    findings: tuple[Flaw, ...] = ()
    wish: str = ""
    preferences: tuple[Habit, ...] = ()


class ReviseRequest(Shared):
    """All drafts of a brief that need mending, in one call."""

    drafts: tuple[DraftToRevise, ...]


class RevisedDraft(DraftAnswer):
    """A mended draft."""

    draft_id: str


class ReviseAnswer(Noun):
    """One mended draft for each that was sent, by its id."""

    drafts: tuple[RevisedDraft, ...]


class PairToRead(Noun):
    """A draft and what the creator made of it, to learn from."""

    id: str
    drafted: str
    edited: str


class RulesRequest(Noun):
    """The habits that edits show, wanted."""

    pairs: tuple[PairToRead, ...]
    known: tuple[str, ...] = ()


class Shown(Noun):
    """Where a habit shows: words of a draft, and those that the creator put in their place."""

    pair: str
    drafted: str
    edited: str = ""


class ProposedRule(Noun):
    """One habit in words, with its evidence."""

    says: str
    evidence: tuple[Shown, ...]


class RulesAnswer(Noun):
    """The habits that show, none where none does."""

    rules: tuple[ProposedRule, ...] = Field(default=(), max_length=5)


class Stretch(Noun):
    """Which of the segments (the first is 1, both ends included) stand on which channel, and what there is room for."""

    channel: str
    first: int
    last: int
    limits: dict[str, Any] = Field(default_factory=dict)


class EarlierPair(Noun):
    """A segment that was translated before, and approved by a person."""

    source: str
    target: str


class LocalizeRequest(Noun):
    """Segments to translate. What `keep` lists stays as it is; `glossary` maps source terms to target terms."""

    source_locale: str
    target_locale: str
    address: str = ""  # how readers are addressed there
    forms: dict[str, str] = Field(default_factory=dict)  # how numbers, dates … are written there, by CLDR
    glossary: dict[str, str] = Field(default_factory=dict)
    keep: tuple[str, ...] = ()
    exemplars: tuple[str, ...] = ()  # how the creator writes in the target language; empty where they don't
    voice: tuple[str, ...] = ()  # how they write in their own, as sentences
    pairs: tuple[EarlierPair, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    segments: tuple[str, ...]


class SegmentNote(Noun):
    """A pun, idiom or allusion that can't be carried over as it is, and two ways to say it."""

    segment: int  # the first is 1
    phrase: str
    kind: Literal["pun", "idiom", "allusion", "rhyme", "other"]
    why: str
    alternatives: tuple[str, ...] = Field(min_length=2, max_length=2)


class LocalizeAnswer(Noun):
    """One target segment for each source segment, in the same order."""

    segments: tuple[str, ...]
    notes: tuple[SegmentNote, ...] = ()


class BackTranslateRequest(Noun):
    """A translation's segments, to be translated back by one who does not see their source."""

    source_locale: str
    target_locale: str
    segments: tuple[str, ...]


class BackTranslateAnswer(Noun):
    """What each segment says, in the same order."""

    segments: tuple[str, ...]


class SaidTurn(Noun):
    """One turn of a conversation."""

    who: str
    text: str


class SummaryRequest(Noun):
    """What is to be kept in mind of a long conversation: what was kept before, and what was said since."""

    before: str = ""
    turns: tuple[SaidTurn, ...]


class SummaryAnswer(Noun):
    """It in short."""

    text: str = Field(min_length=1, max_length=6000)
