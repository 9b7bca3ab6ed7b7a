"""The signals of the piece recipe, one function each. All speak of candidates: places of works in the catalogue."""

import numpy as np

from memory.recall.catalogue import Catalogue, Places
from memory.recall.fusion import Signal

MOST_TAGS = 2
"""Shared tags that count: a third says nothing new."""

YEAR = 365.0


def best_passage(scores: Signal, owner: Places, candidates: Places) -> Signal:
    """Return the best score among each candidate's passages; NaN for a work of which none is known.

    `scores` and `owner` belong together, passage by passage; every owner is a candidate, and candidates ascend.
    """
    best = np.full(len(candidates), -np.inf)
    known = ~np.isnan(scores)
    np.maximum.at(best, np.searchsorted(candidates, owner[known]), scores[known])
    return np.where(np.isfinite(best), best, np.nan)


def same_author(catalogue: Catalogue, candidates: Places, authors: frozenset[str]) -> Signal:
    """Return 1 where a candidate has one of the authors, else 0."""
    return np.array([float(bool(catalogue.authors[place] & authors)) for place in candidates])


def shared_tags(catalogue: Catalogue, candidates: Places, tags: frozenset[str]) -> Signal:
    """Return how many of the tags each candidate has, two at most."""
    return np.array([float(min(MOST_TAGS, len(catalogue.tags[place] & tags))) for place in candidates])


def recency(catalogue: Catalogue, candidates: Places, as_of: float) -> Signal:
    """Return exp(-days / 365) before `as_of` (days since 1970): 1 from that day on, 0 where the date is not known."""
    age = np.maximum(as_of - catalogue.published[candidates], 0.0)
    return np.nan_to_num(np.exp(-age / YEAR), nan=0.0)
