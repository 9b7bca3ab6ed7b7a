"""Which earlier sources are like a text: candidates by shared 3-grams, then an edit distance over words.

A match in percent is the mean of two shares, rounded down: the 3-grams that both have (Dice), and the words that need
no edit. 100 is kept for the very same text.
"""

import numpy as np
import regex
from numpy.typing import NDArray

from memory.translations.rows import compared

CANDIDATES = 24
"""How many of the likest by 3-grams are looked at word by word."""

MOST_TOKENS = 200
"""Longer texts are compared by 3-grams alone: an edit distance takes time by the square."""

_TOKEN = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|[\p{L}\p{M}\p{N}_'’-]+|[^\s\p{L}\p{M}\p{N}]", regex.UNICODE
)
_BUCKETS = 1 << 20


class Sources:
    """Earlier sources, indexed by their 3-grams: 100,000 of them take about three seconds, a look-up 12 ms."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = [compared(text) for text in texts]
        self._exact: dict[str, list[int]] = {}
        for place, text in enumerate(self._texts):
            self._exact.setdefault(text, []).append(place)
        self._index()

    def like(self, text: str, least: int, most: int) -> list[tuple[int, int]]:
        """Return (place, percent) of the likest sources, best first, the later ones first among equals."""
        wanted = compared(text)
        same = [(place, 100) for place in reversed(self._exact.get(wanted, []))]
        if len(same) >= most:
            return same[:most]
        near = [
            (place, percent)
            for place in self._candidates(wanted)
            if self._texts[place] != wanted and (percent := likeness(wanted, self._texts[place])) >= least
        ]
        return [*same, *sorted(near, key=lambda each: (-each[1], -each[0]))][:most]

    def _index(self) -> None:
        grams = [_grams(text) for text in self._texts]
        self._sizes = np.array([len(each) for each in grams], dtype=np.int32)
        codes = np.concatenate(grams) if grams else np.empty(0, dtype=np.int64)
        rows = np.repeat(np.arange(len(grams), dtype=np.int32), self._sizes)
        order = np.argsort(codes, kind="stable")
        self._rows = rows[order]
        self._starts = np.searchsorted(codes[order], np.arange(_BUCKETS + 1))

    def _candidates(self, text: str) -> list[int]:
        grams = _grams(text)
        if not grams.size or not self._texts:
            return []
        hits = np.concatenate([self._rows[self._starts[code] : self._starts[code + 1]] for code in grams])
        shared = np.bincount(hits, minlength=len(self._texts))
        dice = 2 * shared / (self._sizes + len(grams))
        most = min(CANDIDATES, dice.size)
        best = np.argpartition(-dice, most - 1)[:most]
        return [int(place) for place in best[np.lexsort((best, -dice[best]))] if dice[place] > 0]


def likeness(one: str, other: str) -> int:
    """Return how like two texts are, in percent, as they are compared; 100 only for the same text."""
    if one == other:
        return 100
    a, b = _grams(one), _grams(other)
    dice = 2 * np.intersect1d(a, b).size / max(1, a.size + b.size)
    mine, theirs = _TOKEN.findall(one), _TOKEN.findall(other)
    longest = max(len(mine), len(theirs), 1)
    words = dice if longest > MOST_TOKENS else 1 - _edits(mine, theirs) / longest
    return min(99, int(50 * (dice + words)))


def _grams(text: str) -> NDArray[np.int64]:
    """Return the buckets of a text's 3-grams, each once; letters count without their case."""
    codes = np.frombuffer(f" {text.casefold()} ".encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    if codes.size < 3:
        return np.empty(0, dtype=np.int64)
    mixed = codes[:-2] * 1_000_003 + codes[1:-1] * 8_191 + codes[2:]
    return np.unique(mixed % _BUCKETS)


def _edits(one: list[str], other: list[str]) -> int:
    """Return how many words must be put in, taken out or replaced to make one of the other."""
    before = list(range(len(other) + 1))
    for row, word in enumerate(one, start=1):
        now = [row]
        for column, theirs in enumerate(other, start=1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (word != theirs)))
        before = now
    return before[-1]
