"""Ways to count in a text: each makes a counter for the table of features."""

import re
from collections.abc import Callable

from core.emoji import spans as emoji_spans
from memory.voice.prose import CODE, Prose

Counter = Callable[[Prose], int]

_CONTRACTED = re.compile(r"n't$|'(?:re|ve|ll|m|d)$|^(?:it|that|there|here|what|who|he|she|let|where|how)'s$")
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being"))

_LOWEST_IN_EMOJI = "\u20e3"  # the keycap; every other emoji holds a higher character


def words(prose: Prose) -> int:
    """Count all words."""
    return len(prose.words)


def sentences(prose: Prose) -> int:
    """Count sentences."""
    return len(prose.sentences)


def characters(wanted: str) -> Counter:
    """Count any of these characters."""
    return lambda prose: sum(map(prose.text.count, wanted))


def pattern(expression: str) -> Counter:
    """Count where an expression matches."""
    compiled = re.compile(expression)
    return lambda prose: len(compiled.findall(prose.text))


def listed(wanted: str) -> Counter:
    """Count these lower-case words (space between them)."""
    chosen = tuple(wanted.split())
    return lambda prose: sum(prose.counts[word] for word in chosen)


def pairs(wanted: str) -> Counter:
    """Count these pairs of lower-case words (comma between pairs)."""
    chosen = tuple((first, second) for first, second in (pair.split() for pair in wanted.split(",")))
    return lambda prose: sum(prose.pairs[pair] for pair in chosen)


def starting(wanted: str) -> Counter:
    """Count sentences that start with one of these words."""
    chosen = tuple(wanted.split())
    return lambda prose: sum(prose.starts[word] for word in chosen)


def ending(wanted: str, least: int, but: str = "") -> Counter:
    """Count words of at least `least` letters with one of these endings, save those of `but`."""
    endings, spared = tuple(wanted.split()), frozenset(but.split())
    return _where(lambda word: len(word) >= least and word.endswith(endings) and word not in spared)


def stems(wanted: str) -> Counter:
    """Count words that begin with one of these stems."""
    chosen = tuple(wanted.split())
    return _where(lambda word: word.startswith(chosen))


def letters(least: int, most: int) -> Counter:
    """Count words by their length in characters, both ends included."""
    return _where(lambda word: least <= len(word) <= most)


def _where(holds: Callable[[str], bool]) -> Counter:
    return lambda prose: sum(times for word, times in prose.counts.items() if holds(word))


def sentences_of(least: int, most: int) -> Counter:
    """Count sentences by their length in words, both ends included."""
    return lambda prose: sum(least <= len(sentence) <= most for sentence in prose.sentences)


def either(*counters: Counter) -> Counter:
    """Count what any of these counts."""
    return lambda prose: sum(counter(prose) for counter in counters)


def capitals(prose: Prose) -> int:
    """Count words in capitals; a single letter is none."""
    return sum(times for word, times in prose.cased.items() if word.isupper() and len(word) > 1 and word != CODE)


def capitalised(prose: Prose) -> int:
    """Count words with a capital inside a sentence: mostly names."""
    everywhere = sum(times for word, times in prose.cased.items() if _is_capitalised(word))
    return everywhere - sum(_is_capitalised(sentence[0]) for sentence in prose.sentences)


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and word[1:].islower()


digits = _where(lambda word: word[0].isdigit())
"""Count numbers that are written in digits."""


def emoji(prose: Prose) -> int:
    """Count emoji."""
    return len(emoji_spans(prose.text)) if max(prose.text, default="") >= _LOWEST_IN_EMOJI else 0


def passives(prose: Prose) -> int:
    """Count a form of "be" with a word on -ed after it."""
    return sum(times for (first, second), times in prose.pairs.items() if first in _BE and second.endswith("ed"))


contractions = _where(lambda word: "'" in word and _CONTRACTED.search(word) is not None)
"""Count contractions; a possessive is none."""

full_forms = either(
    pairs(
        "do not,does not,did not,is not,are not,was not,were not,can not,could not,should not,would not,will not,"
        "have not,has not,had not,i am,i have,i will,i would,you are,you have,you will,we are,we have,we will,we would,"
        "they are,they have,they will,it is,it will,that is,there is,what is,here is,let us"
    ),
    listed("cannot"),
)
"""Count pairs that could have been contracted."""
