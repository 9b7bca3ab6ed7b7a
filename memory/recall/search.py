"""One search, as the recipe says: candidates first, then every signal for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from memory.embedding.port import Vectors
from memory.recall import signals
from memory.recall.catalogue import Mask, Places
from memory.recall.fusion import Signal, best_first, contributions, zscores
from memory.recall.library import Library
from memory.recall.recipe import CANDIDATES, MORE, MOST_AUTHORS, MOST_TAGS, SHOWN_PASSAGES, WEIGHTS


@dataclass(frozen=True)
class Wish:
    """What is looked for, and what is known around it."""

    query: str
    title: str  # what headings are compared with
    authors: frozenset[str]
    tags: frozenset[str]
    as_of: float  # days since 1970


@dataclass(frozen=True)
class Search:
    """One wish in one library. `parts` are the passages of the candidates."""

    library: Library
    wish: Wish
    scope: Mask

    @cached_property
    def candidates(self) -> Places:
        """The works of the nearest passages and the best works by BM25, ascending."""
        roughly = self.library.nearest_passages(self._query, self.scope, CANDIDATES * MORE)
        near = self.library.passage_nearness(self._query, roughly)
        nearest = roughly[best_first(near, CANDIDATES)]
        by_words = best_first(self._bm25_of_works, CANDIDATES)
        by_words = by_words[self._bm25_of_works[by_words] > 0]
        return np.union1d(self.library.catalogue.owner[nearest], by_words)

    @cached_property
    def contributions(self) -> dict[str, Signal]:
        """What each signal adds to each candidate: the recipe."""
        catalogue, works, owner = self.library.catalogue, self.candidates, self._owner
        text = {
            "title": self.library.heading_nearness(self._title, works),
            "passage": signals.best_passage(self._nearness, owner, works),
            "bm25_piece": self._bm25_of_works[works],
            "bm25_passage": signals.best_passage(self._bm25_of_parts, owner, works),
        }
        context = {
            "same_author": self._shared(catalogue.authors, self.wish.authors, MOST_AUTHORS),
            "shared_tags": self._shared(catalogue.tags, self.wish.tags, MOST_TAGS),
            "recency": signals.recency(catalogue, works, self.wish.as_of),
        }
        return contributions(text, context, WEIGHTS)

    @cached_property
    def scores(self) -> Signal:
        """The fused score of each candidate: the sum of what its signals add."""
        total: Signal = np.sum(list(self.contributions.values()), axis=0)
        return total

    def evidence(self, work: int) -> list[tuple[int, float]]:
        """Return a work's best passages, best first, each with its two signals fused as the recipe weighs them."""
        own = np.flatnonzero(self._owner == work)
        best = own[best_first(self._part_scores[own], SHOWN_PASSAGES)]
        return [(int(self.parts[part]), float(self._part_scores[part])) for part in best]

    @cached_property
    def parts(self) -> Places:
        """All passages of the candidates."""
        return np.flatnonzero(np.isin(self.library.catalogue.owner, self.candidates))

    def _shared(self, names_of: Sequence[frozenset[str]], names: frozenset[str], most: float) -> Signal:
        return signals.shared(names_of, self.candidates, signals.rarities(names_of, self.scope, names), most)

    @cached_property
    def _owner(self) -> Places:
        return self.library.catalogue.owner[self.parts]

    @cached_property
    def _nearness(self) -> Signal:
        return self.library.passage_nearness(self._query, self.parts)

    @cached_property
    def _bm25_of_parts(self) -> Signal:
        return self.library.bm25_of_passages(self.wish.query, self.scope)[self.parts]

    @cached_property
    def _bm25_of_works(self) -> Signal:
        return self.library.bm25_of_works(self.wish.query, self.scope)

    @cached_property
    def _part_scores(self) -> Signal:
        return WEIGHTS["passage"] * zscores(self._nearness) + WEIGHTS["bm25_passage"] * zscores(self._bm25_of_parts)

    @property
    def _query(self) -> Vectors:
        return self._asked[0]

    @property
    def _title(self) -> Vectors:
        return self._asked[1]

    @cached_property
    def _asked(self) -> tuple[Vectors, Vectors]:
        if self.wish.query == self.wish.title:
            (query,) = self.library.embedder.embed([self.wish.query])
            return query, query
        query, title = self.library.embedder.embed([self.wish.query, self.wish.title])
        return query, title
