"""Stretches of a text: whether one of many covers a place, and the text with all of them blanked, in one pass each."""

from bisect import bisect_right
from collections.abc import Iterable

Span = tuple[int, int]


class Cover:
    """The places that stretches cover, end exclusive; they may overlap and come in any order."""

    def __init__(self, spans: Iterable[Span]) -> None:
        merged: list[list[int]] = []
        for start, end in sorted(spans):
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            elif end > start:
                merged.append([start, end])
        self._starts = [start for start, _ in merged]
        self._ends = [end for _, end in merged]

    def touches(self, start: int, end: int) -> bool:
        """Say whether one of them shares a character with `start` to `end`."""
        at = bisect_right(self._ends, start)
        return at < len(self._starts) and self._starts[at] < end

    def holds(self, at: int) -> bool:
        """Say whether one of them covers a place."""
        return self.touches(at, at + 1)

    def spans(self) -> list[Span]:
        """Return what is covered, in order, each stretch once."""
        return list(zip(self._starts, self._ends, strict=True))


def blanked(text: str, spans: Iterable[Span], fill: str = " ") -> str:
    """Return the text with these stretches filled, every other character in its place."""
    parts, at = [], 0
    for start, end in Cover(spans).spans():
        parts += [text[at:start], fill * (end - start)]
        at = end
    return "".join([*parts, text[at:]])
