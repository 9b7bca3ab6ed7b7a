"""How a background is fitted to the counts of other authors' posts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from memory.voice.background import LENGTHS, Background, Counted, Usual
from memory.voice.evidence import Array, Known, Prior
from memory.voice.features import Measure, measure
from memory.voice.grams import MOST, Grams, taken_apart
from memory.voice.learning import learn
from memory.voice.prose import Prose
from memory.voice.rows import together
from memory.voice.scale import Scale, evidence
from memory.voice.terms import KINDS

FEW = 10
"""Authors with fewer posts than this say nothing about how much an author's own posts differ."""

_UNKNOWN = Usual(np.ones(len(LENGTHS)), np.ones(len(LENGTHS)))


@dataclass(frozen=True)
class Sample:
    """One post of another author, cut to each of LENGTHS."""

    author: str
    at: dict[int, Prose]


def fit(samples: Sequence[Sample]) -> Background:
    """Return the background of these posts. Needs three authors, one of them with ten posts, or ValueError."""
    authors = tuple(sorted({sample.author for sample in samples}))
    if len(authors) < 3:
        raise ValueError("a background needs at least three authors")
    author_of = np.array([authors.index(sample.author) for sample in samples])
    at = {length: stack([measure(sample.at[length]) for sample in samples]) for length in LENGTHS}
    plain = _background(authors, author_of, at, _grams(samples))
    english, other = (_usual(plain, english=english) for english in (True, False))
    return replace(plain, english=english, any_language=other)


def _grams(samples: Sequence[Sample]) -> dict[str, Grams]:
    counts = {length: [taken_apart(sample.at[length]) for sample in samples] for length in LENGTHS}
    return {
        kind: Grams.of({length: [each[kind] for each in found] for length, found in counts.items()}, MOST[kind])
        for kind in KINDS
    }


def stack(measures: Sequence[Measure]) -> Counted:
    """Return the counts of many texts as tables."""
    return Counted(
        np.stack([measure.counts for measure in measures]),
        np.stack([measure.opportunities for measure in measures]),
        np.stack([measure.function_words for measure in measures]),
    )


def total(texts: Counted) -> Known:
    """Return the sums over texts."""
    return Known(texts.counts.sum(axis=0), texts.opportunities.sum(axis=0), texts.function_words.sum(axis=0))


def left_out(known: Known, texts: Counted) -> Known:
    """Return an author's totals without each of their texts in turn: one row a text."""
    return Known(
        known.counts - texts.counts,
        known.opportunities - texts.opportunities,
        known.function_words - texts.function_words,
    )


def rows(texts: Counted, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Counted:
    """Return some of the texts."""
    return Counted(texts.counts[chosen], texts.opportunities[chosen], texts.function_words[chosen])


def _background(
    authors: tuple[str, ...], author_of: NDArray[np.int64], at: dict[int, Counted], grams: dict[str, Grams]
) -> Background:
    prior = _prior(at[max(LENGTHS)], author_of, len(authors))
    return Background(authors, author_of, at, grams, prior, _UNKNOWN, _UNKNOWN)


def _prior(posts: Counted, author_of: NDArray[np.int64], authors: int) -> Prior:
    """Fit the Gamma law of each habit by its moments between authors; sampling noise is taken off the variance."""
    counts, chances, small = (
        _by_author(table, author_of, authors) for table in (posts.counts, posts.opportunities, posts.function_words)
    )
    pooled = counts.sum(axis=0) / np.maximum(chances.sum(axis=0), 1)
    rates = (counts + 0.5 * pooled) / (chances + 0.5)
    mean = np.maximum(rates.mean(axis=0), 1e-5)
    noise = (mean / np.maximum(chances, 1)).mean(axis=0)
    variance = np.maximum(rates.var(axis=0, ddof=1) - noise, (0.15 * mean) ** 2)
    shape = np.clip(mean**2 / variance, 0.3, 40)
    words = (small / small.sum(axis=1, keepdims=True)).mean(axis=0) + 1e-5
    return Prior(shape, shape / mean, words / words.sum())


def _by_author(table: Array, author_of: NDArray[np.int64], authors: int) -> Array:
    sums = np.zeros((authors, table.shape[1]))
    np.add.at(sums, author_of, table)
    return sums


def _usual(background: Background, *, english: bool) -> Usual:
    """Measure each author's own posts, one at a time left out, against a background without that author."""
    numbers = [number for number in range(len(background.authors)) if (background.author_of == number).sum() >= FEW]
    if not numbers:
        raise ValueError(f"a background needs an author with at least {FEW} posts")
    own = [_own(background, number, english=english) for number in numbers]
    gaps, spreads = np.array([z.mean(axis=1) for z in own]), np.array([z.std(axis=1, ddof=1) for z in own])
    return Usual(np.maximum(gaps.mean(axis=0), 0.2), spreads.mean(axis=0))


def _own(background: Background, number: int, *, english: bool) -> Array:
    """Return the z of each of an author's posts at each length: shape (lengths, posts)."""
    others = _without(background, number)
    mine = background.author_of == number
    whole = rows(background.at[max(LENGTHS)], mine)
    known = total(whole)
    own, learnt = _heard(background, others, np.flatnonzero(mine)) if english else (None, None)
    scale = Scale.of(others, known, learnt, english=english)
    rest = left_out(known, whole)
    found = []
    for place, length in enumerate(LENGTHS):
        heard = None if own is None else own[place]
        texts = evidence(others, rest, rows(background.at[length], mine), heard, english=english)
        found.append(scale.z(texts, length))
    return np.array(found)


def _heard(background: Background, others: Background, mine: NDArray[np.int64]) -> tuple[Array, dict[int, Array]]:
    """Return what an author's posts get when each in turn is not learnt from, and what the others' get."""
    posts = {
        kind: together(*(at.take(mine) for at in grams.at.values())).scaled(grams.vocabulary.idf)
        for kind, grams in background.grams.items()
    }
    lesson = learn(others, posts, np.tile(np.arange(len(mine)), len(LENGTHS)))
    return lesson.own.reshape(len(LENGTHS), len(mine), -1), lesson.others


def _without(background: Background, number: int) -> Background:
    keep = background.author_of != number
    author_of = background.author_of[keep]
    authors = background.authors[:number] + background.authors[number + 1 :]
    at = {length: rows(counted, keep) for length, counted in background.at.items()}
    grams = {kind: each.without(np.flatnonzero(keep)) for kind, each in background.grams.items()}
    return _background(authors, author_of - (author_of > number), at, grams)
