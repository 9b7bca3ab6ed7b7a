"""Two times taken in turn, many times over, and what they say of each other."""

from collections.abc import Callable, Sequence
from statistics import median, quantiles
from typing import Any

from evals.bench.web import spread

Pair = tuple[float, float]
"""Milliseconds: ours, and bare."""


def in_turn(ours: Callable[[], float], bare: Callable[[], float], number: int) -> Pair:
    """Take both, the second one first every other time: what a machine does next to it falls on both alike."""
    if number % 2:
        second = bare()
        return ours(), second
    first = ours()
    return first, bare()


def told(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return `{ratio, ratio_p95, added_ms, ours_ms, bare_ms}`; ratios and differences are made pair by pair."""
    ratios = [ours / bare for ours, bare in pairs]
    return {
        "ratio": round(median(ratios), 2),
        "ratio_p95": round(quantiles(ratios, n=20, method="inclusive")[-1] if len(ratios) > 1 else ratios[0], 2),
        "added_ms": spread([ours - bare for ours, bare in pairs]),
        "ours_ms": spread([ours for ours, _ in pairs]),
        "bare_ms": spread([bare for _, bare in pairs]),
    }
