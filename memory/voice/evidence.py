"""The arithmetic of voice: how much more likely an author's habits make a text than other authors' habits do.

Style counts: a habit's rate differs between authors by a Gamma law. An author's works narrow it down; a text's count is
then negative binomial, once with the author's law and once with everybody's. The log of the ratio, clipped at ±3, is
the evidence of one habit. Function words: the same with a Dirichlet law over the words, per word of the text.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CLIP = 3.0
"""The most that one habit may say, for or against: a single quirk never decides."""

MASS = 1500.0
"""How many words of an author outweigh what is known of all authors' function words."""


@dataclass(frozen=True)
class Prior:
    """How habits differ between authors. Shapes: (features,), (features,), (function words + 1,)."""

    shape: Array
    exposure: Array  # the Gamma law's rate parameter, in opportunities
    words: Array  # probabilities, summing to 1


@dataclass(frozen=True)
class Known:
    """What an author's works say: total counts. Leading axes broadcast, so many left-out totals can be used at once."""

    counts: Array
    opportunities: Array
    function_words: Array


def style_evidence(prior: Prior, known: Known, counts: Array, opportunities: Array) -> Array:
    """Return the clipped log-likelihood ratio of each habit: shape (…, features); 0 where there is no opportunity."""
    theirs = _log_chance(counts, opportunities, prior.shape + known.counts, prior.exposure + known.opportunities)
    anyones = _log_chance(counts, opportunities, prior.shape, prior.exposure)
    return np.asarray(np.clip(theirs - anyones, -CLIP, CLIP))


def _log_chance(count: Array, chances: Array, shape: Array, exposure: Array) -> Array:
    """Log of the negative binomial, without the terms that are the same for every law."""
    total = exposure + chances
    chance = log_gamma(shape + count) - log_gamma(shape) + shape * np.log(exposure / total) - count * np.log(total)
    return np.asarray(chance)


def word_evidence(prior: Prior, known: Known, function_words: Array) -> Array:
    """Return each function word's share of the log-likelihood ratio per word of the text, against what is expected."""
    weight = word_weights(prior, known)
    total = np.maximum(function_words.sum(axis=-1, keepdims=True), 1)
    return np.asarray((function_words / total - prior.words) * weight)


def word_weights(prior: Prior, known: Known) -> Array:
    """Return the log ratio of the author's and everybody's probability of each function word."""
    total = known.function_words.sum(axis=-1, keepdims=True)
    return np.asarray(np.log((known.function_words + MASS * prior.words) / (total + MASS) / prior.words))


def log_gamma(x: Array) -> Array:
    """Return ln Γ(x) for positive x, to about 1e-10: Stirling's series after six steps of the recurrence."""
    y = x + 6
    product = x * (x + 1) * (x + 2) * (x + 3) * (x + 4) * (x + 5)
    series = 1 / (12 * y) - 1 / (360 * y**3) + 1 / (1260 * y**5)
    return np.asarray((y - 0.5) * np.log(y) - y + 0.9189385332046727 + series - np.log(product))
