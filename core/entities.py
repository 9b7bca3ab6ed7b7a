"""Where X and Mastodon see a link: the rules that decide what is counted at a flat rate.

Both descend from one set of rules. A link needs a known top-level domain; X also takes bare domains (`example.org`),
Mastodon does not, and lets paths hold any script.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import regex

MAX_URL = 4096
MAX_LABEL = 63
MAX_LABELS = 12  # more than real domains have: it keeps the search linear

_PUNCTUATION = r"""!"\#$%&'()*+,\-./:;<=>?@\[\]\^_`{|}~"""
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVALID = "\ufffe\ufeff\uffff"
_SPACES = r"\s\u0085\u180e\u200b"
_DOMAIN_CHAR = f"[^{_PUNCTUATION}{_SPACES}{_INVALID}{_DIRECTION}]"
_LABEL_CHAR = f"[^{_PUNCTUATION.replace('-', '', 1).replace('_', '')}{_SPACES}{_INVALID}{_DIRECTION}]"
_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    "\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_CYRILLIC = "\u0400-\u04ff"


class Entity(NamedTuple):
    """A stretch of text that is counted at a flat rate, end exclusive."""

    start: int
    end: int


@lru_cache(maxsize=1)
def tlds() -> frozenset[str]:
    """Return the known top-level domains, in lower case, in ASCII and in Unicode form."""
    lines = resources.files("core.channels").joinpath("tlds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _tld() -> str:
    """Return a pattern of a known top-level domain: as a tree, because a long list is tried name by name."""
    return rf"(?:(?-i:{_tree(_spellings())})(?=[^0-9a-zA-Z@+\-]|$)|xn--[\-0-9a-z]+)"


def _tree(words: Iterable[str]) -> str:
    first: dict[str, list[str]] = {}
    for word in sorted(words):
        first.setdefault(word[:1], []).append(word[1:])
    whole = "" in first
    first.pop("", None)
    branches = [regex.escape(char) + _tree(tails) for char, tails in first.items()]
    if not branches:
        return ""
    either = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{either})?" if whole else either


_X_PATH = rf"[a-z{_CYRILLIC}0-9!*';:=+,.$/%\#\[\]\-\u2013_~@|&{_LATIN}]"
_X_PATH_END = rf"[+\-a-z{_CYRILLIC}0-9=_\#/{_LATIN}]"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%\#\[\]\-_.,~|]*[a-z0-9\-_&=\#/]"
_WIDE_PATH = rf"[^{_SPACES}<>()?]"
_WIDE_PATH_END = rf"""[^{_SPACES}()?!*"'「」<>;:=,.$%\[\]~&|@]"""


def _path(char: str, end: str) -> str:
    balanced = rf"\((?:{char}+|{char}*\({char}+\){char}*)\)"
    return rf"(?:{char}*(?:{balanced}{char}*)*(?:{end}|{balanced})|@{char}+/)"


@lru_cache(maxsize=1)
def _spellings() -> frozenset[str]:
    """Return the domains as they are written: matching without regard to case is ten times slower."""
    return frozenset(form for name in tlds() for form in (name, name.upper(), name.capitalize()))


@lru_cache(maxsize=1)
def _any_domain() -> "regex.Pattern[str]":
    return regex.compile(rf"\.{_tld()}")


@lru_cache(maxsize=2)
def _pattern(wide: bool) -> "regex.Pattern[str]":
    char, end = (_WIDE_PATH, _WIDE_PATH_END) if wide else (_X_PATH, _X_PATH_END)
    label = rf"{_DOMAIN_CHAR}(?:{_LABEL_CHAR}{{1,{MAX_LABEL - 1}}}+(?<![_\-]))?\."  # one way to read each label
    source = rf"""
        (?P<before>[^A-Za-z0-9@＠$\#＃{_INVALID}]|^)
        (?P<url>
            (?P<protocol>https?://)?
            (?P<domain>(?:{label}){{1,{MAX_LABELS}}}{_tld()})
            (?::[0-9]+)?
            (?P<path>/{_path(char, end)}*+)?
            (?:{_QUERY})?
        )"""
    return regex.compile(source, regex.IGNORECASE | regex.VERBOSE)


@lru_cache(maxsize=1)
def _ascii_domain() -> "regex.Pattern[str]":
    return regex.compile(rf"(?:[\-a-z0-9{_LATIN}]{{1,{MAX_LABEL}}}+\.){{1,{MAX_LABELS}}}{_tld()}", regex.IGNORECASE)


_SHORTENED = regex.compile(
    r"https?://t\.co/[a-z0-9]+(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?", regex.I
)
"""X's own short links end with their key: what follows is text again."""


def links(text: str, *, bare: bool, wide: bool) -> list[Entity]:
    """Return the links that are counted at the flat rate.

    `bare` also takes domains without a protocol (X); `wide` lets paths hold any script (Mastodon).
    """
    if not _any_domain().search(text):
        return []
    found: list[Entity] = []
    for match in _pattern(wide).finditer(text):
        if match["protocol"]:
            found.extend(_full(match))
        elif bare and match["before"] not in ("-", "_", ".", "/"):
            found.extend(_bare(match))
    return found


def _full(match: "regex.Match[str]") -> list[Entity]:
    start, end = match.span("url")
    short = _SHORTENED.match(match["url"])
    return [Entity(start, start + short.end() if short else end)] if end - start <= MAX_URL else []


def _bare(match: "regex.Match[str]") -> list[Entity]:
    """Return the ASCII domains inside a bare one: `日本語example.org/a` is a link from `example.org` on."""
    start = match.start("domain")
    spans = [Entity(start + each.start(), start + each.end()) for each in _ascii_domain().finditer(match["domain"])]
    if spans and match["path"]:
        spans[-1] = Entity(spans[-1].start, match.end())
    return spans


_MENTION = regex.compile(r"(?<![=/\w])@([a-z0-9_]+(?:[a-z0-9_.\-]+[a-z0-9_]+)?)(@[\w.\-]+\w)", regex.IGNORECASE)


def mention_domains(text: str) -> list[Entity]:
    """Return the `@domain` parts of mentions in the form `@name@domain`: Mastodon counts them as nothing."""
    return [Entity(*match.span(2)) for match in _MENTION.finditer(text)]
