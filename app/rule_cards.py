"""A learned rule as a card: every word that a page shows of it, as plain JSON values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.wording import clock, number_of, shortened, who
from core.base import Noun
from core.edits.standing import Said
from core.preferences import Preference
from core.proposals import MARKS

SHOWN_EDITS = 3  # the newest: that many make a rule
SHOWN_PARTS = 24  # of one edit: a whole page of changes beside a rule explains nothing
LONGEST_NOTE = 240  # characters of a change request

_STATES = {
    "candidate": ("waiting", "waits for your word"),
    "active": ("approved", "drafts keep to it"),
    "rejected": ("rejected", "dropped"),
    "faded": ("drafting", "faded"),
}
"""Whose mark a rule's state wears, and its word."""

_SAID = {"accept": "said so", "reject": "dropped it"}


class Shown(Noun):
    """One edit that taught: what it changed, or what was asked in so many words."""

    at: datetime
    title: str
    parts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    withheld: bool = False  # by consent, or too long to be read beside a rule


@dataclass(frozen=True)
class RuleStory:
    """What surrounds a rule: the edits that carry it, the word that goes, whether it is known any more."""

    timezone: str
    edits: tuple[Shown, ...]
    more: int
    word: Said | None
    stamp: str
    known: bool


def rule_card(rule: Preference, story: RuleStory, now: datetime) -> dict[str, Any]:
    """Return a rule as the rule card's props."""
    state = rule.state if story.known else "faded"
    mark, word = _STATES[state]
    colour, shape, _ = MARKS[mark]
    reason = rule.because(story.timezone)
    return {
        "id": rule.id,
        "stamp": story.stamp,
        "title": f"Keep to {rule.says}?" if state == "candidate" else f"{rule.says[:1].upper()}{rule.says[1:]}",
        "sub": f"Learned {reason}" if rule.support else reason[:1].upper() + reason[1:],
        "state": {"name": state, "colour": colour, "shape": shape, "word": word},
        "open": state == "candidate",
        "what": "Drafts keep to it from the next one on. What waits for you now stays as it is.",
        "edits": [_edit(each, story.timezone, now) for each in story.edits],
        "more": f"and {number_of(story.more, 'edit', 'edits')} before" if story.more else "",
        "outcome": _outcome(rule, story, now),
        "undo": story.known and story.word is not None,
    }


def _edit(shown: Shown, zone: str, now: datetime) -> dict[str, Any]:
    cut = len(shown.parts) > SHOWN_PARTS
    return {
        "when": f"{shown.title}, {clock(shown.at, zone, now)}",
        "parts": [list(part) for part in shown.parts[:SHOWN_PARTS]] + ([["same", " …"]] if cut else []),
        "note": shortened(shown.note, LONGEST_NOTE),
        "withheld": "Its words are not shown here: see the draft itself." if shown.withheld else "",
    }


def _outcome(rule: Preference, story: RuleStory, now: datetime) -> str:
    if not story.known:
        return "Your edits don't show this any more. No draft keeps to it."
    said = ""
    if story.word:
        when = clock(story.word.at, story.timezone, now)
        said = f"{who(story.word.by)} {_SAID[story.word.word]} {'at' if len(when) == 5 else 'on'} {when}. "
    if rule.state == "active":
        return f"{said}Drafts keep to it from now on, until your newest edits say otherwise."
    if rule.state == "rejected":
        return f"{said}No edit brings it back, only your own word."
    return "It is too long ago that you edited like this. No draft keeps to it." if rule.state == "faded" else ""
