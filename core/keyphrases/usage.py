"""How words are used: like a verb or like a noun, at a phrase's end or before another word, and how rare they are.

Learnt from plain text by counting the closed-class words beside each word; nobody has to mark anything.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from core.keyphrases.closed import closed
from core.keyphrases.tokens import Token, tokens

AFTER_MODAL, AFTER_DETERMINER, BEFORE_DETERMINER, AT_END, HEADS, MODIFIES, TEXTS = range(7)
"""The counts kept of a word. HEADS: after a determiner and at a phrase's end; MODIFIES: after one, before a word."""

_COUNTS = 7
_MOST = 4.0  # how sure usage alone can be, as a log ratio

_VERB_ENDINGS = {"ize": 2.0, "ise": 1.0, "ify": 2.0, "izes": 2.0, "ifies": 2.0, "ises": 0.5}
NOUN_ENDINGS = (
    "tion", "sion", "ment", "ness", "ity", "ism", "ist", "er", "or", "ance", "ence", "ancy", "ency", "ship", "graphy",
    "logy", "metry", "ics", "oid", "ase", "gen", "ium", "ide", "ure", "age", "hood", "dom",
)  # fmt: skip
_ADJECTIVE_ENDINGS = (
    "al", "ive", "ous", "able", "ible", "ful", "less", "ic", "ary", "ish", "ar", "ant", "ent", "like", "wise", "based",
    "oriented", "driven", "aided", "free", "order",
)  # fmt: skip


class Usage:
    """Counts of how words are used, of which the scores are made."""

    def __init__(self, counts: dict[str, tuple[int, ...]], texts: int) -> None:
        self._counts = counts
        self.texts = texts
        self._verbal: dict[str, float] = {}

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "Usage":
        """Count the words of texts."""
        counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * _COUNTS)
        n = 0
        for text in texts:
            n += 1
            read = tokens(text)
            _count(read, counts)
            for word in {token.low for token in read if not token.is_break}:
                counts[word][TEXTS] += 1
        return cls({word: tuple(each) for word, each in counts.items()}, n)

    def with_(self, other: "Usage") -> "Usage":
        """Return both together."""
        merged = dict(self._counts)
        for word, counts in other._counts.items():
            merged[word] = tuple(map(sum, zip(merged.get(word, (0,) * _COUNTS), counts, strict=True)))
        return Usage(merged, self.texts + other.texts)

    def verbal(self, word: str) -> float:
        """Return how much more a word is used like a verb than like a noun, as a log ratio (−4..4)."""
        if word not in self._verbal:
            self._verbal[word] = self._verbal_of(word)
        return self._verbal[word]

    def heads(self, word: str) -> float:
        """Return how much more a word ends a noun phrase than stands before another word in it (−4..4)."""
        counts = self._counts.get(word)
        prior = _heads_by_ending(word)
        if counts is None:
            return prior
        ratio = math.log((counts[HEADS] + 0.5) / (counts[MODIFIES] + 0.5))
        weight = (counts[HEADS] + counts[MODIFIES]) / (counts[HEADS] + counts[MODIFIES] + 4)
        return _clipped(weight * ratio + (1 - weight) * prior)

    def rarity(self, word: str) -> float:
        """Return how rare a word is: the log of texts per text that has it; the most for one never seen."""
        counts = self._counts.get(word)
        return math.log((self.texts + 1) / ((counts[TEXTS] if counts else 0) + 0.5))

    def rows(self, least: int) -> dict[str, tuple[int, ...]]:
        """Return the counts of words in at least so many texts."""
        return {word: counts for word, counts in self._counts.items() if counts[TEXTS] >= least}

    def _verbal_of(self, word: str) -> float:
        prior = 2.0 if word in closed().verbs else self._verbal_of_family(word)
        counts = self._counts.get(word)
        if counts is None:
            return prior
        verb = counts[AFTER_MODAL] + counts[BEFORE_DETERMINER]
        noun = counts[AFTER_DETERMINER] + 0.5 * counts[AT_END]
        weight = (verb + noun) / (verb + noun + 3)
        return _clipped(weight * math.log((verb + 0.5) / (noun + 0.5)) + (1 - weight) * prior)

    def _verbal_of_family(self, word: str) -> float:
        """Return what a word's base form says of it ("degrades": "degrade"), else its ending."""
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            bases = [word[:-1]] + ([word[:-2]] if word.endswith("es") else [])
            known = [base for base in bases if base in self._counts]
            if known:
                return min(2.0, max(self.verbal(base) for base in known)) - 0.5
        return _verbal_by_ending(word)


@lru_cache(maxsize=1)
def shipped() -> Usage:
    """Return the usage that ships; README.md beside it says what it was made of."""
    lines = resources.files("core.keyphrases").joinpath("usage.tsv").read_text(encoding="utf-8").splitlines()
    texts = int(lines[0].removeprefix("# texts: "))
    rows = (line.split("\t") for line in lines[1:])
    return Usage({word: tuple(map(int, counts)) for word, *counts in rows}, texts)


def _count(read: list[Token], counts: defaultdict[str, list[int]]) -> None:
    classes = closed()
    grammar = classes.grammar
    determiners = classes.determiners - {"that", "which", "whose", "what", "whatever", "more", "most", "less", "least"}
    after_modal = (classes.modals | classes.pronouns) - {"me", "us", "him", "them", "it", "itself", "one", "ones"}
    ends = classes.being | classes.having | classes.modals | {"of", "which", "and", "or", "."}
    for at, token in enumerate(read):
        if token.is_break or token.low in grammar:
            continue
        before = read[at - 1].low if at else "."
        after = read[at + 1].low if at + 1 < len(read) else "."
        mine = counts[token.low]
        mine[AFTER_MODAL] += before in after_modal
        mine[BEFORE_DETERMINER] += after in determiners or after in _OBJECTS
        mine[AT_END] += after in ends
        if before in determiners:
            mine[AFTER_DETERMINER] += 1
            mine[HEADS] += after in ends
            mine[MODIFIES] += after != "." and after not in grammar


_OBJECTS = frozenset({"it", "them", "us", "him", "itself", "themselves", "how", "whether", "me", "you"})


def _verbal_by_ending(word: str) -> float:
    if word.endswith(NOUN_ENDINGS) or "-" in word:
        return -2.0
    for ending, score in _VERB_ENDINGS.items():
        if word.endswith(ending):
            return score
    if word.endswith("ing"):
        return 0.3
    return 0.0 if word.endswith("ed") else -1.5


def _heads_by_ending(word: str) -> float:
    if word.endswith(_ADJECTIVE_ENDINGS) and not word.endswith(("ment", "ence", "ance")):
        return -2.0
    if word.endswith(("ed", "ing")):
        return -0.5
    return 1.0


def _clipped(value: float) -> float:
    return max(-_MOST, min(_MOST, value))
