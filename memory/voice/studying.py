"""Which pieces of a creator's works are learnt from, and what the works get from a fit that has not seen them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from core.canonical import sha256
from memory.voice.background import LENGTHS, Background
from memory.voice.evidence import Array
from memory.voice.learning import Ear, learn, rows_of
from memory.voice.prose import Prose
from memory.voice.windows import cuts, window

MOST_WORKS, MOST_PIECES = 100, 300
"""Of how many works, evenly over the years, pieces are taken, and about how many pieces: more would not change much."""

_PER_WORK = {40: 5, 100: 3, 300: 1}
"""How many pieces of each length a work gives at most, so that each length says about as much."""

_LEAST = 60
"""A piece to learn from has at least this many words, as in the recipe; shorter works give what they have."""


_KEPT = 8
_LATELY: dict[str, "Studied"] = {}  # by what was learnt from: the same works are not learnt from twice in one process


class HasProse(Protocol):
    """A text that was read."""

    @property
    def prose(self) -> Prose:
        """Its words and sentences."""
        ...


@dataclass(frozen=True)
class Studied:
    """What was learnt; the logits of one window a work, and of others' posts, by fits that had not seen them."""

    ear: Ear | None = None
    own: dict[int, Array] = field(default_factory=dict)  # by length: (windows, kinds), in the order of `windows_of`
    others: dict[int, Array] | None = None  # by length: (posts, kinds)


def windows_of(proses: Sequence[Prose], length: int) -> dict[int, tuple[int, int]]:
    """Return by place the span in each work that its voice is measured in at a length, of at most MOST_WORKS works."""
    step = max(1, -(-len(proses) // MOST_WORKS))
    return {place: span for place in range(0, len(proses), step) if (span := window(proses[place], length))}


def study(texts: Sequence[HasProse], background: Background) -> Studied:
    """Learn from pieces of works against the background's posts."""
    proses = [text.prose for text in texts]
    key = sha256([background.made_of, [prose.text for prose in proses]])
    if key not in _LATELY:
        while len(_LATELY) >= _KEPT:
            del _LATELY[next(iter(_LATELY))]
        _LATELY[key] = _study(proses, background)
    return _LATELY[key]


def _study(proses: Sequence[Prose], background: Background) -> Studied:
    windows = {length: windows_of(proses, length) for length in LENGTHS}
    first = [(place, span) for found in windows.values() for place, span in found.items()]
    pieces = [*first, *_more(proses)]
    if not pieces:
        return Studied()
    rows = rows_of(background, [proses[place].slice(*span) for place, span in pieces])
    lesson = learn(background, rows, np.array([place for place, _ in pieces]))
    ends = np.cumsum([len(found) for found in windows.values()])
    own = dict(zip(LENGTHS, np.split(lesson.own[: ends[-1]], ends[:-1]), strict=True))
    return Studied(lesson.ear, own, lesson.others)


def _more(proses: Sequence[Prose]) -> list[tuple[int, tuple[int, int]]]:
    """Return pieces at each length besides the windows, as many as there is room for; a short work is one piece."""
    places = range(0, len(proses), max(1, -(-len(proses) // MOST_WORKS)))
    short = [(place, (0, len(proses[place].sentences))) for place in places if not window(proses[place], LENGTHS[0])]
    room = MOST_PIECES // len(places) - len(LENGTHS)
    found: list[tuple[int, tuple[int, int]]] = short
    for length, most in _PER_WORK.items():
        many = min(most, max(0, room * most // sum(_PER_WORK.values())))
        if many:
            found += [(place, span) for place in places for span in cuts(proses[place], max(_LEAST, length), many)]
    return found
