"""Chooses sentences: near the topic and the material's centre, early, telling, and unlike each other."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

POSITION_DECAY = 0.12  # of the text's length
LAMBDA = 0.75  # relevance against variety


def z(values: "Matrix") -> "Matrix":
    """Return values as distances from their mean, in standard deviations."""
    spread = float(values.std())
    centred: Matrix = values - values.mean()
    return centred / spread if spread > 1e-9 else centred * 0


def positions(count: int) -> "Matrix":
    """Return exp(-i / .12 n) for the places of a text: the first sentences say what it is about."""
    import numpy as np

    places = np.arange(count, dtype=np.float32)
    weights: Matrix = np.exp(-places / max(1.0, POSITION_DECAY * count)).astype(np.float32)
    return weights


def varied(scores: "Matrix", vectors: "Matrix", count: int) -> list[int]:
    """Return up to `count` places by maximal marginal relevance (λ .75): the best that say something new."""
    import numpy as np

    if not len(scores):
        return []
    span = float(scores.max() - scores.min())
    relevance = (scores - scores.min()) / span if span > 1e-9 else np.ones_like(scores)
    alike = vectors @ vectors.T
    chosen: list[int] = []
    left = list(range(len(scores)))
    while left and len(chosen) < count:
        near = [float(alike[i, chosen].max()) if chosen else 0.0 for i in left]
        gains = [LAMBDA * float(relevance[i]) - (1 - LAMBDA) * close for i, close in zip(left, near, strict=True)]
        best = left[max(range(len(left)), key=lambda place: (gains[place], -left[place]))]
        chosen.append(best)
        left.remove(best)
    return chosen
