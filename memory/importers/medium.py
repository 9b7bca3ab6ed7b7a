"""Medium's export: a folder `posts` of HTML. Published stories; drafts and responses to others are left out."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.works import Piece
from memory.importers.archive import Archive
from memory.importers.facts import line, make_piece
from memory.importers.markup import pictures, prose, soup
from memory.importers.material import Failure, LeftOut, Material, Unreadable

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

ANCHOR = re.compile(r"(?P<at>(?:.*/)?)posts/[^/]+\.html")
OWN = re.compile(
    r"(?:posts|applications[\w-]*|blocks|bookmarks|claps|connected-accounts|following[\w-]*|highlights|interests|ips|"
    r"lists|partner-program|profile|pubs-following|publications|reading-list|sessions|social|topics-following|twitter|"
    r"users-following)/.*|README\.html"
)
_ID = re.compile(r"(?:^|[-/])([0-9a-f]{8,12})(?:\.html)?$")
_SHORT = 300  # words: an untitled text below is a response, not a story


def fits(archive: Archive, anchor: str) -> bool:
    """Say whether a page is one that Medium exported."""
    head = archive.head(anchor)
    return b'class="h-entry"' in head or b"class='h-entry'" in head


def read(archive: Archive) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each published story; its source is Medium's own id of it."""
    for name in archive.names:
        if not re.fullmatch(r"posts/[^/]+\.html", name):
            continue
        if name.startswith("posts/draft_"):
            yield LeftOut("drafts")
            continue
        try:
            yield _story(archive.material(name), name)
        except Unreadable as error:
            yield Failure(error.where, error.reason)


def _story(material: Material, name: str) -> Piece | LeftOut:
    try:
        page = soup(material.text)
    except ValueError as error:
        raise material.unreadable(str(error)) from None
    content = page.find(class_="e-content")
    if content is None:
        raise material.unreadable("has no part that Medium marks as a story's text")
    raw = _raw(page) | pictures(content)
    titled = _take_out(content, "graf--title")
    subtitle = _take_out(content, "graf--subtitle")
    body = prose(content)
    if not body.strip():
        return LeftOut("posts without text")
    if not titled and _is_response(raw["title"], body):
        return LeftOut("responses to other stories (short, without a heading)")
    raw["excerpt"] = subtitle or _summary(page)
    found = _ID.search(name) or _ID.search(raw["permanent"])
    return make_piece(material, raw, body, format="medium", source=f"medium:{found[1]}" if found else "")


def _raw(page: "BeautifulSoup") -> dict[str, Any]:
    published, author = page.find(class_="dt-published"), page.find("a", class_="p-author")
    return {
        "title": _text(page.find(class_="p-name")),
        "date": line(published.get("datetime")) if published else "",
        "author": _text(author),
        "tags": [_text(tag) for tag in page.find_all(class_="p-category")],
        "url": _href(page.find("a", class_="p-canonical")),
        "permanent": _href(published.find_parent("a") if published else None),
    }


def _take_out(content: "Tag", mark: str) -> str:
    found = content.find(class_=mark)
    text = _text(found)
    if found is not None:
        found.extract()
    return text


def _is_response(title: str, body: str) -> bool:
    """Say whether a text without a heading is short and named by its own first words, as Medium names responses."""
    start = " ".join(body.split()).lower()
    return len(body.split()) < _SHORT and start.startswith(title.rstrip("….").lower()[:60])


def _summary(page: "BeautifulSoup") -> str:
    text = _text(page.find(class_="p-summary"))
    return "" if text.endswith("…") else text  # cut off: Medium's own first lines of the story


def _text(tag: Any) -> str:
    return line(tag.get_text(" ", strip=True)) if tag is not None else ""


def _href(tag: Any) -> str:
    return line(tag.get("href")) if tag is not None else ""
