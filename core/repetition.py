"""How much of a draft the creator has said before, in the same words."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import regex

from core import hashtags, links
from core.drafts import Finding

GRAM = 3
THRESHOLD = 0.25  # the share of the draft's word triples from which a past piece is named
HEAVY = 0.5
SHORTEST = 6  # triples; fewer say nothing

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*")


class Overlap(NamedTuple):
    """What a draft shares with one past piece. `share` is 0..1 of the draft; `span` is its longest shared stretch."""

    work_id: str
    title: str
    share: float
    span: tuple[int, int]


def compare(text: str, past: Iterable[tuple[str, str, str]]) -> list[Overlap]:
    """Return the past pieces (id, title, text) that a draft repeats, the most repeated first."""
    places = _places(text)
    grams = _grams(text, places)
    if len(grams) < SHORTEST:
        return []
    found = []
    for work_id, title, body in past:
        theirs = set(_grams(body, _places(body)))
        shared = [gram in theirs for gram in grams]
        share = sum(shared) / len(shared)
        if share >= THRESHOLD:
            found.append(Overlap(work_id, title, round(share, 3), _longest(places, shared)))
    return sorted(found, key=lambda overlap: -overlap.share)


def findings(text: str, past: Iterable[tuple[str, str, str]]) -> tuple[Finding, ...]:
    """Return a finding for each past piece that the draft repeats: a note, from half of the draft on a warning."""
    return tuple(
        Finding(
            rule="repeats_past_work",
            severity="warning" if overlap.share >= HEAVY else "note",
            message=f"{overlap.share:.0%} of this stands in “{overlap.title}” in the same words.",
            span=overlap.span,
        )
        for overlap in compare(text, past)
    )


def _places(text: str) -> list[tuple[int, int]]:
    """Return where the words stand; links and hashtags are no words."""
    asides = [(link.start, link.end) for link in links.find(text, bare=False)]
    asides += [(tag.start, tag.end) for tag in hashtags.find(text)]
    words = (match.span() for match in _WORD.finditer(text))
    return [span for span in words if not any(start <= span[0] < end for start, end in asides)]


def _grams(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[str, ...]]:
    words = [text[start:end].replace("’", "'").casefold() for start, end in places]
    return [tuple(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1)]


def _longest(places: Sequence[tuple[int, int]], shared: Sequence[bool]) -> tuple[int, int]:
    """Return the characters of the longest run of shared triples."""
    best = start = length = 0
    for at, is_shared in enumerate(shared):
        length = length + 1 if is_shared else 0
        if length > best:
            best, start = length, at - length + 1
    return places[start][0], places[start + best + GRAM - 2][1]
