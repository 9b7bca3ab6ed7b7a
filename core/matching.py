"""Where a term stands in a text: whole words, in any script, never inside links, handles or code."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

import regex

from core import links
from core.facts import LINK, Stated
from core.inflections import forms
from core.patterns import bounded
from core.spans import blanked

TIMEOUT_S = 0.5
"""How long a regular expression of a person's may look at one text."""

Spans = list[tuple[int, int]]

_HIDDEN = "\0"
_CODE = regex.compile(
    r"^(```|~~~).*?(?:^\1[^\n]*$|\Z)|`+[^`\n]+`+|<[/a-zA-Z][^<>\n]*>|(?<=\])\([^()\s]*\)", regex.M | regex.S
)
_HANDLE = regex.compile(r"(?<![\w/.+-])[\w.+-]++@[\w.-]+\.\w+|(?<![\w/.@])@[\w.-]*\w(?:@[\w.-]*\w)?")
_CLUSTER = regex.compile(r"\X")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ‛′", "'"))
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2212", "-"))
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_HANGUL = regex.compile(r"\p{Hangul}")
_WORDLIKE = regex.compile(r"[\p{L}\p{M}\p{N}]")
_GAP = r"[*_~]{0,3}(?:[^\S\n]|\n(?!\s*\n))+[*_~]{0,3}"
_LOOSE_GAP = rf"(?:{_GAP}|-)"
_BEFORE = r"(?<![\p{L}\p{M}\p{N}])(?<![\p{L}\p{M}\p{N}]_)"
_AFTER = r"(?=(?:'s)?(?!'\p{L}|[\p{L}\p{M}\p{N}]|_[\p{L}\p{M}\p{N}]))"


@dataclass(frozen=True)
class Folded:
    """A text with its spellings made one, and for each of its characters where it comes from."""

    text: str
    starts: tuple[int, ...] | None  # None: each from its own place
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of it stands in the text it was made from."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


class Readable:
    """A text that terms are looked for in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.links = links.find(text)
        whole = [(link.start, link.end) for link in self.links if "://" in link.text]
        self._with_names = blanked(text, whole + [match.span() for match in _CODE.finditer(text)], _HIDDEN)
        bare = [(link.start, link.end) for link in self.links if "://" not in link.text]
        handles = [match.span() for match in _HANDLE.finditer(self._with_names)]
        self.words = blanked(self._with_names, bare + handles, _HIDDEN)
        self._folded: dict[tuple[bool, bool], Folded] = {}

    def folded(self, *, case: bool, names: bool) -> Folded:
        """Return it folded, with capitals or without, with handles and bare domains or without."""
        key = (case, names)
        if key not in self._folded:
            self._folded[key] = fold(self._with_names if names else self.words, case=case)
        return self._folded[key]


def fold(text: str, *, case: bool) -> Folded:
    """Return a text in NFKC without invisible signs, with straight apostrophes, and small letters unless `case`."""
    if text.isascii():
        return Folded(text if case else text.lower(), None)
    parts, starts, ends = [], [], []
    for match in _CLUSTER.finditer(text):
        cluster = match[0]
        piece = cluster if cluster.isascii() else _plain(cluster)
        piece = piece if case else piece.casefold()
        parts.append(piece)
        starts += [match.start()] * len(piece)
        ends += [match.end()] * len(piece)
    return Folded("".join(parts), tuple(starts), tuple(ends))


def occurrences(text: Readable, fact: Stated) -> Spans:
    """Return where a fact's term stands in a text.

    Raises TooFree, or TimeoutError, for a pattern that takes too long: nobody knows then, and whoever asks says so.
    """
    if fact.matching == "link":
        return [(link.start, link.end) for link in text.links if leads(link.url, fact.term)]
    if fact.matching == "pattern":
        pattern = regex.compile(bounded(fact.term), 0 if fact.case else regex.IGNORECASE)
        return [match.span() for match in pattern.finditer(text.words, timeout=TIMEOUT_S) if match[0]]
    return stands(text, fact.term, case=fact.case, inflected=fact.matching == "forms", locale=fact.locale or "en")


def stands(text: Readable, term: str, *, case: bool = False, inflected: bool = False, locale: str = "en") -> Spans:
    """Return where a word or phrase stands in a text."""
    folded = text.folded(case=case, names=_is_name(term))
    found = _pattern(term, case, inflected, locale.partition("-")[0].lower()).finditer(folded.text)
    return [folded.span(*match.span()) for match in found]


def is_there(text: Readable, need: str) -> bool:
    """Say whether something that is needed is there: a word or phrase, or a link."""
    if need.startswith(LINK):
        return any(leads(link.url, need) for link in text.links)
    return bool(stands(text, need))


def leads(url: str, wanted: str) -> bool:
    """Say whether a link goes where `link:HOST/path?parameter` says; `*` is any host, a host covers its subdomains."""
    place, _, parameter = wanted.removeprefix(LINK).partition("?")
    host, _, path = place.partition("/")
    try:
        parts = urlsplit(url if "://" in url else "https://" + url)
    except ValueError:
        return False
    there = (parts.hostname or "").removeprefix("www.")
    host = host.lower().removeprefix("www.")
    if host not in ("*", there) and not there.endswith("." + host):
        return False
    if path and not parts.path.lstrip("/").startswith(path):
        return False
    return not parameter or any(key == parameter for key, _ in parse_qsl(parts.query, keep_blank_values=True))


@lru_cache(maxsize=4096)
def _pattern(term: str, case: bool, inflected: bool, language: str) -> "regex.Pattern[str]":
    plain = fold(term, case=case).text.strip()
    words = regex.split(r"[\s-]+" if inflected else r"\s+", plain)
    said = [forms(word, language) if inflected else regex.escape(word) for word in words if word]
    before, after = _edge(plain[:1], _BEFORE, hangul=True), _edge(plain[-1:], _AFTER, hangul=False)
    return regex.compile(before + (_LOOSE_GAP if inflected else _GAP).join(said) + after)


@lru_cache(maxsize=4096)
def _is_name(term: str) -> bool:
    """Say whether a term is a handle or a domain itself: Booking.com."""
    return term.startswith("@") or bool(links.find(term))


def _edge(character: str, boundary: str, *, hangul: bool) -> str:
    """Where words aren't set apart by spaces (or take particles, after Hangul), it is enough that the term is there."""
    if not _WORDLIKE.match(character) or _UNSPACED.match(character):
        return ""
    return boundary if hangul or not _HANGUL.match(character) else ""


def _plain(cluster: str) -> str:
    kept = "".join(char for char in unicodedata.normalize("NFKC", cluster) if unicodedata.category(char) != "Cf")
    return kept.translate(_APOSTROPHES).translate(_DASHES)
