"""RSS and Atom files on disk. Nothing is fetched."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from core.works import Piece
from memory.importers.facts import line, make_piece
from memory.importers.markup import pictures_in, text_of
from memory.importers.material import Failure, Material, Unreadable

_SPECIAL = re.compile(r"<!--|<!\[CDATA\[|<!ENTITY")


def read(material: Material, spoken: Mapping[int, Piece] | None = None) -> Iterator[Piece | Failure]:
    """Yield a piece for each entry: full content rather than summary; an entry without text is named by its number.

    `spoken` holds transcripts by the number of their entry: what was said is the piece, the notes its excerpt.
    """
    parsed = _parse(material)
    entries = list(parsed.entries)
    if not entries:
        raise material.unreadable("is not an RSS or Atom feed with entries")
    for number, entry in enumerate(entries, start=1):
        where = f"{material.where}#{number}"
        try:
            yield _piece(material, parsed.feed, entry, where, (spoken or {}).get(number))
        except Unreadable as error:
            yield Failure(where, error.reason)


def _parse(material: Material) -> Any:
    if _declares_entities(material.text):  # the usual way to make a parser grow or read what it should not
        raise material.unreadable("defines XML entities of its own, which Greenroom does not expand")
    import feedparser

    try:
        # A stream, never a string: strings that look like addresses would be opened.
        return feedparser.parse(BytesIO(material.data), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, AssertionError, AttributeError, LookupError, TypeError, RecursionError) as error:
        raise material.unreadable(f"is a feed that can't be parsed ({type(error).__name__})") from None


def _declares_entities(text: str) -> bool:
    """Look outside comments and CDATA, where an article may well write about entities."""
    at = 0
    while found := _SPECIAL.search(text, at):
        if found[0] == "<!ENTITY":
            return True
        closing = "-->" if found[0] == "<!--" else "]]>"
        at = text.find(closing, found.end())
        if at < 0:
            return False
    return False


def _piece(material: Material, feed: Any, entry: Any, where: str, spoken: Piece | None) -> Piece:
    part = line(entry.get("id")) or line(entry.get("link")) or line(entry.get("title"))
    if not part:
        raise Unreadable(where, "has neither an id nor a link nor a title")
    body = _body(entry)
    summary = text_of(_string(entry.get("summary")))
    raw = {
        "title": text_of(_string(entry.get("title"))),
        "date": entry.get("published") or entry.get("updated"),
        "authors": _names(entry) or _names(feed),
        "tags": [tag.get("label") or tag.get("term") for tag in entry.get("tags") or []],
        "summary": summary if spoken or summary != body else "",
        "url": entry.get("link"),
        "language": _language(entry) or feed.get("language"),
        "license": _license(entry) or _license(feed),
        "guid": part,
        "audio": _recording(entry),
        **pictures_in(next((_string(each.get("value")) for each in entry.get("content") or []), "")),
    }
    if spoken is None:
        return make_piece(material, raw, body, format="feed", part=part)
    piece = make_piece(material, raw | {"summary": raw["summary"] or body}, spoken.body, format="feed", part=part)
    said = {key: spoken.extra[key] for key in ("speakers", "timestamps") if key in spoken.extra}
    return piece.model_copy(update={"extra": piece.extra | said | {"transcript": spoken.source}})


def _body(entry: Any) -> str:
    contents = sorted((_content(each) for each in entry.get("content") or []), key=len, reverse=True)
    return next((text for text in contents if text.strip()), "") or text_of(_string(entry.get("summary")))


def _content(content: Any) -> str:
    value = _string(content.get("value"))
    return value if content.get("type") == "text/plain" and "</" not in value else text_of(value)


def _names(holder: Any) -> list[str]:
    return [name for each in holder.get("authors") or [] if (name := line(each.get("name")))]


def _language(entry: Any) -> str:
    return next((line(each.get("language")) for each in entry.get("content") or [] if each.get("language")), "")


def _recording(entry: Any) -> str:
    """Return the address of what was recorded, if the entry is an episode."""
    kept = [each for each in entry.get("enclosures") or [] if line(each.get("type")).startswith(("audio/", "video/"))]
    return next((address for each in kept if (address := line(each.get("href")))), "")


def _license(holder: Any) -> str:
    links = [line(link.get("href")) for link in holder.get("links") or [] if link.get("rel") == "license"]
    return next(iter(links), "") or line(holder.get("license")) or line(holder.get("rights"))


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
