"""What is known about a piece besides its text, read from the many keys that people and programs write."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time
from html import unescape
from pathlib import PurePosixPath
from typing import Any

from core.works import Piece
from memory.importers.dates import date_in_name, read_date
from memory.importers.material import Material

_KEYS = {
    "title": ("title", "headline", "name"),
    "date": ("date", "published_at", "published", "date_published", "datePublished", "pubDate", "created_at"),
    "excerpt": ("excerpt", "description", "summary"),
    "url": ("url", "permalink", "link", "canonical_url"),
    "language": ("lang", "language", "locale"),
    "license": ("license", "licence", "rights"),
}
_LISTS = ("tags", "tag", "categories", "category", "keywords", "authors", "author", "draft")
_BODIES = ("body", "text", "content", "content_text", "content_html", "words")
_ABSENT = ("", "~", "null")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")


def clean(text: str) -> str:
    """Return `text` in NFC with LF line ends, without control characters, byte order marks or halves of pairs.

    Paragraphs stay blank-line separated: more than one blank line in a row becomes one.
    """
    text = _CONTROLS.sub("", _BREAKS.sub("\n", text).replace("\u2029", "\n\n"))
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def line(value: object) -> str:
    """Return `value` as one clean line; anything that is not a text, number or date is no line."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(clean(_number(value) if not isinstance(value, str) else value).split())
    return "" if text in _ABSENT else text


def make_piece(
    material: Material,
    raw: Mapping[str, Any],
    body: str,
    *,
    format: str,
    part: str = "",
    name: str = "",
    source: str = "",
) -> Piece:
    """Build the piece from raw keys (front matter, a JSON row, a feed entry) and its text.

    `part` names the row or entry inside the file. `name` is the title to fall back on. `source` stands in place of the
    file's name where the entry has a name of its own in all the world. Unreadable without any text.
    """
    body = clean(body)
    if not body.strip():
        raise material.unreadable("has no text")
    stem = PurePosixPath(material.source).stem
    dated = read_date(_first(raw, "date"))
    url, extra = line(_first(raw, "url")), _extra(raw)
    if url and not _is_web(url):
        extra["permalink"] = url
    notes = [*material.notes, *([dated.note] if dated.note else [])]
    return Piece(
        source=source or (f"{material.source}#{part}" if part else material.source),
        title=unescape(line(_first(raw, "title"))) or line(name),
        body=body,
        format=format,
        published_at=dated.at or (None if part or source else date_in_name(stem)),
        authors=_authors(raw),
        tags=_tags(raw),
        excerpt=line(_first(raw, "excerpt")),
        url=url if _is_web(url) else None,
        language=line(_first(raw, "language")).replace("_", "-") or None,
        license=line(_first(raw, "license")) or None,
        extra=extra | ({"notes": notes} if notes else {}),
    )


def title_from_name(source: str) -> str:
    """Return a readable title for a file: without folder, extension and date; `index` takes its folder's name."""
    path = PurePosixPath(source)
    stem = path.parent.name if path.stem.lower() in ("index", "readme") and path.parent.name else path.stem
    words = re.sub(r"[-_\s]+", " ", re.sub(r"^\d{4}-\d{2}-\d{2}", "", stem)).strip() or stem
    return words[:1].upper() + words[1:]


def _number(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return ""


def _first(raw: Mapping[str, Any], wanted: str) -> Any:
    for key in _KEYS[wanted]:
        value = raw.get(key)
        if value not in (None, "") and line(value):
            return value
    return None


def _authors(raw: Mapping[str, Any]) -> tuple[str, ...]:
    single, several = raw.get("author"), raw.get("authors")
    if isinstance(several, str):
        several = re.split(r" ?[,;&] ?| and ", line(several))
    return _distinct([*_listed(several), *_listed(single)])


def _tags(raw: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[object] = []
    for key in ("tags", "tag", "keywords", "categories", "category"):
        value = raw.get(key)
        found += re.split(r"[,;]", value) if isinstance(value, str) else _listed(value)
    return _distinct(line(tag).lstrip("#") for tag in found)


def _listed(value: object) -> list[object]:
    items = value if isinstance(value, list | tuple) else [value]
    return [item.get("name") or item.get("term") if isinstance(item, Mapping) else item for item in items]


def _distinct(values: Iterable[object]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for text in map(line, values):
        if text:
            kept.setdefault(text.casefold(), text)
    return tuple(kept.values())


def _extra(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what else was said, as long as it is flat: nested or endless structures have no use here."""
    known = {key for keys in _KEYS.values() for key in keys} | set(_LISTS) | set(_BODIES)
    extra: dict[str, Any] = {}
    for key, value in raw.items():
        name = line(key)
        kept = _flat(value)
        if name and name not in known and kept not in (None, "", []):
            extra[name] = kept
    if _is_draft(raw.get("draft")):
        extra["draft"] = True
    return extra


def _flat(value: object) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [text for text in map(line, value[:200]) if text]
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    return line(value)


def _is_draft(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "yes"))


def _is_web(url: str) -> bool:
    return bool(re.match(r"https?://[^\s/]+", url)) and not re.search(r"\s", url)
