"""Is a voice score what it says? Of texts scored 70, are seven in ten the creator's, and does the interval hold?"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from memory.voice.score import Place

Placed = dict[int, tuple[list[Place], list[Place]]]
"""One author's held-out texts, by length: where their own stand, and where those of others do."""

_EDGES = (0, 20, 40, 60, 80, 100)


def calibration(placed: Sequence[Placed]) -> dict[str, dict[str, Any]]:
    """Return, for each fifth of the scale, how many texts scored there and what share was the author's own."""
    found: dict[str, dict[str, Any]] = {}
    scores = [
        (each.score, own) for one in placed for pair in one.values() for own, side in _sides(pair) for each in side
    ]
    for low, high in pairwise(_EDGES):
        inside = [own for score, own in scores if low <= score < high or score == high == _EDGES[-1]]
        share = round(sum(inside) / len(inside), 3) if inside else None
        found[f"{low}-{high}"] = {"texts": len(inside), "theirs": share}
    return found


def held(placed: Sequence[Placed]) -> dict[str, float | None]:
    """Return, by length, the share of texts whose interval holds what the longest version of the text scored."""
    lengths = sorted({length for one in placed for length in one})
    return {str(length): _held(placed, length, lengths[-1]) for length in lengths[:-1]}


def _held(placed: Sequence[Placed], length: int, longest: int) -> float | None:
    pairs = [
        (short, long)
        for one in placed
        for shorter, longer in zip(one[length], one[longest], strict=True)
        for short, long in zip(shorter, longer, strict=True)
    ]
    inside = [short.interval[0] <= long.score <= short.interval[1] for short, long in pairs]
    return round(sum(inside) / len(inside), 3) if inside else None


def _sides(pair: tuple[list[Place], list[Place]]) -> tuple[tuple[bool, list[Place]], tuple[bool, list[Place]]]:
    return (True, pair[0]), (False, pair[1])
