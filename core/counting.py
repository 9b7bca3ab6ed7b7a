"""How long a text is where it goes: the one engine of drafting, checks, page and sender."""

import unicodedata
from collections.abc import Callable

import regex

from core import emoji, entities, linkedin
from core.base import Noun
from core.channels import Channel, Limit, channel
from core.drafts import Content

X_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""The code points that X counts once; all others count twice."""

FLAT_LINK = 23
"""What a link counts on X and on Mastodon, however long it is."""

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


MEASURES: dict[str, Callable[[str], int]] = {
    "graphemes": _grapheme_count,
    "utf8": _utf8,
    "utf16": _utf16,
    "x": _x,
    "mastodon": _mastodon,
    "linkedin": _linkedin,
    "threads": _threads,
}
"""How each `counting` of a channel's file is measured."""


def measure(limit: Limit, text: str) -> Length:
    """Return how much of one limit `text` uses."""
    return Length(used=MEASURES[limit.counting](text), limit=limit.value, unit=limit.unit)


def lengths(where: str | Channel, content: str | Content) -> tuple[Length, ...]:
    """Return every limit of the text and how much of it is used; without limits, its plain length."""
    text = content if isinstance(content, str) else content.text
    found = tuple(measure(limit, text) for limit in _channel(where).limits_of("text"))
    return found or (Length(used=_grapheme_count(text), limit=None, unit="characters"),)


def count(where: str | Channel, text: str) -> Length:
    """Return the binding length: the limit of which the largest share is used."""
    return max(lengths(where, text), key=lambda each: each.used / each.limit if each.limit else 0)


def fits(where: str | Channel, text: str) -> bool:
    """Say whether the text is within every limit."""
    return all(each.over == 0 for each in lengths(where, text))


def _channel(where: str | Channel) -> Channel:
    return where if isinstance(where, Channel) else channel(where)
