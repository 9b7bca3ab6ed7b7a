"""The signals of the piece recipe, one function each. All speak of candidates: places of works in the catalogue."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from memory.recall.catalogue import Catalogue, Mask, Places
from memory.recall.fusion import Signal

YEAR = 365.0


def best_passage(scores: Signal, owner: Places, candidates: Places) -> Signal:
    """Return the best score among each candidate's passages; NaN for a work of which none is known.

    `scores` and `owner` belong together, passage by passage; every owner is a candidate, and candidates ascend.
    """
    best = np.full(len(candidates), -np.inf)
    known = ~np.isnan(scores)
    np.maximum.at(best, np.searchsorted(candidates, owner[known]), scores[known])
    return np.where(np.isfinite(best), best, np.nan)


def shared(names_of: Sequence[frozenset[str]], candidates: Places, rarity: Mapping[str, float], most: float) -> Signal:
    """Return the summed rarity of the wished-for names (authors or tags) that each candidate has, `most` at most."""
    sums = [sum(rarity[name] for name in names_of[place] & rarity.keys()) for place in candidates]
    return np.minimum(np.array(sums, dtype=np.float64), most)


def rarities(names_of: Sequence[frozenset[str]], scope: Mask, names: frozenset[str]) -> dict[str, float]:
    """Return how much it says that a work in scope has a name: 1 if no other has it, towards 0 if all do.

    A tag that stands on every third post hardly tells which post is meant, nor does the author who wrote most of them.
    """
    if not names:
        return {}
    total = int(scope.sum())
    counts = Counter(name for place in np.flatnonzero(scope).tolist() for name in names_of[place] & names)
    most = math.log((total + 1) / 0.5)
    return {name: math.log((total + 1) / (counts[name] + 0.5)) / most for name in names}


def recency(catalogue: Catalogue, candidates: Places, as_of: float) -> Signal:
    """Return exp(-days / 365) before `as_of` (days since 1970): 1 from that day on, 0 where the date is not known."""
    age = np.maximum(as_of - catalogue.published[candidates], 0.0)
    return np.nan_to_num(np.exp(-age / YEAR), nan=0.0)
