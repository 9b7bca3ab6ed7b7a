"""The signals of the dialogue recipe, one function each. What is out of scope counts for nothing."""

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np

from memory.dialogue.recipe import B_SESSION, B_WINDOW, K1, NEIGHBOURS, WINDOW
from memory.dialogue.transcript import Tokens, Transcript
from memory.embedding.port import Vectors
from memory.recall.catalogue import Mask, Places
from memory.recall.fusion import Signal

_FIRST_PERSON = re.compile(r"\b(?:i|me|my|mine|we|us|our)\b", re.I)
GREENROOM = "Greenroom"
"""Who answers in the chat."""


def meaning(transcript: Transcript, query: Vectors, scope: Mask) -> Signal:
    """Return the cosine of the question with the weighted mean of each turn and its neighbours in scope."""
    usable = scope & transcript.has_vector
    alone = np.where(usable, transcript.known_vectors @ query, 0.0).astype(np.float64)
    weight = {offset: _there(transcript, usable, offset) * each for offset, each in NEIGHBOURS.items()}
    total = sum(weight[offset] * alone[transcript.beside(offset)[0]] for offset in NEIGHBOURS)
    square = np.zeros(len(alone))
    for first in NEIGHBOURS:
        for second in NEIGHBOURS:
            here = transcript.beside(min(first, second))[0]
            like = transcript.likeness(abs(first - second))[here] if first != second else 1.0
            square += weight[first] * weight[second] * like
    return np.where(usable, total / np.sqrt(np.maximum(square, 1e-9)), np.nan)


def words(transcript: Transcript, terms: Iterable[str], scope: Mask) -> Signal:
    """Return BM25 of the question's terms over each turn with those around it, in the same sitting."""
    lengths = _over_window(transcript, np.where(scope, transcript.lengths, 0.0))
    counts = [_over_window(transcript, count) for count in _counts(transcript, terms, scope)]
    return _bm25([np.where(scope, each, 0.0) for each in counts], lengths, scope, B_WINDOW)


def session(transcript: Transcript, terms: Iterable[str], scope: Mask) -> Signal:
    """Return BM25 of the question's terms over the whole sitting that a turn belongs to."""
    sitting, sittings = transcript.sitting, int(transcript.sitting.max()) + 1
    lengths = _summed(np.where(scope, transcript.lengths, 0.0), sitting, sittings)
    counts = [_summed(count, sitting, sittings) for count in _counts(transcript, terms, scope)]
    return _bm25(counts, lengths, lengths > 0, B_SESSION)[sitting]


def rarities(transcript: Transcript, terms: Sequence[str], scope: Mask) -> Signal:
    """Return how rare each term is among the turns in scope: what its tokens weigh."""
    total = int(scope.sum())
    found = (int((count > 0).sum()) for count in _counts(transcript, terms, scope, known_only=False))
    return np.array([math.log1p((total - each + 0.5) / (each + 0.5)) for each in found])


def nearest_tokens(asked: Tokens, of_turns: Sequence[Tokens]) -> Signal:
    """Return for each token of the question (row) its best cosine in each turn (column); 0 for a turn without any."""
    best = np.zeros((len(asked), len(of_turns)))
    filled = [place for place, tokens in enumerate(of_turns) if len(tokens)]
    if filled and len(asked):
        starts = np.cumsum([0, *(len(of_turns[place]) for place in filled[:-1])])
        best[:, filled] = np.maximum.reduceat(asked @ np.concatenate([of_turns[p] for p in filled]).T, starts, axis=1)
    return best


def widest(best: Signal, around: Sequence[Places]) -> Signal:
    """Return for each token the best cosine in each turn or in any around it; `around` gives columns, -1 for none."""
    padded = np.concatenate([best, np.zeros((len(best), 1))], axis=1)
    wide: Signal = np.maximum.reduce([padded[:, columns] for columns in around])
    return wide


def speaker(question: str, speakers: Sequence[str], scope: Mask) -> Signal:
    """Return 1 for the turns of the one speaker whom the question names, else 0.

    "I" and "we" are whoever is not Greenroom, where Greenroom is among the speakers.
    """
    present = {speakers[place] for place in np.flatnonzero(scope).tolist()}
    named = {name for name in present if _names(question, name)}
    if not named and GREENROOM in present and _FIRST_PERSON.search(question):
        return np.array([float(name != GREENROOM) for name in speakers])
    return np.array([float(name in named and len(named) == 1) for name in speakers])


def _names(question: str, speaker: str) -> bool:
    asked = {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", question) if word[0].isupper()}
    parts = [part.casefold() for part in re.findall(r"[^\W\d_]{2,}", speaker)]
    return any(part == word or (part.startswith(word) and len(part) > len(word)) for part in parts for word in asked)


def _counts(transcript: Transcript, terms: Iterable[str], scope: Mask, *, known_only: bool = True) -> Iterable[Signal]:
    """Yield how often each turn in scope has each term, one array a term."""
    for term in dict.fromkeys(terms) if known_only else terms:
        count = np.zeros(len(scope))
        if term in transcript.postings:
            places, counts = transcript.postings[term]
            count[places] = counts * scope[places]
        elif known_only:
            continue
        yield count


def _over_window(transcript: Transcript, values: Signal) -> Signal:
    total = np.zeros(len(values))
    for offset in WINDOW:
        places, there = transcript.beside(offset)
        total += np.where(there, values[places], 0.0)
    return total


def _bm25(counts: Sequence[Signal], lengths: Signal, scope: Mask, b: float) -> Signal:
    scores = np.zeros(len(lengths))
    total = int(scope.sum())
    norm = K1 * (1 - b + b * lengths / max(lengths[scope].mean() if total else 1.0, 1.0))
    for count in counts:
        having = int((count[scope] > 0).sum())
        scores += math.log1p((total - having + 0.5) / (having + 0.5)) * count * (K1 + 1) / (count + norm)
    return scores


def _summed(values: Signal, groups: Places, count: int) -> Signal:
    return np.bincount(groups, values, count).astype(np.float64)


def _there(transcript: Transcript, usable: Mask, offset: int) -> Signal:
    places, there = transcript.beside(offset)
    return (there & usable[places]).astype(np.float64)
