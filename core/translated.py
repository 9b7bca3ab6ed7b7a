"""One segment of a translation beside its source, where its words come from, and what people said of it."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from core.base import Instant, Noun

SegmentVerb = Literal["approve", "edit", "comment"]
SegmentState = Literal["empty", "open", "edited", "approved", "void"]

STATES: dict[SegmentState, str] = {
    "empty": "to be translated",
    "open": "not looked at yet",
    "edited": "worded by a person",
    "approved": "approved",
    "void": "to be looked at again",
}
"""What each state is called where a person sees it."""


class Wordplay(Noun):
    """A pun, an idiom or an allusion that can't be carried over as it is, with two ways to say it there."""

    phrase: str  # as it stands in the source
    kind: Literal["pun", "idiom", "allusion", "rhyme", "other"] = "other"
    why: str  # what is lost, in the source's language
    alternatives: tuple[str, ...] = Field(max_length=2)  # in the target's language


class Reuse(Noun):
    """An approved earlier segment that this one was filled from, or is like."""

    id: str
    percent: int  # 100: the same words, between the same two locales
    source: str
    target: str
    by: str
    at: Instant
    proposal_id: str | None = None
    file: str = ""  # the TMX that it came from


class Segment(Noun):
    """A sentence (or a few that belong together) of one field of a draft, and its translation; empty: there is none."""

    id: str
    field: str  # text, title, subject, preheader, summary; alt:1 is the first picture's alt text
    source: str
    target: str = ""
    made_by: str = ""  # a model's or an engine's name, "memory", or a person's name
    reuse: Reuse | None = None
    back: str = ""  # the target, translated back by a machine that did not see the source
    notes: tuple[Wordplay, ...] = ()
    was: tuple[str, str] | None = None  # the source and target that stood here before the source was changed


class Line(Noun):
    """All versions of one translation: of one channel's variant of a brief, in one locale."""

    workspace: str
    brief_id: str
    channel: str
    variant: int
    source_locale: str
    locale: str


class SegmentAct(Noun):
    """What a person said of a segment: of exactly this source and this target."""

    id: str
    workspace: str
    brief_id: str
    channel: str
    variant: int
    source_locale: str
    locale: str
    segment_id: str
    proposal_id: str | None = None
    work_id: str | None = None
    field: str
    source: str
    target: str
    verb: SegmentVerb
    note: str = ""
    by: str
    at: Instant
    seq: int
    undone_by: int | None = None
    reason: str = ""  # why it is void

    @property
    def stands(self) -> bool:
        """Whether nobody took it back, and nothing voided it."""
        return self.undone_by is None

    def is_of(self, segment: Segment) -> bool:
        """Say whether it is about a segment exactly as it stands."""
        same = (self.segment_id, self.field, self.source, self.target)
        return same == (segment.id, segment.field, segment.source, segment.target)


def state_of(segment: Segment, acts: Sequence[SegmentAct], *, source_changed: bool = False) -> SegmentState:
    """Return where a segment's review stands: an approval is of exactly its source and its target."""
    if not segment.target.strip():
        return "empty"
    mine = [act for act in acts if act.segment_id == segment.id and act.verb != "comment"]
    exact = [act for act in mine if act.is_of(segment)]
    if source_changed:
        return "void"
    if any(act.verb == "approve" and act.stands for act in exact):
        return "approved"
    if any(act.verb == "approve" and act.reason for act in exact):
        return "void"
    if any(act.verb == "edit" and act.stands for act in exact):
        return "edited"
    return "void" if any(act.verb == "approve" and act not in exact for act in mine) else "open"
