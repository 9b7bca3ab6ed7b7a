"""How much of a draft the creator has said before, in the same words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import regex

from core import hashtags, links
from core.drafts import Finding
from core.spans import blanked

GRAM = 3
THRESHOLD = 0.25  # the share of the draft's word triples from which a past piece is named
HEAVY = 0.5
SHORTEST = 6  # triples; fewer say nothing
LEAST_RUN = 7  # words in a row without which a share below half is common phrases, not a repetition
LONG_RUN = 15  # words in a row from which a piece is named however little of the draft they are
USUAL = 5  # pieces in which the same words are a sign-off or a boilerplate, not a repetition
NAMED = 3  # pieces, the most repeated first
WINDOW, STEP = 4, 2  # any five words in a row hold a whole window

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*")

Gram = tuple[str, ...]


class Past(NamedTuple):
    """A past piece that a draft may repeat. Pieces of one `family` are versions of each other."""

    work_id: str
    title: str
    body: str
    said_at: datetime | None = None
    did: str = ""  # how it did, in a few words
    family: str = ""
    place: str = ""  # " on Bluesky": where it went out from here; empty for a work


class Overlap(NamedTuple):
    """What a draft shares with one past piece. `share` is 0..1 of the draft; `span` is its longest shared stretch."""

    work_id: str
    title: str
    share: float
    span: tuple[int, int]
    run: int = 0  # the words of that stretch
    said_at: datetime | None = None
    did: str = ""
    place: str = ""


def compare(text: str, past: Iterable[Past], *, usual: frozenset[Gram] = frozenset()) -> list[Overlap]:
    """Return the past pieces that a draft repeats, the most repeated first, of versions of one piece the most alike.

    `usual`: word triples known to stand in many pieces. They count for nothing, nor do those of five of `past`.
    """
    pieces = [(piece, set(_grams(piece.body, _places(piece.body)))) for piece in past]
    places = _places(text)
    grams = _grams(text, places)
    usual |= _in_many(set(grams), pieces)
    counted = sum(gram not in usual for gram in grams)
    if counted < SHORTEST:
        return []
    found: dict[str, Overlap] = {}
    for piece, theirs in pieces:
        shared = [gram in theirs and gram not in usual for gram in grams]
        family, overlap = piece.family or piece.work_id, _overlap(piece, places, shared, counted)
        if overlap and (family not in found or found[family].share < overlap.share):
            found[family] = overlap
    return sorted(found.values(), key=lambda overlap: -overlap.share)


def findings(text: str, past: Iterable[Past], *, usual: frozenset[Gram] = frozenset()) -> tuple[Finding, ...]:
    """Return a finding for each past piece that the draft repeats: a note, from half of the draft on a warning."""
    return tuple(
        Finding(
            rule="repeats_past_work",
            severity="warning" if overlap.share >= HEAVY else "note",
            message=_told(overlap),
            span=overlap.span,
        )
        for overlap in compare(text, past, usual=usual)[:NAMED]
    )


def windows(text: str) -> list[Gram]:
    """Return a text's runs of four words, every second one: what a piece that repeats five words in a row must hold."""
    words = _words(text, _places(text))
    return list(dict.fromkeys(tuple(words[at : at + WINDOW]) for at in range(0, len(words) - WINDOW + 1, STEP)))


def grams_of(window: Gram) -> list[Gram]:
    """Return the word triples of a run of words."""
    return [window[at : at + GRAM] for at in range(len(window) - GRAM + 1)]


def _told(overlap: Overlap) -> str:
    when = f" in {overlap.said_at:%B %Y}" if overlap.said_at else ""
    share = f"{overlap.share:.0%} of this stands there in the same words."
    much = share if overlap.share >= THRESHOLD else f"{overlap.run} words in a row stand there."
    did = f" It did: {overlap.did}." if overlap.did else ""
    said = f"You published this{overlap.place}" if overlap.place else "You said this"
    return f"{said}{when}, in “{overlap.title}”: {much}{did}"


def _overlap(piece: Past, places: Sequence[tuple[int, int]], shared: Sequence[bool], counted: int) -> Overlap | None:
    share = sum(shared) / counted
    start, length = _longest(shared)
    run = length + GRAM - 1 if length else 0
    if run < LONG_RUN and not (share >= HEAVY or (share >= THRESHOLD and run >= LEAST_RUN)):
        return None
    span = places[start][0], places[start + run - 1][1]
    return Overlap(piece.work_id, piece.title, round(share, 3), span, run, piece.said_at, piece.did, piece.place)


def _in_many(grams: set[Gram], pieces: Sequence[tuple[Past, set[Gram]]]) -> frozenset[Gram]:
    """Return the triples that stand in many pieces; versions of one piece count once."""
    families: dict[Gram, set[str]] = defaultdict(set)
    for piece, theirs in pieces:
        for gram in grams & theirs:
            families[gram].add(piece.family or piece.work_id)
    return frozenset(gram for gram, names in families.items() if len(names) >= USUAL)


def _places(text: str) -> list[tuple[int, int]]:
    """Return where the words stand; links and hashtags are no words."""
    asides = [(link.start, link.end) for link in links.find(text, bare=False)]
    asides += [(tag.start, tag.end) for tag in hashtags.find(text)]
    return [match.span() for match in _WORD.finditer(blanked(text, asides))]


def _words(text: str, places: Sequence[tuple[int, int]]) -> list[str]:
    return [text[start:end].replace("’", "'").casefold() for start, end in places]


def _grams(text: str, places: Sequence[tuple[int, int]]) -> list[Gram]:
    words = _words(text, places)
    return [tuple(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1)]


def _longest(shared: Sequence[bool]) -> tuple[int, int]:
    """Return where the longest run of shared triples begins, and its length in triples."""
    best = start = length = 0
    for at, is_shared in enumerate(shared):
        length = length + 1 if is_shared else 0
        if length > best:
            best, start = length, at - length + 1
    return start, best
