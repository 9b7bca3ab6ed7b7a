"""From evidence to a common scale: standard deviations above what other authors' texts of the same length get."""

from dataclasses import dataclass

import numpy as np

from memory.voice.background import LENGTHS, Background, Counted
from memory.voice.evidence import Array, Known, style_evidence, word_evidence
from memory.voice.features import IN_ANY_LANGUAGE

STYLE, WORDS, LETTERS, PHRASES, PATTERNS = 0.6, 0.3, 0.7, 0.7, 1.0
"""What the kinds of evidence weigh, once each is normalised. Patterns hold best where topic or house change."""

_WEIGHTS = np.array([STYLE, WORDS, LETTERS, PHRASES, PATTERNS])
_LEARNT = 3


@dataclass(frozen=True)
class Evidence:
    """Each feature's and each function word's evidence for one text or many, and the learnt logits.

    Shapes: (…, features), (…, words + 1), (…, kinds of terms).
    """

    style: Array
    words: Array
    learnt: Array

    @property
    def parts(self) -> Array:
        """One number a kind of evidence, in the order of the weights: shape (…, 5)."""
        sums = np.stack([self.style.sum(axis=-1), self.words.sum(axis=-1)], axis=-1)
        return np.concatenate([sums, self.learnt], axis=-1)


def evidence(
    background: Background, known: Known, texts: Counted, learnt: Array | None = None, *, english: bool
) -> Evidence:
    """Weigh texts against an author's totals; in another language only what names no English words counts."""
    style = style_evidence(background.prior, known, texts.counts, texts.opportunities)
    words = word_evidence(background.prior, known, texts.function_words)
    silent = np.zeros((*style.shape[:-1], _LEARNT))
    if not english:
        return Evidence(style * IN_ANY_LANGUAGE, words * 0, silent)
    return Evidence(style, words, silent if learnt is None else learnt)


@dataclass(frozen=True)
class Scale:
    """What other authors' texts get from one author's totals: shape (lengths, 11).

    The columns are the mean of each kind of evidence, the deviation of each, and the deviation of their weighed sum.
    """

    levels: Array

    @classmethod
    def of(
        cls, background: Background, known: Known, learnt: dict[int, Array] | None = None, *, english: bool
    ) -> "Scale":
        """Weigh every background text against an author's totals, with what was learnt (by length) of each."""
        found = (
            evidence(background, known, background.at[length], learnt[length] if learnt else None, english=english)
            for length in LENGTHS
        )
        return cls(np.array([_level(each.parts, background.weights) for each in found]))

    def shares(self, found: Evidence, length: float) -> Evidence:
        """Return evidence in standard deviations of what other authors' texts of that length get."""
        _, deviations, total = self._at(length)
        weights = _WEIGHTS / (deviations * total)
        return Evidence(found.style * weights[0], found.words * weights[1], found.learnt * weights[2:])

    def z(self, found: Evidence, length: float) -> Array:
        """Return how many standard deviations a text is above others' texts of that length."""
        means, deviations, total = self._at(length)
        return np.asarray((found.parts - means) / deviations @ _WEIGHTS / total)

    def _at(self, length: float) -> tuple[Array, Array, float]:
        level = np.array([between(column, length) for column in self.levels.T])
        return level[:5], level[5:10], float(level[10])


def between(values: Array, length: float) -> float:
    """Interpolate values known at LENGTHS, on a logarithmic scale of words; beyond them the nearest one holds."""
    return float(np.interp(np.log(length), np.log(LENGTHS), values))


def _level(parts: Array, weights: Array) -> Array:
    means = weights @ parts
    deviations = _deviation(parts - means, weights)
    return np.concatenate([means, deviations, _deviation((parts - means) / deviations @ _WEIGHTS, weights)[None]])


def _deviation(differences: Array, weights: Array) -> Array:
    return np.maximum(np.sqrt(weights @ differences**2), 1e-6)
