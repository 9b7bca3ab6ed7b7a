"""What no rule touches: quotes, links, code, hashtags, mentions and names; and what is a matter of fact."""

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

import regex

from core import hashtags, links, names, numbers
from core.spans import Cover

Spans = tuple[tuple[int, int], ...]

_QUOTES = regex.compile(r"^[ \t]*>.*$|“[^”]*”|\"[^\"\n]*\"|«[^»]*»|„[^“”]*[“”]", regex.MULTILINE)
_CODE = regex.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)|`[^`\n]+`", regex.MULTILINE | regex.DOTALL)
_MENTION = regex.compile(r"(?<![\w@/.])@[\w.\-]+(?:@[\w.\-]+)?")
_LABEL = regex.compile(r"\[[^\[\]\n]*\]\([^()\s]*\)|<[^<>\n]+>")
_HANDLED = regex.compile(r"\w")

_POLAR = frozenset(
    """
    not no never none nobody nothing without neither nor all every some most many few any both each only before after
    until since more less fewer least up down above below over under increase increased decrease decreased rise rose
    fall fell higher lower open opens opened closed closes close free paid yesterday today tomorrow tonight morning noon
    afternoon evening night now later earlier left right north south east west first last next previous he she him her
    his hers can can't cannot will won't do don't is isn't was wasn't must may might could should same other half
    double twice once new old
    """.split()  # noqa: SIM905 - words are read as words
)
"""Words that carry what is true: whoever changes one of them corrects a fact, and shows no habit."""


@lru_cache(maxsize=256)
def quoted(text: str) -> Spans:
    """Return the spans of quotes, links, code, mentions and hashtags, in order."""
    found = [match.span() for pattern in (_QUOTES, _CODE, _MENTION, _LABEL) for match in pattern.finditer(text)]
    found += [(each.start, each.end) for each in links.find(text)]
    found += [(each.start, each.end) for each in hashtags.find(text)]
    return tuple(Cover(found).spans())


@lru_cache(maxsize=256)
def guarded(text: str) -> Spans:
    """Return the spans that no rule on words touches: quotes, links, code, mentions, hashtags and names."""
    return tuple(Cover([*quoted(text), *((name.start, name.end) for name in names.find(text))]).spans())


def free(spans: Spans, start: int, end: int) -> bool:
    """Say whether `start` to `end` (an insertion: a place) lies outside all spans, which are in order."""
    at = bisect_right(spans, start, key=lambda span: span[1])
    return at == len(spans) or spans[at][0] >= max(end, start + 1)


def is_fact(text: str) -> bool:
    """Say whether words carry a number, a date, a link or a mention."""
    if numbers.values(text) or links.find(text) or _MENTION.search(text):
        return True
    return bool(names.calendar_words() & names.words(text))


def is_polar(words: Iterable[str]) -> bool:
    """Say whether one of the words decides what is true (not, before, more …)."""
    return not _POLAR.isdisjoint(words)


def names_in(text: str) -> frozenset[str]:
    """Return the words of all names in a text, in lower case."""
    return frozenset(word for name in names.find(text) for word in name.words)


def can_be_lost(piece: str, rest: str) -> bool:
    """Say whether a sentence may go: each of its numbers, names and links stands in the rest of the text too."""
    if not _HANDLED.search(piece):
        return True
    if not numbers.values(piece) <= numbers.values(rest):
        return False
    if not {link.url for link in links.find(piece)} <= {link.url for link in links.find(rest)}:
        return False
    if not names_in(piece) <= names.words(rest):
        return False
    return not quoted(piece)
