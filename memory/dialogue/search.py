"""One question put to what was said, as the recipe says: candidates first, then every signal for each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from memory.dialogue import signals
from memory.dialogue.recipe import CANDIDATES, WEIGHTS, WINDOW
from memory.dialogue.tokens import projected
from memory.dialogue.transcript import Tokens, Transcript
from memory.dialogue.words import terms
from memory.embedding.port import Vectors
from memory.embedding.tokens import TokenVectors
from memory.recall.catalogue import Mask, Places
from memory.recall.fusion import Signal, best_first, contributions


@dataclass(frozen=True)
class Asked:
    """A question and its vector; its token vectors, where the model gives any."""

    text: str
    vector: Vectors
    tokens: TokenVectors | None = None


@dataclass(frozen=True)
class Search:
    """One question in one transcript, of which only the turns in `scope` exist."""

    transcript: Transcript
    asked: Asked
    scope: Mask

    @cached_property
    def candidates(self) -> Places:
        """The nearest turns by meaning and the best by their words, ascending."""
        near = best_first(np.where(self._usable, self._meaning, -np.inf), CANDIDATES)
        by_words = best_first(self._words, CANDIDATES)
        return np.union1d(near[self._usable[near]], by_words[self._words[by_words] > 0])

    @cached_property
    def looked_at(self) -> Places:
        """The candidates and the turns around them: those whose token vectors are needed."""
        around = [np.where(there, places, -1) for places, there in map(self._around, WINDOW)]
        return np.setdiff1d(np.concatenate(around), [-1])

    def contributions(self, kept: Mapping[int, Tokens]) -> dict[str, Signal]:
        """Return what each signal adds to each candidate: the recipe. `kept`: token vectors by place."""
        places = self.candidates
        text = {
            "meaning": self._meaning[places],
            "words": self._words[places],
            **(self._tokens(kept) if self.asked.tokens and kept else {}),
            "session": signals.session(self.transcript, self._terms, self.scope)[places],
            "statement": self.transcript.statement[places],
        }
        named = signals.speaker(self.asked.text, self.transcript.speakers, self.scope)
        return contributions(text, {"speaker": named[places]}, WEIGHTS)

    def _tokens(self, kept: Mapping[int, Tokens]) -> dict[str, Signal]:
        """MaxSim, a token weighing what its word is worth: over the turn alone, and with those around it."""
        asked = self.asked.tokens
        if asked is None:
            return {}
        words = [next(iter(terms(word)), "") for word in asked.words]
        weight = signals.rarities(self.transcript, words, self.scope)
        weight /= max(weight.sum(), 1e-9)
        nothing = np.zeros((0, 0), dtype=np.float32)
        of_turns = [kept.get(int(place), nothing) for place in self.looked_at]
        best = signals.nearest_tokens(projected(asked.tokens), of_turns)
        own = np.searchsorted(self.looked_at, self.candidates)
        wide = signals.widest(best, [self._columns(offset) for offset in WINDOW])
        return {"tokens": weight @ best[:, own], "tokens_around": weight @ wide}

    def _columns(self, offset: int) -> Places:
        places, there = self._around(offset)
        return np.where(there, np.searchsorted(self.looked_at, places), -1)

    def _around(self, offset: int) -> tuple[Places, Mask]:
        """Return the places `offset` turns from the candidates, and which of them are of the sitting and in scope."""
        places, there = self.transcript.beside(offset)
        places = places[self.candidates]
        return places, there[self.candidates] & self.scope[places]

    @cached_property
    def _usable(self) -> Mask:
        return self.scope & ~np.isnan(self._meaning)

    @cached_property
    def _meaning(self) -> Signal:
        return signals.meaning(self.transcript, self.asked.vector, self.scope)

    @cached_property
    def _words(self) -> Signal:
        return signals.words(self.transcript, self._terms, self.scope)

    @cached_property
    def _terms(self) -> list[str]:
        return terms(self.asked.text)
