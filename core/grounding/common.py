"""Words that everybody uses: a capital at the beginning of a sentence makes no name of them."""

from functools import lru_cache
from pathlib import Path

from core import numbers

LIST = Path(__file__).with_name("common_words.txt")

_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("es", ""),
    ("s", ""),
    ("ly", ""),
    ("er", ""),
    ("er", "e"),
    ("est", ""),
    ("ness", ""),
    ("ment", ""),
    ("able", ""),
    ("able", "e"),
)
_PREFIXES = ("un", "re", "non", "pre", "over", "under", "out", "mis", "co", "sub")
_CONTRACTED = ("'s", "'re", "'ll", "'ve", "'d", "n't", "'m")
SHORTEST = 3


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(LIST.read_text(encoding="utf-8").split())


@lru_cache(maxsize=8192)
def is_common(word: str) -> bool:
    """Say whether an English word (any case) is a usual one, or a regular form of one."""
    word = word.casefold().replace("’", "'")
    for ending in _CONTRACTED:
        word = word.removesuffix(ending)
    if word in _words() or numbers.is_word(word) or any(bare in _words() for bare in _bare(word)):
        return True
    rest = [word.removeprefix(each) for each in _PREFIXES if word.startswith(each)]
    return any(len(each) > SHORTEST and (each in _words() or any(b in _words() for b in _bare(each))) for each in rest)


def _bare(word: str) -> list[str]:
    found = [word.removesuffix(end) + new for end, new in _ENDINGS if word.endswith(end)]
    found += [each[:-1] for each in found if len(each) > SHORTEST and each[-1:] == each[-2:-1]]  # planning: plann, plan
    return [each for each in found if len(each) >= SHORTEST]
