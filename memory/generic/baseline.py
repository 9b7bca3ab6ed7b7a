"""How other people's texts stand in each signal, as fitted numbers: what ships in `baseline.json`, with its card.

`python -m evals.make_generic_baseline voice.jsonl.gz` makes the file; no text is in it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from core.canonical import sha256
from memory.generic.signals import NAMES, SIGNED_WEIGHTS, Array
from memory.generic.words import EVERY, VERSION

LENGTHS = (40, 100, 300)
"""Words at which levels were measured; between them they are interpolated."""

SHIPPED = Path(__file__).parent / "baseline.json"
FARTHEST = 3.0
"""Standard deviations beyond which a signal says no more."""

LEAST_SPREAD = 0.05

RIDGE = 2.0
"""How far each signal is trusted by itself: with much, all weigh as they are listed; with none, only what is new."""

MEASURED_AT = 100
"""Words at which it was measured which signals come together."""


@dataclass(frozen=True)
class Usual:
    """Levels that are usual for texts of one length. Shapes: (signals,), (signals,)."""

    mean: Array
    spread: Array
    total_mean: float  # of the weighted sum of what all signals say
    total_spread: float
    weights: Array  # signed; of signals that come together each weighs less

    def says(self, levels: Array) -> Array:
        """Return what each signal adds to the risk: signed, weighted deviations. Shape: (…, signals)."""
        said: Array = np.clip((levels - self.mean) / self.spread, -FARTHEST, FARTHEST) * self.weights
        return said

    def deviation(self, levels: Array) -> float:
        """Return how far above the usual a text stands with all signals together, in standard deviations."""
        return float((self.says(levels).sum() - self.total_mean) / self.total_spread)


def standing(levels: Array, shares: Array) -> tuple[Array, Array]:
    """Return the mean and the spread of each signal among texts. Shapes: (texts, signals), (texts,) summing to 1."""
    mean = shares @ levels
    return mean, np.maximum(np.sqrt(shares @ (levels - mean) ** 2), LEAST_SPREAD)


def together(levels: Array, mean: Array, spread: Array, shares: Array) -> Array:
    """Return which signals come together among texts: the covariance of their deviations. Shape: (signals, signals)."""
    apart = np.clip((levels - mean) / spread, -FARTHEST, FARTHEST)
    apart -= shares @ apart
    found: Array = (apart * shares[:, None]).T @ apart
    return found


def told_apart(covariance: Array) -> Array:
    """Return the signals' signed weights, less for what others say already; none speaks against its own sign."""
    solved = np.linalg.solve(covariance + RIDGE * np.eye(len(covariance)), SIGNED_WEIGHTS)
    solved = np.where(np.sign(solved) == np.sign(SIGNED_WEIGHTS), solved, 0.0)
    weights: Array = solved * np.abs(SIGNED_WEIGHTS).sum() / np.abs(solved).sum()
    return weights


def with_totals(mean: Array, spread: Array, weights: Array, levels: Array, shares: Array) -> Usual:
    """Return levels that are usual, with how the sum over these texts comes out by them."""
    totals = Usual(mean, spread, 0.0, 1.0, weights).says(levels).sum(axis=1)
    middle = float(shares @ totals)
    return Usual(mean, spread, middle, float(np.sqrt(shares @ (totals - middle) ** 2)), weights)


def between(usual: dict[int, Usual], words: int) -> Usual:
    """Return what is usual at a length, interpolated in its logarithm; as at the ends beyond them."""
    lengths = sorted(usual)

    def at(values: Sequence[Array | float]) -> Array:
        logs = np.log(lengths)
        table = np.array(values, dtype=float).reshape(len(lengths), -1)
        return np.array([np.interp(np.log(max(words, 1)), logs, column) for column in table.T])

    every = [usual[length] for length in lengths]
    return Usual(
        at([each.mean for each in every]),
        at([each.spread for each in every]),
        float(at([each.total_mean for each in every])[0]),
        float(at([each.total_spread for each in every])[0]),
        every[0].weights,
    )


def save(usual: dict[int, Usual], covariance: Array, path: Path = SHIPPED) -> None:
    """Write what is usual at each length, and which signals come together, to four decimals."""
    lengths = {
        str(length): {
            "mean": each.mean.round(4).tolist(),
            "spread": each.spread.round(4).tolist(),
            "total_mean": round(each.total_mean, 4),
            "total_spread": round(each.total_spread, 4),
        }
        for length, each in usual.items()
    }
    made = {"made_for": _made_for(), "signals": NAMES, "lengths": lengths, "together": covariance.round(4).tolist()}
    path.write_text(json.dumps(made, indent=1) + "\n")


@cache
def load(path: Path = SHIPPED) -> dict[int, Usual]:
    """Read what ships. Raises ValueError where it was made for other signals or lists."""
    stored = _stored(path)
    weights = told_apart(np.array(stored["together"]))
    return {
        int(length): Usual(
            np.array(each["mean"]), np.array(each["spread"]), each["total_mean"], each["total_spread"], weights
        )
        for length, each in stored["lengths"].items()
    }


@cache
def everybodys(path: Path = SHIPPED) -> Array:
    """Return which signals come together in other people's texts. Shape: (signals, signals)."""
    return np.array(_stored(path)["together"])


def _stored(path: Path) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if stored["made_for"] != _made_for():
        raise ValueError("the generic baseline was made for other signals: run `python -m evals.make_generic_baseline`")
    return stored


def _made_for() -> str:
    return sha256([NAMES, SIGNED_WEIGHTS.tolist(), VERSION, EVERY, LENGTHS, RIDGE])
