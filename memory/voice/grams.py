"""The background's runs of letters, phrases and patterns: which are known, how rare each is, and who uses which."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from memory.voice.prose import Prose
from memory.voice.rows import Floats, Rows, Whole, together
from memory.voice.terms import KINDS, folded

MOST = {"letters": 40_000, "phrases": 20_000, "patterns": 20_000}
"""How many terms of each kind are kept: the most frequent ones that stand in at least two of the posts."""


@dataclass(frozen=True)
class Vocabulary:
    """The known terms of one kind, in the order of their columns, and how rare each is."""

    terms: tuple[str, ...]
    idf: Floats

    @cached_property
    def columns(self) -> dict[str, int]:
        """Where each term stands."""
        return {term: place for place, term in enumerate(self.terms)}

    def rows(self, counts: Sequence[Counter[str]]) -> Rows:
        """Return texts' counts as rows of unit length."""
        return Rows.of(counts, self.columns).scaled(self.idf)

    @classmethod
    def of(cls, counts: Sequence[Counter[str]], most: int) -> "Vocabulary":
        """Return the terms of these texts that stand in two of them, at most `most`, with their rarity."""
        texts, times = Counter[str](), Counter[str]()
        for each in counts:
            texts.update(each.keys())
            times.update(each)
        chosen = sorted((term for term, many in texts.items() if many > 1), key=lambda term: (-times[term], term))
        terms = tuple(chosen[:most])
        held = np.array([texts[term] for term in terms], dtype=float)
        return cls(terms, np.log((1 + len(counts)) / (1 + held)) + 1)


@dataclass(frozen=True)
class Grams:
    """One kind of terms: the vocabulary, and the counts of the background's posts at each length."""

    vocabulary: Vocabulary
    at: dict[int, Rows]  # raw counts, one row a post

    @classmethod
    def of(cls, counts: dict[int, list[Counter[str]]], most: int) -> "Grams":
        """Fit the vocabulary to the longest texts, and count all of them in it."""
        vocabulary = Vocabulary.of(counts[max(counts)], most)
        return cls(vocabulary, {length: Rows.of(each, vocabulary.columns) for length, each in counts.items()})

    def without(self, keep: Whole) -> "Grams":
        """Return the same vocabulary with some of the posts."""
        return Grams(self.vocabulary, {length: rows.take(keep) for length, rows in self.at.items()})

    @cached_property
    def weighed(self) -> Rows:
        """The posts as rows of unit length: all of the first length, then all of the next."""
        return together(*self.at.values()).scaled(self.vocabulary.idf)

    @cached_property
    def products(self) -> Floats:
        """The products between all of these rows, the same for every creator."""
        rows = self.weighed.sparse(len(self.vocabulary.terms))
        return np.asarray((rows @ rows.T).toarray())


def taken_apart(prose: Prose) -> dict[str, Counter[str]]:
    """Return a text's terms of each kind."""
    text = folded(prose.text)
    return {kind: count(text) for kind, count in KINDS.items()}
