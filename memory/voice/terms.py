"""What is learnt from besides rates: runs of letters, of words, and of patterns in which only small words stay.

Curly quotes, long dashes, ellipses and spaces are made the same first: software sets them, not authors. In a pattern
every other word is replaced by its ending ("-ing") and its capital, so a pattern can't tell what a text is about.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from memory.voice.function_words import INDEX
from memory.voice.prose import CODE

_SET_BY_SOFTWARE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "–": "—", "\u00a0": " "})
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*|[^\w\s]")
_ENDINGS = tuple("tion ment ness ing ed ly er est al ive ous ble ity s".split())  # noqa: SIM905
_LONGEST_RUN, _LONGEST_PATTERN, _LONGEST_PHRASE = 4, 3, 2


def folded(text: str) -> str:
    """Return a text on one line, with the marks that software sets made the same."""
    return " ".join(text.translate(_SET_BY_SOFTWARE).split())


def letters(text: str) -> Counter[str]:
    """Count the runs of 2 to 4 characters, with their case, of a folded text."""
    return Counter(text[at : at + n] for n in range(2, _LONGEST_RUN + 1) for at in range(len(text) - n + 1))


def phrases(text: str) -> Counter[str]:
    """Count words and marks, and pairs of them, with their case, of a folded text."""
    return Counter(_runs(_TOKEN.findall(text), _LONGEST_PHRASE))


def patterns(text: str) -> Counter[str]:
    """Count runs of 1 to 3 of a folded text's words and marks, with all but function words hidden."""
    return Counter(_runs([_hidden(token) for token in _TOKEN.findall(text)], _LONGEST_PATTERN))


KINDS: dict[str, Callable[[str], Counter[str]]] = {"letters": letters, "phrases": phrases, "patterns": patterns}
"""The three ways to take a text apart."""


def _runs(tokens: Sequence[str], most: int) -> Iterator[str]:
    for n in range(1, most + 1):
        for at in range(len(tokens) - n + 1):
            yield " ".join(tokens[at : at + n])


def _hidden(token: str) -> str:
    lower = token.lower()
    if lower in INDEX or token == CODE or not token[0].isalnum():
        return lower if lower in INDEX else token
    if token[0].isdigit():
        return "0"
    if token.isupper() and len(token) > 1:
        return "XX"
    ending = next((f"-{end}" for end in _ENDINGS if lower.endswith(end) and len(lower) > len(end) + 2), "x")
    return f"X{ending}" if token[0].isupper() else ending
