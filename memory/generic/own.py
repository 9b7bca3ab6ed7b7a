"""What is usual for one creator: their own works' levels, drawn to everybody's where the works are few."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memory.generic.baseline import MEASURED_AT, Usual, between, everybodys, load, together, told_apart, with_totals
from memory.generic.signals import Array, levels
from memory.voice.prose import Prose

WINDOW = MEASURED_AT
"""Words of a work that are measured: signals spread more in shorter texts, so all are measured alike."""

SHRINK = 10
"""As many works' worth of everybody's levels are mixed in: a creator with ten works counts half."""

SHRINK_TOGETHER = 30
"""The same for which signals come together, which takes more works to tell."""

FOLDS = 5
"""Parts of the works that are each held against weights that the others made."""

FEWEST = 5
"""Works without which a creator's own level is not spoken of."""


@dataclass(frozen=True)
class Own:
    """What is usual for one creator in texts of WINDOW words, and of how many works that was measured."""

    usual: Usual
    works: int

    def at(self, words: int) -> Usual:
        """Return what is usual for them at another length: shorter texts spread more, as everybody's do."""
        here, there = between(load(), WINDOW), between(load(), words)
        return Usual(
            self.usual.mean + (there.mean - here.mean),
            self.usual.spread * there.spread / here.spread,
            self.usual.total_mean + (there.total_mean - here.total_mean),
            self.usual.total_spread * there.total_spread / here.total_spread,
            self.usual.weights,
        )


def window(prose: Prose, words: int = WINDOW) -> Prose:
    """Return whole sentences from the start of a text, of about so many words."""
    seen = 0
    for place, sentence in enumerate(prose.sentences):
        seen += len(sentence)
        if seen >= words:
            return prose.slice(0, place + 1)
    return prose


def own(measured: Sequence[Array]) -> Own | None:
    """Return what is usual in a creator's works, given their levels; None where there are too few."""
    works = len(measured)
    if works < FEWEST:
        return None
    table, general = np.array(measured), between(load(), WINDOW)
    share = works / (works + SHRINK)
    mean = share * table.mean(axis=0) + (1 - share) * general.mean
    # Everybody's spread: a few dozen works tell where somebody stands, and little of how far they wander.
    weights = _weights(table, mean, general.spread)
    mine = with_totals(mean, general.spread, weights, table, np.full(works, 1 / works))
    strays = (works + 1) / (works - 1)  # a new text strays further from their mean than the works that made it
    strayed = _spread_of_others(table, mean, general.spread) if works >= 2 * FOLDS else mine.total_spread
    total_spread = np.sqrt(share * strays * strayed**2 + (1 - share) * general.total_spread**2)
    total_mean = share * mine.total_mean + (1 - share) * general.total_mean
    return Own(Usual(mean, general.spread, total_mean, float(total_spread), weights), works)


def _weights(table: Array, mean: Array, spread: Array) -> Array:
    works = len(table)
    share = works / (works + SHRINK_TOGETHER)
    found = together(table, mean, spread, np.full(works, 1 / works))
    return told_apart(share * found + (1 - share) * everybodys())


def _spread_of_others(table: Array, mean: Array, spread: Array) -> float:
    """Return how the sum spreads over works by weights that did not see them: by their own it spreads too little."""
    spreads = []
    for fold in range(FOLDS):
        others = np.arange(len(table)) % FOLDS == fold
        weights, shares = _weights(table[~others], mean, spread), np.full(others.sum(), 1 / others.sum())
        spreads.append(with_totals(mean, spread, weights, table[others], shares).total_spread)
    return float(np.sqrt(np.mean(np.square(spreads))))


def measured(prose: Prose) -> Array | None:
    """Return the levels of a work's first WINDOW words; None for a work that is much shorter."""
    part = window(prose)
    return levels(part) if len(part.words) >= WINDOW // 2 else None
