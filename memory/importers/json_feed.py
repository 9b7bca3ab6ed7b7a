"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from collections.abc import Iterator
from typing import Any

from core.works import Piece
from memory.importers.facts import line, make_piece
from memory.importers.markup import text_of
from memory.importers.material import Failure, Material, Unreadable


def is_feed(value: object) -> bool:
    """Say whether decoded JSON is a JSON Feed."""
    return isinstance(value, dict) and "jsonfeed.org/version" in line(value.get("version"))


def pieces(material: Material, feed: dict[str, Any]) -> Iterator[Piece | Failure]:
    """Yield a piece for each item with content; an item without any is named by its number."""
    items = feed.get("items")
    for number, item in enumerate(items if isinstance(items, list) else [], start=1):
        where = f"{material.where}#{number}"
        try:
            yield _piece(material, feed, item if isinstance(item, dict) else {}, where)
        except Unreadable as error:
            yield Failure(where, error.reason)


def _piece(material: Material, feed: dict[str, Any], item: dict[str, Any], where: str) -> Piece:
    html, text = item.get("content_html"), item.get("content_text")
    body = text_of(html) if isinstance(html, str) and html.strip() else text if isinstance(text, str) else ""
    part = line(item.get("id")) or line(item.get("url"))
    if not part:
        raise Unreadable(where, "has neither an id nor a url")
    raw = {
        "title": item.get("title"),
        "date": item.get("date_published") or item.get("date_modified"),
        "authors": item.get("authors") or feed.get("authors"),
        "author": item.get("author") or feed.get("author"),
        "tags": item.get("tags"),
        "summary": item.get("summary"),
        "url": item.get("url"),
        "language": item.get("language") or feed.get("language"),
        "guid": part,
    }
    return make_piece(material, raw, body or line(item.get("summary")), format="feed", part=part)
