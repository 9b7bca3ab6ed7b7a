"""The word lists of `lists.yaml`, read once."""

from functools import lru_cache
from importlib import resources
from typing import Any

import regex

_LETTER = r"(?<![\p{L}\p{M}\p{N}'’-])"
_END = r"(?![\p{L}\p{M}\p{N}-]|['’]\p{L})"


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    import yaml

    text = resources.files("core.edits").joinpath("lists.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def listed(name: str) -> tuple[str, ...]:
    """Return the words or patterns of a list."""
    return tuple(_read()[name])


@lru_cache(maxsize=16)
def pairs(name: str, *, turned: bool = False) -> dict[str, str]:
    """Return the pairs of a list, `turned` the other way round; where two turn into one, the first counts."""
    found: dict[str, str] = dict(_read()[name])
    if not turned:
        return found
    back: dict[str, str] = {}
    for old, new in found.items():
        back.setdefault(new, old)
    return back


def any_of(words: tuple[str, ...]) -> "regex.Pattern[str]":
    """Return a pattern of any of the words or phrases, the longest first, in any case, with either apostrophe."""
    return _pattern(words)


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> "regex.Pattern[str]":
    forms = "|".join(_form(word) for word in sorted(words, key=len, reverse=True))
    return regex.compile(f"{_LETTER}(?:{forms}){_END}", regex.IGNORECASE)


def _form(words: str) -> str:
    return r"\s+".join(regex.escape(word.replace("’", "'")).replace("'", "['’]") for word in words.split())
