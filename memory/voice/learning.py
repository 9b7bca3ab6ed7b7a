"""Learning to tell one creator's pieces from other authors' posts, by letters, phrases and patterns.

For each kind of terms one logistic regression: pieces of the creator's works at all of LENGTHS against the background's
posts cut to the same lengths. What comes out is a weight a term, and, for the scale, what a work and another author get
from a fit that has not seen them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from memory.voice.background import Background
from memory.voice.evidence import Array
from memory.voice.grams import Grams, taken_apart
from memory.voice.logistic import Fit, fit
from memory.voice.prose import Prose
from memory.voice.rows import Floats, Rows, Whole
from memory.voice.terms import KINDS
from memory.voice.windows import cuts

AT_MOST = 300
"""Words of a draft that are judged at once: the longest that was learnt. A longer one gets the mean of its parts."""


@dataclass(frozen=True)
class Ear:
    """What was learnt of one creator, as it is kept: in half precision, an intercept before each kind's weights."""

    data: bytes

    @cached_property
    def _numbers(self) -> Floats:
        return np.frombuffer(self.data, dtype="<f2").astype(float)

    def hear(self, background: Background, proses: Sequence[Prose]) -> Array:
        """Return the logits of texts: shape (texts, kinds)."""
        counts = [taken_apart(prose) for prose in proses]
        found, at = [], 0
        for kind in KINDS:
            vocabulary = background.grams[kind].vocabulary
            end = at + 1 + len(vocabulary.terms)
            intercept, weights = self._numbers[at], self._numbers[at + 1 : end]
            found.append(vocabulary.rows([each[kind] for each in counts]).dot(weights) + intercept)
            at = end
        return np.stack(found, axis=-1)


def heard(data: bytes | None, background: Background, prose: Prose) -> Array | None:
    """Return the logits of one text, the mean over its parts; None where nothing was learnt."""
    if data is None:
        return None
    parts = [prose.slice(*span) for span in cuts(prose, AT_MOST, len(prose.sentences))] or [prose]
    return np.asarray(Ear(data).hear(background, parts).mean(axis=0))


@dataclass(frozen=True)
class Lesson:
    """What was learnt, and the logits of those it was learnt from, each from a fit that had not seen them."""

    ear: Ear
    own: Array  # (pieces, kinds): without the work that a piece is of
    others: dict[int, Array]  # by length (posts, kinds): without the author whose post it is


def learn(background: Background, own: dict[str, Rows], works: Whole) -> Lesson:
    """Learn from pieces (rows of unit length, by kind); `works` says which work each is of: shape (pieces,)."""
    fits: list[Fit] = []
    weights = []
    for kind in KINDS:
        start = fits[-1].logit if fits else None  # what one kind says is a good guess at what the next will
        fitted, found = _learn(background, background.grams[kind], own[kind], works, start)
        fits.append(fitted)
        weights.append(found)
    left_out = np.stack([fitted.left_out for fitted in fits], axis=-1)
    others = left_out[len(works) :].reshape(len(background.at), -1, len(KINDS))
    ear = Ear(np.concatenate(weights).astype("<f2").tobytes())
    return Lesson(ear, left_out[: len(works)], dict(zip(background.at, others, strict=True)))


def _learn(background: Background, grams: Grams, own: Rows, works: Whole, start: Floats | None) -> tuple[Fit, Floats]:
    """Return the fit of one kind of terms, and its intercept with the weight of each term."""
    terms = len(grams.vocabulary.terms)
    mine, others = own.sparse(terms), grams.weighed.sparse(terms)
    between = (mine @ others.T).toarray()
    products = np.block([[(mine @ mine.T).toarray(), between], [between.T, grams.products]]).astype(np.float32)
    theirs = np.arange(len(products)) < len(own)
    fitted = fit(products, theirs.astype(float), _groups(works, background), start)
    weights = mine.T @ fitted.dual[: len(own)] + others.T @ fitted.dual[len(own) :]
    return fitted, np.concatenate([[fitted.intercept], weights])


def _groups(works: Whole, background: Background) -> list[Whole]:
    """Return the rows that are left out together: those of one work, or of one author."""
    names = np.concatenate([works, -1 - np.tile(background.author_of, len(background.at))])
    return [np.flatnonzero(names == name) for name in np.unique(names)]


def rows_of(background: Background, proses: Sequence[Prose]) -> dict[str, Rows]:
    """Return texts as rows of each kind."""
    counts = [taken_apart(prose) for prose in proses]
    return {kind: background.grams[kind].vocabulary.rows([each[kind] for each in counts]) for kind in KINDS}
