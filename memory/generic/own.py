"""What is usual for one creator: their own works' levels, drawn to everybody's where the works are few."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memory.generic.baseline import Usual, between, load, with_totals
from memory.generic.signals import Array, levels
from memory.voice.prose import Prose

WINDOW = 100
"""Words of a work that are measured: signals spread more in shorter texts, so all are measured alike."""

SHRINK = 10
"""As many works' worth of everybody's levels are mixed in: a creator with ten works counts half."""

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
    mine = with_totals(mean, general.spread, table, np.full(works, 1 / works))
    strays = (works + 1) / (works - 1)  # a new text strays further from their mean than the works that made it
    total_spread = np.sqrt(share * strays * mine.total_spread**2 + (1 - share) * general.total_spread**2)
    return Own(
        Usual(mean, general.spread, share * mine.total_mean + (1 - share) * general.total_mean, float(total_spread)),
        works,
    )


def measured(prose: Prose) -> Array | None:
    """Return the levels of a work's first WINDOW words; None for a work that is much shorter."""
    part = window(prose)
    return levels(part) if len(part.words) >= WINDOW // 2 else None
