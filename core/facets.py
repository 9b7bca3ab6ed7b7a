"""Bluesky's rich text: what is a link, a hashtag or a mention, by UTF-8 byte offsets, end exclusive."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import regex

from core import hashtags, links

MOST_TAG_GRAPHEMES = 64  # lexicon app.bsky.richtext.facet: tag, maxGraphemes

_TYPE = "app.bsky.richtext.facet"
_MENTION = regex.compile(
    r"(?<![\w@/.])@(?P<handle>(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)"
    r"(?![\w@])"
)


class Mention(NamedTuple):
    """A mention as it stands in a text: characters, end exclusive, and the handle without its mark."""

    start: int
    end: int
    handle: str


def facets(text: str, dids: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the facets of a text as the lexicon wants them, in order.

    A mention becomes a facet only if `dids` (handle in lower case -> DID) knows its account; see
    `unresolved_mentions`.
    """
    known = dids or {}
    marked = [(each.start, each.end, "link", "uri", each.url) for each in links.find(text)]
    marked += [(each.start, each.end, "tag", "tag", each.tag) for each in hashtags.find(text) if _short(each.tag)]
    marked += [
        (each.start, each.end, "mention", "did", known[each.handle.lower()])
        for each in mentions(text)
        if each.handle.lower() in known
    ]
    return [_facet(text, *each) for each in _apart(sorted(marked))]


def mentions(text: str) -> list[Mention]:
    """Return the mentions of a text in order: `@` and a handle, which is a domain."""
    return [Mention(*match.span(), match["handle"]) for match in _MENTION.finditer(text)]


def unresolved_mentions(text: str, dids: Mapping[str, str] | None = None) -> list[Mention]:
    """Return the mentions that stay plain text until somebody finds out the account's DID."""
    return [each for each in mentions(text) if each.handle.lower() not in (dids or {})]


def _short(tag: str) -> bool:
    return len(regex.findall(r"\X", tag)) <= MOST_TAG_GRAPHEMES


def _apart(marked: list[tuple[int, int, str, str, str]]) -> list[tuple[int, int, str, str, str]]:
    """Keep the first of what overlaps: overlapping facets are dropped by readers."""
    kept: list[tuple[int, int, str, str, str]] = []
    for each in marked:
        if not kept or each[0] >= kept[-1][1]:
            kept.append(each)
    return kept


def _facet(text: str, start: int, end: int, kind: str, key: str, value: str) -> dict[str, Any]:
    return {
        "index": {"byteStart": _bytes(text[:start]), "byteEnd": _bytes(text[:end])},
        "features": [{"$type": f"{_TYPE}#{kind}", key: value}],
    }


def _bytes(text: str) -> int:
    return len(text.encode("utf-8"))
