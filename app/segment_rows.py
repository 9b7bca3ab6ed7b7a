"""A translation as a person reviews it: each segment beside its source, its state, its checks, what was said of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.drafts import Draft, Finding
from core.errors import NotFound, WrongUse
from core.proposals import Proposal, State
from core.segments import is_whole
from core.segments_twice import repeated
from core.translated import STATES, Line, Segment, SegmentAct, SegmentState, state_of
from memory.segment_reviews import Looked
from memory.segment_rules import line_of, seen

if TYPE_CHECKING:
    from app.studio import Studio

SETTLED: tuple[State, ...] = ("approved", "scheduled", "live", "rejected", "failed")
"""States of a proposal in which its translation needs nobody any more."""

_NAMED = ("approve", "edit")


@dataclass(frozen=True)
class Row:
    """One segment as a person reviews it."""

    number: int
    segment: Segment
    state: SegmentState
    findings: tuple[Finding, ...]
    acts: tuple[SegmentAct, ...]
    source_changed: bool

    @property
    def words(self) -> str:
        """What became of it, with the person's name and why it is void, if it is."""
        if self.state == "void":
            since = "its source was changed." if self.source_changed else "it was worded anew since it was approved."
            voided = next((act.reason for act in reversed(self.acts) if act.reason), since)
            return f"{STATES['void']}: {voided}"
        named = [act for act in self.acts if act.stands and act.verb in _NAMED and act.is_of(self.segment)]
        if self.state not in ("approved", "edited") or not named:
            return STATES[self.state]
        last = named[-1]
        return f"{'approved' if self.state == 'approved' else 'worded'} by {last.by}, {last.at:%Y-%m-%d %H:%M}"

    def as_json(self) -> dict[str, Any]:
        """Return it as every door shows it; `sha` is what an approval of exactly this names."""
        return {
            "n": self.number,
            **self.segment.model_dump(mode="json"),
            "state": self.state,
            "words": self.words,
            "sha": seen(self.segment),
            "source_changed": self.source_changed,
            "findings": [each.model_dump(mode="json") for each in self.findings],
            "acts": [
                act.model_dump(mode="json", include={"id", "verb", "by", "at", "note", "reason", "undone_by"})
                for act in self.acts
            ],
        }


@dataclass(frozen=True)
class Review:
    """A translation's segments, and the proposal that they make (None: it is not whole yet)."""

    looked: Looked
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()  # what could not be done just now, for a person

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that holds exactly these segments."""
        there = self.looked.proposal
        return there if there is not None and there.draft_id == self.looked.draft.id else None

    @property
    def behind(self) -> bool:
        """Whether there is something to bring it up to: other words in its source, or a past work that was changed."""
        return self.looked.behind or (self.looked.proposal is not None and self.looked.proposal.state == "stale")

    def as_json(self) -> dict[str, Any]:
        """Return the object that `segments` prints."""
        looked, proposal = self.looked, self.looked.proposal
        return {
            "id": looked.draft.id,
            "proposal_id": proposal.id if proposal else None,
            "proposal_state": proposal.state if proposal else None,
            "reason": proposal.reason if proposal else "",
            **looked.line.model_dump(mode="json"),
            "whole": is_whole(looked.segments),
            "approved": sum(row.state == "approved" for row in self.rows),
            "segments": [row.as_json() for row in self.rows],
            "notices": list(self.notices),
        }


def review(studio: "Studio", ref: str) -> Review:
    """Return a translation by its proposal's id, or by its draft's where it is not whole yet. Raises NotFound."""
    return review_of(studio, _line(studio, ref))


def reviews(studio: "Studio") -> list[Review]:
    """Return the translations that something is to be done about: unsent, out of date, or with gaps."""
    lines = studio.memory.segments.lines(studio.workspace.id, settled=SETTLED)
    return [shown(studio, look) for line in lines if (look := studio.memory.segments.look(line))]


def shown_beside(studio: "Studio", proposal: Proposal) -> list[dict[str, Any]]:
    """Return a translation's segments beside their sources, as cards and pages show them; nothing for a source."""
    brief = studio.memory.briefs.get(proposal.brief_id)
    if proposal.draft_id is None or proposal.locale == brief.locales[0]:
        return []
    looked = studio.memory.segments.look(line_of(proposal, brief.locales[0]))
    if looked is None or looked.draft.id != proposal.draft_id:
        return []
    return [row.as_json() for row in shown(studio, looked).rows]


def _line(studio: "Studio", ref: str) -> Line:
    memory, space = studio.memory, studio.workspace.id
    of: Proposal | Draft = memory.drafts.get(ref) if ref.startswith("d_") else memory.proposals.get(space, ref)
    if of.workspace != space:
        raise NotFound(f"There is no draft {ref} in this workspace.")
    source = memory.briefs.get(of.brief_id).locales[0]
    if of.locale == source:
        raise WrongUse(
            f"{ref} is no translation: it is what others are translated from.",
            f"Translate it with: greenroom segments open {ref} --to LOCALE",
        )
    return line_of(of, source)


def review_of(studio: "Studio", line: Line, notices: tuple[str, ...] = ()) -> Review:
    """Return a translation; `notices`: what could not be done just now. Raises NotFound where there is none."""
    looked = studio.memory.segments.look(line)
    if looked is None:
        raise NotFound(f"There is no translation into {line.locale} yet.", "greenroom segments open ID --to LOCALE")
    return shown(studio, looked, notices)


def shown(studio: "Studio", looked: Looked, notices: tuple[str, ...] = ()) -> Review:
    """Return a translation with the state of each segment and what its checks find now."""
    from tools.localize import said_of

    facts, again = studio.memory.facts.current(looked.line.workspace), repeated(looked.segments)
    rows = [
        Row(
            number,
            each,
            state_of(each, looked.acts, source_changed=each.id in looked.changed),
            (
                *said_of(facts, each, looked.line.locale, looked.line.source_locale),
                *([again[each.id]] if each.id in again else ()),
            ),
            tuple(act for act in looked.acts if act.segment_id == each.id),
            each.id in looked.changed,
        )
        for number, each in enumerate(looked.segments, start=1)
    ]
    return Review(looked, tuple(rows), notices)
