"""How signals of different kinds become one number."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]
"""One number for each candidate; NaN where it is not known."""


def zscores(signal: Signal) -> Signal:
    """Return how far each value is from the mean, in standard deviations. Unknown, or all alike, is 0."""
    known = ~np.isnan(signal)
    if not known.any():
        return np.zeros_like(signal)
    spread = signal[known].std()
    if spread < 1e-9:
        return np.zeros_like(signal)
    return np.where(known, (signal - signal[known].mean()) / spread, 0.0)


def contributions(
    text: Mapping[str, Signal], context: Mapping[str, Signal], weights: Mapping[str, float]
) -> dict[str, Signal]:
    """Return what each signal adds: text signals as z-scores, signals of the context as they are, both weighted."""
    return {name: weights[name] * zscores(signal) for name, signal in text.items()} | {
        name: weights[name] * signal for name, signal in context.items()
    }


def best_first(scores: Signal, k: int) -> NDArray[np.intp]:
    """Return the places of the `k` highest scores, highest first; of equals, the earlier one."""
    return np.argsort(-scores, kind="stable")[:k]
