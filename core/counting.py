"""How long a text is where it goes: the one engine of drafting, checks, page and sender."""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable

import regex

from core import emoji, entities, linkedin, sentences, threads
from core.base import Noun
from core.channels import Channel, Limit, channel
from core.drafts import Content

X_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""The code points that X counts once; all others count twice."""

FLAT_LINK = 23
"""What a link counts on X and on Mastodon, however long it is."""

ELLIPSIS = "…"
ENOUGH = 0.5  # a cut after a sentence is preferred unless it loses half of what would have had room

_PAUSE = regex.compile(
    r"\s+|(?<=[\p{Han}\p{Hiragana}\p{Katakana}ー、。！？）」』】…])(?![\p{M}\s、。，．：；！？）」』】〉》ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ…])"
    r"(?<![（「『【〈《])"
)
"""Where a text may be cut without cutting a word: at spaces, and in Chinese and Japanese between signs."""

_TAIL = regex.compile(r"(?:\s*\n[ \t]*(?:(?:https?://|[#＃])\S+[ \t]*)+)+\s*\Z")
_GRAPHEME = regex.compile(r"\X")


class Length(Noun):
    """How much of a limit is used. `limit` is None where there is none."""

    used: int
    limit: int | None
    unit: str

    @property
    def over(self) -> int:
        """How much too long it is, 0 if it fits."""
        return max(0, self.used - self.limit) if self.limit is not None else 0

    @property
    def left(self) -> int | None:
        """How much room is left (negative when over), None where there is no limit."""
        return None if self.limit is None else self.limit - self.used


def graphemes(text: str) -> list[str]:
    """Return the characters as a reader sees them."""
    return _GRAPHEME.findall(text)


def _grapheme_count(text: str) -> int:
    return sum(1 for _ in _GRAPHEME.finditer(text))


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16(text: str) -> int:
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def _linkedin(text: str) -> int:
    return _utf16(linkedin.escape(text))


def _threads(text: str) -> int:
    return sum(_utf8(each) if emoji.is_emoji(each) else len(each) for each in graphemes(text))


def _mastodon(text: str) -> int:
    links = entities.links(text, bare=False, wide=True)
    outside = [each for each in entities.mention_domains(text) if not _within(each, links)]
    cut = sorted([(*each, "x" * FLAT_LINK) for each in links] + [(*each, "") for each in outside], reverse=True)
    for start, end, stand_in in cut:
        text = text[:start] + stand_in + text[end:]
    return _grapheme_count(text)


def _within(entity: entities.Entity, others: list[entities.Entity]) -> bool:
    return any(other.start <= entity.start < other.end for other in others)


def _x_weight(char: str) -> int:
    code = ord(char)
    return 1 if any(low <= code <= high for low, high in X_LIGHT) else 2


def _x(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    links = entities.links(text, bare=True, wide=False)
    flat = {start: (end, FLAT_LINK) for start, end in links}
    pictures = {start: (end, 2) for start, end in emoji.spans(text)}
    used = at = 0
    while at < len(text):
        end, weight = flat.get(at) or pictures.get(at) or (at + 1, _x_weight(text[at]))
        used, at = used + weight, end
    return used


def _words(text: str) -> int:
    return len(text.split())


def _youtube_tags(text: str) -> int:
    """Count tags that are joined by commas: a tag with a space is kept in quotation marks, which count too."""
    return _utf16(text) + sum(2 for tag in text.split(",") if " " in tag.strip())


MEASURES: dict[str, Callable[[str], int]] = {
    "graphemes": _grapheme_count,
    "utf8": _utf8,
    "utf16": _utf16,
    "x": _x,
    "mastodon": _mastodon,
    "linkedin": _linkedin,
    "threads": _threads,
    "words": _words,
    "youtube_tags": _youtube_tags,
}
"""How each `counting` of a channel's file is measured."""


def measure(limit: Limit, text: str) -> Length:
    """Return how much of one limit `text` uses."""
    return Length(used=MEASURES[limit.counting](text), limit=limit.value, unit=limit.unit)


def lengths(where: str | Channel, content: str | Content) -> tuple[Length, ...]:
    """Return every limit of the text and how much of it is used; without limits, its plain length.

    Each post of a thread is measured by itself: the longest one counts.
    """
    place, text = _channel(where), content if isinstance(content, str) else content.text
    posts = [post.text for post in threads.posts(place, text)]
    found = tuple(max((measure(limit, post) for post in posts), key=_used) for limit in place.limits_of("text"))
    return found or (Length(used=_grapheme_count(text), limit=None, unit="characters"),)


def _used(length: Length) -> int:
    return length.used


def count(where: str | Channel, text: str) -> Length:
    """Return the binding length: the limit of which the largest share is used."""
    return max(lengths(where, text), key=lambda each: each.used / each.limit if each.limit else 0)


def fits(where: str | Channel, text: str) -> bool:
    """Say whether the text is within every limit."""
    return all(each.over == 0 for each in lengths(where, text))


def cut_at(where: str | Channel, text: str) -> int:
    """Return how many characters of the text fit, on a border between graphemes; all of them if it fits.

    In a thread that is up to where the first post that is too long has no more room.
    """
    for post in threads.posts(_channel(where), text):
        if not fits(where, post.text):
            return post.start + _cut_post_at(where, post.text)
    return len(text)


def _cut_post_at(where: str | Channel, text: str) -> int:
    borders = [0, *(match.end() for match in _GRAPHEME.finditer(text))]
    at = bisect_left(borders, True, key=lambda end: not fits(where, text[:end])) - 1
    while at > 0 and not fits(where, text[: borders[at]]):
        at -= 1  # a cut link may count more than the whole one: lengths don't always grow
    return borders[max(at, 0)]


def shorten(where: str | Channel, text: str, *, keep_tail: bool = False) -> str:
    """Return the text cut so that it fits: after a sentence where one ends in time, else after a word, with "…".

    `keep_tail` keeps the closing lines that hold only links and hashtags, and cuts before them.
    """
    if fits(where, text):
        return text
    body, tail = _tailed(text) if keep_tail else (text, "")
    if not fits(where, ELLIPSIS + tail):
        body, tail = text, ""
    return _cut(body, lambda piece: fits(where, piece + tail)) + tail


def _tailed(text: str) -> tuple[str, str]:
    tail = _TAIL.search(text)
    return (text[: tail.start()], tail.group().lstrip(" \t")) if tail and tail.start() else (text, "")


def _cut(body: str, good: Callable[[str], bool]) -> str:
    """Return the longest good beginning: of whole sentences, or of words where that would lose too much."""
    whole = _longest(body, [span.end for span in sentences.split(body)], good, "")
    words = _longest(body, [match.start() for match in _PAUSE.finditer(body)], good, ELLIPSIS)
    cut = whole if len(whole) >= len(words) * ENOUGH else words
    return cut or _longest(body, [match.end() for match in _GRAPHEME.finditer(body)], good, ELLIPSIS)


def _longest(body: str, ends: list[int], good: Callable[[str], bool], mark: str) -> str:
    """Return the body up to the last end that is good, with `mark` after it; empty where none is."""

    def piece(end: int) -> str:
        return body[:end].rstrip().rstrip(",;:–—-、，；：" if mark else "") + mark

    at = bisect_left(ends, True, key=lambda end: not good(piece(end)))
    while at > 0 and not good(piece(ends[at - 1])):
        at -= 1
    return piece(ends[at - 1]) if at else ""


def _channel(where: str | Channel) -> Channel:
    return where if isinstance(where, Channel) else channel(where)
