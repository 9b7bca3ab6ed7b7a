"""From evidence to a common scale: standard deviations above what other authors' texts of the same length get."""

from dataclasses import dataclass

import numpy as np

from memory.voice.background import LENGTHS, Background, Counted
from memory.voice.evidence import Array, Known, style_evidence, word_evidence
from memory.voice.features import IN_ANY_LANGUAGE

STYLE, WORDS = 0.6, 0.3
"""What the two kinds of evidence weigh, once both are normalised."""


@dataclass(frozen=True)
class Evidence:
    """Each feature's and each function word's evidence for one text or many: shapes (…, features), (…, words + 1)."""

    style: Array
    words: Array


def evidence(background: Background, known: Known, texts: Counted, *, english: bool) -> Evidence:
    """Weigh texts against an author's totals; in another language only what names no English words counts."""
    style = style_evidence(background.prior, known, texts.counts, texts.opportunities)
    words = word_evidence(background.prior, known, texts.function_words)
    return Evidence(style, words) if english else Evidence(style * IN_ANY_LANGUAGE, words * 0)


@dataclass(frozen=True)
class Scale:
    """What other authors' texts get from one author's totals: shape (lengths, 5).

    The columns are mean and deviation of the style evidence and of the word evidence, and the deviation of their sum.
    """

    levels: Array

    @classmethod
    def of(cls, background: Background, known: Known, *, english: bool) -> "Scale":
        """Weigh every background text against an author's totals."""
        found = (evidence(background, known, background.at[length], english=english) for length in LENGTHS)
        return cls(np.array([_level(each, background.weights) for each in found]))

    def shares(self, found: Evidence, length: float) -> Evidence:
        """Return evidence in standard deviations of what other authors' texts of that length get."""
        _, style_sd, _, words_sd, sd = self._at(length)
        return Evidence(found.style * STYLE / (style_sd * sd), found.words * WORDS / (words_sd * sd))

    def z(self, found: Evidence, length: float) -> Array:
        """Return how many standard deviations a text is above others' texts of that length."""
        style_mean, style_sd, words_mean, words_sd, sd = self._at(length)
        style = (found.style.sum(axis=-1) - style_mean) / style_sd
        words = (found.words.sum(axis=-1) - words_mean) / words_sd
        return np.asarray((STYLE * style + WORDS * words) / sd)

    def _at(self, length: float) -> Array:
        return np.array([between(column, length) for column in self.levels.T])


def between(values: Array, length: float) -> float:
    """Interpolate values known at LENGTHS, on a logarithmic scale of words; beyond them the nearest one holds."""
    return float(np.interp(np.log(length), np.log(LENGTHS), values))


def _level(found: Evidence, weights: Array) -> tuple[float, ...]:
    style, words = found.style.sum(axis=-1), found.words.sum(axis=-1)
    style_mean, style_sd = _mean_and_deviation(style, weights)
    words_mean, words_sd = _mean_and_deviation(words, weights)
    total = STYLE * (style - style_mean) / style_sd + WORDS * (words - words_mean) / words_sd
    return style_mean, style_sd, words_mean, words_sd, _mean_and_deviation(total, weights)[1]


def _mean_and_deviation(values: Array, weights: Array) -> tuple[float, float]:
    mean = float(values @ weights)
    return mean, max(float(np.sqrt((values - mean) ** 2 @ weights)), 1e-6)
