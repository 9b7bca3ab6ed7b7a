"""The signals of generic writing: each one small rate of a text, with the sign by which it speaks.

English only: nearly all of them name English words. What raises the risk has the sign +1, what lowers it -1.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memory.generic.words import CASUAL, CONNECTIVES, LOADED, PHRASES, PLAIN, REPORT_STEMS, STAGE_BUSINESS, STYLE_STEMS
from memory.voice import counters
from memory.voice.function_words import INDEX
from memory.voice.prose import Prose

Array = NDArray[np.float64]
Rate = Callable[[Prose], float]

LONGER, LONG = 3, 9
"""More letters than a small word has; letters from which a word is long."""

WINDOW = 50
"""Longer words over which variety is measured, so that a long text is no less varied than a short one."""

_ITEM = r"[\w'’-]+(?: [\w'’-]+){0,3}"
TRIAD = re.compile(rf"\b{_ITEM}, {_ITEM},? (?:and|or) [\w'’-]+")
TAIL = re.compile(r", (?:\w+ly )?(?!(?:during|including|according|following|regarding|nothing|something|everything|"
                  r"anything|morning|evening|king|spring|string|bring)\b)[a-z]{3,}ing\b(?!,)")  # fmt: skip
CONTRAST = re.compile(
    r"\b(?:not|n't|n’t) (?:just|only|merely|simply|about)\b[^.!?\n]{1,80}?\b(?:but|it's|it’s|it is|they're|—)"
    r"|\b(?:isn't|isn’t|wasn't|wasn’t|is not|was not|aren't|are not)\b[^.!?\n]{2,60}[.;—,] ?(?:it's|it’s|it is|it was|"
    r"they're|they are)\b",
    re.IGNORECASE,
)
CONNECTIVE = re.compile(rf"(?:^|(?<=[.!?]\s)|(?<=\n))(?:{'|'.join(CONNECTIVES)})\b,?", re.IGNORECASE)
PHRASE = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, PHRASES))})(?![\w-])", re.IGNORECASE)
STYLE = re.compile(rf"(?<![\w-])(?:{'|'.join(STYLE_STEMS)})[\w-]*", re.IGNORECASE)
REPORT = re.compile(rf"(?<![\w-])(?:{'|'.join(REPORT_STEMS)})[\w-]*", re.IGNORECASE)
PARTICIPLE = re.compile(
    r"\b(?!(?:nothing|something|everything|anything|during|thing|bring|morning|evening)\b)[a-z]{3,}ing\b"
)
ABSTRACT = re.compile(r"\b\w{3,}(?:tions?|sions?|ments?|ness|ity|ities|ances?|ences?|isms?|ship|hood)\b", re.IGNORECASE)
NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’]+")
NUMBER = re.compile(r"(?<!\w)[£$€]?\d[\d.,:]*")
DASH = re.compile(r"—|(?<=\w) – (?=\w)")
COMMA, PARENTHESIS = re.compile(","), re.compile(r"[(]")
SHORT_FORM = re.compile(r"\b[A-Z]{2,}\b")
FRAME = re.compile(r"\b(?:the|a|an|its|their) [a-z]+ of\b")
QUOTATION = re.compile(r'["“]')


@dataclass(frozen=True)
class Signal:
    """One rate and the sign by which it raises (+1) or lowers (-1) the risk."""

    name: str
    label: str  # as it stands in a sentence
    sign: int
    rate: Rate
    weight: float = 1.0  # HALF for what explains better than it tells


HALF = 0.5


def levels(prose: Prose) -> Array:
    """Return the level of every signal: its rate, or for what is counted its root, which chance spreads evenly.

    Shape: (signals,).
    """
    return np.array(
        [signal.rate(prose) if signal.name in MEASURED else signal.rate(prose) ** 0.5 for signal in SIGNALS],
        dtype=float,
    )


def matches(expression: re.Pattern[str]) -> Rate:
    """Return how often an expression matches per 100 words."""
    return lambda prose: 100 * sum(1 for _ in expression.finditer(prose.text)) / max(1, len(prose.words))


def listed(words: frozenset[str]) -> Rate:
    """Return how often any of these lower-case words stands per 100 words."""
    return lambda prose: 100 * sum(n for word, n in prose.counts.items() if word in words) / max(1, len(prose.words))


def word_length(prose: Prose) -> float:
    """Return the mean letters of a word, names and numbers left out."""
    lengths = [len(word) for word in prose.words if word.islower()]
    return sum(lengths) / max(1, len(lengths))


def variety(prose: Prose) -> float:
    """Return how many different longer words stand among WINDOW of them, as a share, over all such windows."""
    longer = [word for word in prose.words if len(word) > LONGER and word.islower() and word.isalpha()]
    if len(longer) <= WINDOW:
        return len(set(longer)) / max(1, len(longer))
    windows = range(0, len(longer) - WINDOW + 1, 5)
    return sum(len(set(longer[at : at + WINDOW])) for at in windows) / WINDOW / len(windows)


def long_words(prose: Prose) -> float:
    """Return the words of nine letters or more per 100, names left out."""
    return 100 * sum(len(word) >= LONG and word.islower() for word in prose.words) / max(1, len(prose.words))


def length_variation(prose: Prose) -> float:
    """Return how much sentence lengths vary, in parts of their mean; 0.25 where there is one only."""
    lengths = np.array([len(sentence) for sentence in prose.sentences], dtype=float)
    return float(lengths.std() / lengths.mean()) if len(lengths) > 1 else 0.25


def small_words(prose: Prose) -> float:
    """Return the function words per 100 words."""
    return 100 * sum(n for word, n in prose.counts.items() if word in INDEX) / max(1, len(prose.words))


def impersonal_openings(prose: Prose) -> float:
    """Return the sentences per 100 that open with “the”, “this” or a preposition instead of with somebody."""
    opening = sum(prose.starts[word] for word in ("the", "this", "these", "as", "with", "while", "despite"))
    return 100 * opening / max(1, len(prose.sentences))


def spoken_openings(prose: Prose) -> float:
    """Return the sentences per 100 that open with a small joining word."""
    opening = sum(prose.starts[word] for word in ("and", "but", "so", "or", "well", "then", "still", "maybe"))
    return 100 * opening / max(1, len(prose.sentences))


def _counted(counter: counters.Counter) -> Rate:
    return lambda prose: 100 * counter(prose) / max(1, len(prose.words))


def _i(prose: Prose) -> float:
    mine = ("i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "myself")
    return 100 * sum(prose.counts[word] for word in mine) / max(1, len(prose.words))


SIGNALS: tuple[Signal, ...] = (
    Signal("word_length", "letters a word", +1, word_length),
    Signal("long_words", "long words", +1, long_words),
    Signal("abstract_nouns", "abstract nouns", +1, matches(ABSTRACT)),
    Signal("triads", "lists of three", +1, matches(TRIAD), HALF),
    Signal("participles", "words on -ing", +1, matches(PARTICIPLE)),
    Signal("participle_tails", "sentences that end in “…, doing something”", +1, matches(TAIL)),
    Signal("style_words", "words that promise weight", +1, matches(STYLE)),
    Signal("report_words", "words that fill reports", +1, matches(REPORT)),
    Signal("loaded_words", "words that tell what to feel", +1, listed(LOADED)),
    Signal("stage_business", "stage business", +1, listed(STAGE_BUSINESS)),
    Signal("variety", "ever new words", +1, variety, HALF),
    Signal("formulas", "formulas", +1, matches(PHRASE), HALF),
    Signal("frames", "“the … of”", +1, matches(FRAME)),
    Signal("impersonal_openings", "sentences that open with “the”, “this”, “as”", +1, impersonal_openings),
    Signal("connectives", "openings that only join", +1, matches(CONNECTIVE), HALF),
    Signal("contrasts", "“not X but Y”", +1, matches(CONTRAST), HALF),
    Signal("commas", "commas", +1, matches(COMMA)),
    Signal("dashes", "dashes", +1, matches(DASH), HALF),
    Signal("contractions", "contractions", -1, _counted(counters.contractions), HALF),
    Signal("casual_words", "casual words", -1, listed(CASUAL)),
    Signal("plain_words", "plain words", -1, listed(PLAIN)),
    Signal("first_person", "“I” and “my”", -1, _i, HALF),
    Signal("length_variation", "sentences of uneven length", -1, length_variation, HALF),
    Signal("small_words", "small words", -1, small_words, HALF),
    Signal("parentheses", "parentheses", -1, matches(PARENTHESIS)),
    Signal("spoken_openings", "openings as in talk", -1, spoken_openings, HALF),
    Signal("names", "names", -1, matches(NAME)),
    Signal("short_forms", "short forms in capitals", -1, matches(SHORT_FORM)),
    Signal("quotations", "quotation marks", -1, matches(QUOTATION), HALF),
    Signal("numbers", "numbers", -1, matches(NUMBER)),
)

MEASURED = frozenset(("word_length", "long_words", "variety", "plain_words", "length_variation", "small_words"))
"""Signals that are no counts of rare things."""

NAMES: tuple[str, ...] = tuple(signal.name for signal in SIGNALS)
SIGNED_WEIGHTS = np.array([signal.sign * signal.weight for signal in SIGNALS], dtype=float)
"""Set by reasoning, not fitted: two weights in all. Shape: (signals,)."""
