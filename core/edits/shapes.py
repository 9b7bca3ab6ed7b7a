"""Habits of shape: how a text opens, how long its paragraphs are, and how long it is."""

from collections.abc import Iterator

from core import sentences
from core.edits.change import Change, Rewrite
from core.edits.guard import can_be_lost
from core.edits.rewriting import is_said, paragraphs
from core.edits.rules import Rule
from core.edits.traits import Trait, Verdict, fixed, plain

MOST = 3  # sentences a paragraph, for a rule on short ones
MUCH, LITTLE = 0.15, 0.05  # of the words: cut from the one on it is a shorter text, up to the other the same
ENOUGH = 40  # words: a shorter text can hardly be cut


def traits() -> list[Trait]:
    """Return the traits of this room."""
    return [
        Trait(
            "short_opening",
            "an opening of one sentence",
            plain(_none),
            fixed("short_opening"),
            judge=_opens_short,
            write=_cut_opening,
        ),
        Trait(
            "opening_alone",
            "the first sentence as a paragraph of its own",
            plain(_none),
            fixed("opening_alone"),
            judge=_opens_alone,
            write=_part_opening,
        ),
        Trait(
            "paragraphs", "paragraphs of at most {new} sentences", _none, _parted, judge=_short_paragraphs, write=_part
        ),
        Trait("shorter", "shorter texts", plain(_none), fixed("shorter"), mechanical=False, late=True, judge=_cut_down),
    ]


def _none(_text: str, _rule: Rule | None = None) -> list[Rewrite]:
    return []


def _prose(text: str) -> list[list[str]]:
    """Return the sentences of each paragraph of prose: no headings, lists, quotes or lines of links and hashtags."""
    said = [part for part in paragraphs(text) if part[0] not in "#>-*•|`" and is_said(part)]
    return [[span.text for span in sentences.split(part)] for part in said]


def _opening(text: str) -> list[str]:
    return next(iter(_prose(text)), [])


def _opens_short(change: Change, _rule: Rule) -> Verdict | None:
    rest = _rest_of_opening(change)
    if rest is None:
        return None
    if len(_opening(change.after)) > 1:
        return "against"
    return None if change.survives(*rest) else "for"


def _opens_alone(change: Change, _rule: Rule) -> Verdict | None:
    rest = _rest_of_opening(change)
    if rest is None:
        return None
    if len(_opening(change.after)) > 1:
        return "against"
    others = [part for part in _prose(change.before)[1:] if len(part) > 1]
    if others and all(len(part) == 1 for part in _prose(change.after)):
        return None  # every paragraph was parted: that is no habit of openings
    return "for" if change.survives(*rest) else None


def _rest_of_opening(change: Change) -> tuple[int, int] | None:
    """Return where the opening goes on after its first sentence; None where it doesn't, or the first is gone."""
    first, *rest = _opening(change.before) or [""]
    if not rest or not change.remains:
        return None
    start = change.before.find(rest[0])
    end = change.before.find(rest[-1], start) + len(rest[-1])
    at = change.before.find(first)
    return (start, end) if change.survives(at, at + len(first)) else None


def _cut_opening(text: str, _rule: Rule) -> str:
    """Cut the opening after its first sentence, where nothing is lost that stands nowhere else."""
    for sentence in reversed(_opening(text)[1:]):
        without = text.replace(sentence, "", 1)
        if not can_be_lost(sentence, without):
            return text
        text = "\n".join(line.rstrip() for line in without.split("\n"))
    return text


def _part_opening(text: str, _rule: Rule) -> str:
    first, *rest = _opening(text) or [""]
    return text.replace(f"{first} {rest[0]}", f"{first}\n\n{rest[0]}", 1) if rest else text


def _parted(change: Change) -> Iterator[Rule]:
    before, after = _longest(change.before), _longest(change.after)
    if after < before and 1 <= after <= MOST:
        yield Rule(trait="paragraphs", new=str(after))


def _longest(text: str) -> int:
    return max((len(part) for part in _prose(text)), default=0)


def _short_paragraphs(change: Change, rule: Rule) -> Verdict | None:
    most = int(rule.new)
    if _longest(change.before) <= most or not change.remains:
        return None
    if _longest(change.after) > most:
        return "against"
    return "for" if _parts_kept(change) else None


def _parts_kept(change: Change) -> bool:
    """Say whether long paragraphs were parted rather than cut: there are more of them, or as many sentences."""
    before, after = _prose(change.before), _prose(change.after)
    return len(after) > len(before)


def _part(text: str, rule: Rule) -> str:
    most = int(rule.new)
    for part in paragraphs(text):
        said = [span.text for span in sentences.split(part)]
        if len(said) > most and [said] == _prose(part):
            chunks = [" ".join(said[at : at + most]) for at in range(0, len(said), most)]
            text = text.replace(part, "\n\n".join(chunks), 1)
    return text


def _cut_down(change: Change, _rule: Rule) -> Verdict | None:
    """Judge how many words are gone that nothing else explains (see `unexplained`)."""
    words = [token for token in change.old if token.is_word]
    if len(words) < ENOUGH or not change.remains:
        return None
    lost = sum(token.is_word for hunk in change.hunks for token in change.old[hunk.start : hunk.end])
    lost -= sum(token.is_word for hunk in change.hunks for token in change.new[hunk.new_start : hunk.new_end])
    share = lost / len(words)
    return "for" if share >= MUCH else "against" if share <= LITTLE else None
