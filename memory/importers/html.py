"""HTML pages: an essay saved from a site, or a site's own export."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.works import Piece
from memory.importers.facts import line, make_piece, title_from_name
from memory.importers.markup import pictures, prose, soup
from memory.importers.material import LeftOut, Material
from memory.importers.unseen import without_unseen

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_MOST_LINKS = 200


UNSEEN = "parts of pages that no reader sees"


def read(material: Material) -> Iterator[Piece | LeftOut]:
    """Yield the one piece of a page: its article (or main part), and what its head and JSON-LD say about it.

    What the page hides is left out, and told.
    """
    try:
        page = soup(material.text)
    except ValueError as error:
        raise material.unreadable(str(error)) from None
    if hidden := without_unseen(page):
        yield LeftOut(UNSEEN, hidden)
    content = _content(page)
    raw = _facts(page, content)
    if content.name == "body" and content.header:  # the site's, not an article's
        content.header.extract()
    raw |= {"links": _links(content), **pictures(content)}
    body = _without_title(prose(content), raw["title"])
    if not body.strip():
        raise material.unreadable("has no text that a reader would see")
    yield make_piece(material, raw, body, format="html", name=title_from_name(material.source))


def piece(material: Material) -> Piece:
    """Return the one piece of a page that stands inside something else, without a word on what it hides."""
    return next(each for each in read(material) if isinstance(each, Piece))


def _facts(page: "BeautifulSoup", content: "Tag") -> dict[str, Any]:
    ld, head_title = _linked_data(page), page.head.title if page.head else None
    return {
        "title": _meta(page, "og:title")
        or line(ld.get("headline"))
        or _text(content.find("h1") or page.find("h1"))
        or _text(head_title),
        "date": _meta(page, "article:published_time", "date", "dc.date", "dcterms.created", "dc.date.issued")
        or ld.get("datePublished")
        or _attribute(content.find("time", attrs={"datetime": True}), "datetime"),
        "authors": _authors(page, ld),
        "tags": [*_metas(page, "article:tag"), *_keywords(page, ld)],
        "excerpt": _meta(page, "description", "og:description") or line(ld.get("description")),
        "url": _href(page, "canonical") or _meta(page, "og:url"),
        "language": _attribute(page.find("html"), "lang") or _meta(page, "og:locale"),
        "license": _href(page, "license") or line(ld.get("license")),
    }


def _content(page: "BeautifulSoup") -> "Tag":
    articles = page.find_all("article")
    if len(articles) == 1:
        return articles[0]
    return page.find("main") or page.find(True, role="main") or page.body or page


def _without_title(body: str, title: str) -> str:
    first, _, rest = body.partition("\n\n")
    return rest if title and rest.strip() and first.lstrip("# ") == title else body


def _links(content: "Tag") -> list[str]:
    found = (_attribute(anchor, "href") for anchor in content.find_all("a", limit=_MOST_LINKS))
    return list(dict.fromkeys(href for href in found if href.startswith(("https://", "http://"))))


def _metas(page: "BeautifulSoup", *names: str) -> list[str]:
    found = [
        (names.index(key), _attribute(tag, "content"))
        for tag in page.find_all("meta")
        if (key := (_attribute(tag, "property") or _attribute(tag, "name")).lower()) in names
    ]
    return [text for _, text in sorted(found, key=lambda pair: pair[0]) if text]


def _meta(page: "BeautifulSoup", *names: str) -> str:
    return next(iter(_metas(page, *names)), "")


def _attribute(tag: Any, name: str) -> str:
    value = tag.get(name) if tag is not None else None
    return line(value[0] if isinstance(value, list) and value else value)


def _text(tag: Any) -> str:
    return line(tag.get_text(" ", strip=True)) if tag is not None else ""


def _href(page: "BeautifulSoup", rel: str) -> str:
    return _attribute(page.find(["link", "a"], rel=rel), "href")


def _authors(page: "BeautifulSoup", ld: dict[str, Any]) -> list[str]:
    author = ld.get("author")
    people = author if isinstance(author, list) else [author]
    named = [line(one.get("name") if isinstance(one, dict) else one) for one in people]
    metas = [text for text in _metas(page, "author", "article:author") if "://" not in text]
    return metas or [name for name in named if name] or [_text(page.find(rel="author"))]


def _keywords(page: "BeautifulSoup", ld: dict[str, Any]) -> list[str]:
    keywords = ld.get("keywords")
    listed = [line(word) for word in keywords] if isinstance(keywords, list) else line(keywords).split(",")
    return [*_meta(page, "keywords").split(","), *listed, *(_text(tag) for tag in page.find_all("a", rel="tag"))]


def _linked_data(page: "BeautifulSoup") -> dict[str, Any]:
    """Return the first JSON-LD object that describes an article; what can't be decoded is passed over."""
    for script in page.find_all("script", type="application/ld+json"):
        try:
            value = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        listed = value if isinstance(value, list) else [value]
        graphs = [item.get("@graph") for item in listed if isinstance(item, dict)]
        nested = [item for graph in graphs if isinstance(graph, list) for item in graph]
        for item in [*listed, *nested]:
            if isinstance(item, dict) and (item.get("headline") or item.get("datePublished")):
                return item
    return {}
