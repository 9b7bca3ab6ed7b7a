"""Two things timed in turn, many times over, and what the times say of each other."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from evals.bench.web import spread


@dataclass(frozen=True)
class Took:
    """Milliseconds: by the clock up to what is waited for, and of this process's own work on the whole of it."""

    clock: float
    own_work: float


Pair = tuple[Took, Took]
"""Ours, and bare."""


def in_turn(ours: Callable[[], float], bare: Callable[[], float], number: int) -> Pair:
    """Take both, the second one first every other time: what a machine does next to it falls on both alike.

    Each returns its milliseconds by the clock.
    """
    if number % 2:
        second = _took(bare)
        return _took(ours), second
    first = _took(ours)
    return first, _took(bare)


def _took(measured: Callable[[], float]) -> Took:
    worked = time.process_time()
    clock = measured()
    return Took(clock, (time.process_time() - worked) * 1000)


def told(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return `{ratio, ratio_p95, added_ms, ours_ms, bare_ms, own_work_ms}`; ratios and differences pair by pair.

    `own_work_ms` is processor time of all threads here: a busy machine hardly stretches it.
    """
    ratios = [ours.clock / bare.clock for ours, bare in pairs]
    return {
        "ratio": round(median(ratios), 2),
        "ratio_p95": round(quantiles(ratios, n=20, method="inclusive")[-1] if len(ratios) > 1 else ratios[0], 2),
        "added_ms": spread([ours.clock - bare.clock for ours, bare in pairs]),
        "ours_ms": spread([ours.clock for ours, _ in pairs]),
        "bare_ms": spread([bare.clock for _, bare in pairs]),
        "own_work_ms": {
            "ours": spread([ours.own_work for ours, _ in pairs]),
            "bare": spread([bare.own_work for _, bare in pairs]),
        },
    }
