"""Means with intervals: a seeded bootstrap over clusters, as twelve briefs of one creator don't count as twelve."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 2_000
SEED = 20261126
ALPHA = 0.05
GATE_ALPHA = 0.01
"""The gate looks at dozens of figures at once: it wants a wider interval before it accuses."""


@dataclass(frozen=True)
class Estimate:
    """A mean and the interval that holds it, by resampling clusters. `n`: values."""

    mean: float
    low: float
    high: float
    n: int


def estimate(values: Sequence[float], clusters: Sequence[str], alpha: float = ALPHA) -> Estimate:
    """Return the mean of `values` and its percentile interval, resampling whole clusters with replacement.

    Where all are one cluster, single values are resampled. The seed is fixed: the same values, the same interval.
    """
    if not values:
        raise ValueError("there is nothing to average")
    means = _resampled(np.asarray(values, dtype=float), clusters)
    low, high = np.quantile(means, [alpha / 2, 1 - alpha / 2])
    return Estimate(float(np.mean(values)), float(low), float(high), len(values))


def share(values: Sequence[float], clusters: Sequence[str], alpha: float = ALPHA) -> Estimate:
    """Return `estimate`; where every case came out alike, the exact interval of a share (Clopper and Pearson, 1934).

    Resampling twenty successes gives twenty successes: it would call a rate certain that twenty cases can't show. The
    clusters count, not the cases in them.
    """
    told = estimate(values, clusters, alpha)
    if len(set(values)) > 1 or values[0] not in (0, 1):
        return told
    unseen = 1 - (alpha / 2) ** (1 / (len(set(clusters)) if len(set(clusters)) > 1 else len(values)))
    return Estimate(told.mean, 1 - unseen if values[0] else 0.0, 1.0 if values[0] else unseen, told.n)


def difference(old: Sequence[float], new: Sequence[float], clusters: Sequence[str], alpha: float = ALPHA) -> Estimate:
    """Return the mean of new - old over the same cases, with its interval: paired, as both met the same difficulty.

    Where clusters are so few that chance alone moves all of them one way more often than `alpha`, resampling them is
    too sure of itself: there the interval is widened as Student's t is (four creators that all lose as much still show
    it, four that lose something by chance don't). One value alone shows nothing.
    """
    told = estimate([b - a for a, b in zip(old, new, strict=True)], clusters, alpha)
    count = len(set(clusters)) if len(set(clusters)) > 1 else told.n
    if count < 2:
        return Estimate(told.mean, min(told.mean, 0.0), max(told.mean, 0.0), told.n)
    wider = _wider(count, alpha) if 2.0 ** (1 - count) > alpha else 1.0
    return Estimate(
        told.mean, told.mean - wider * (told.mean - told.low), told.mean + wider * (told.high - told.mean), told.n
    )


def _wider(count: int, alpha: float) -> float:
    """Return by how much an interval of a mean of so few is wider than that of many."""
    from scipy.stats import norm, t

    return float(t.ppf(1 - alpha / 2, count - 1) / norm.ppf(1 - alpha / 2) * (count / (count - 1)) ** 0.5)


def _resampled(values: NDArray[np.float64], clusters: Sequence[str]) -> NDArray[np.float64]:
    """Return the means of ROUNDS resamples."""
    names = sorted(set(clusters))
    if len(names) < 2:
        names, clusters = [str(at) for at in range(len(values))], [str(at) for at in range(len(values))]
    place = {name: at for at, name in enumerate(names)}
    of = np.array([place[cluster] for cluster in clusters])
    sums = np.bincount(of, weights=values, minlength=len(names))
    sizes = np.bincount(of, minlength=len(names)).astype(float)
    drawn = np.random.default_rng(SEED).integers(0, len(names), size=(ROUNDS, len(names)))
    result: NDArray[np.float64] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return result
