"""Hashtags: where they stand, and how words become one."""

from typing import NamedTuple

import regex

from core import links
from core.spans import Cover

_HASHTAG = regex.compile(r"(?<![\w&/#＃])[#＃](?P<tag>[\p{L}\p{M}\p{N}_\u200c]*[\p{L}\p{M}_][\p{L}\p{M}\p{N}_\u200c]*)")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_APOSTROPHES = regex.compile(r"(?<=\p{L})['’](?=\p{L})")


class Hashtag(NamedTuple):
    """A hashtag as it stands in a text, end exclusive; `tag` is without the mark."""

    start: int
    end: int
    tag: str


def find(text: str) -> list[Hashtag]:
    """Return the hashtags of a text in order: letters, digits and underscores, not digits alone, not inside links."""
    addresses = Cover((link.start, link.end) for link in (links.find(text, bare=False) if "://" in text else ()))
    return [
        Hashtag(*match.span(), match["tag"]) for match in _HASHTAG.finditer(text) if not addresses.holds(match.start())
    ]


def hashtag(words: str) -> str:
    """Return words as one hashtag that a screen reader can say: `plain language` becomes `#PlainLanguage`.

    Empty where nothing but digits and marks is left.
    """
    parts = _WORD.findall(_APOSTROPHES.sub("", words))
    joined = "".join(part[:1].upper() + part[1:] if part.islower() else part for part in parts)
    return "#" + joined if any(not char.isdigit() for char in joined) else ""
