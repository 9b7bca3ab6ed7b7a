"""Substack's export: `posts.csv` and a folder of HTML. What was published, for whatever audience."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.works import Piece
from memory.importers.archive import Archive
from memory.importers.facts import make_piece
from memory.importers.markup import pictures, prose, soup
from memory.importers.material import Failure, LeftOut, Unreadable
from memory.importers.tables import Line, has_columns, lines

if TYPE_CHECKING:
    from bs4 import Tag

ANCHOR = re.compile(r"(?P<at>(?:.*/)?)posts\.csv")
OWN = re.compile(r"posts/.*|[^/]*\.csv")
_COLUMNS = ("post_id", "is_published", "title")
_FURNITURE = re.compile(r"subscription-widget|button-wrapper|captioned-button|poll-embed|share-dialog")


def fits(archive: Archive, anchor: str) -> bool:
    """Say whether a table is Substack's list of posts."""
    return has_columns(archive.head(anchor), _COLUMNS)


def read(archive: Archive) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each published post. `posts.csv` says what there is, the HTML what it says."""
    names = {
        name.removeprefix("posts/").removesuffix(".html"): name for name in archive.names if name.endswith(".html")
    }
    try:
        for row in lines(archive.material("posts.csv"), _COLUMNS):
            try:
                yield row if isinstance(row, Failure) else _post(archive, names, row)
            except Unreadable as error:
                yield Failure(error.where, error.reason)
    except Unreadable as error:
        yield Failure(error.where, error.reason)
    others = [name for name in archive.names if name.endswith(".csv") and name != "posts.csv"]
    yield LeftOut("tables of an archive that hold no posts", len(others))


def _post(archive: Archive, names: dict[str, str], row: Line) -> Piece | LeftOut:
    post_id = row.get("post_id")
    if row.get("is_published").lower() != "true":
        return LeftOut("drafts")
    number = post_id.partition(".")[0]
    if not number:
        raise Unreadable(row.where, "has no post_id")
    name = names.get(post_id) or names.get(number)
    if name is None:
        raise Unreadable(row.where, f"names the post {post_id}, but posts/{post_id}.html is not there")
    page = _page(archive, name)
    body = prose(page) if page else ""
    if page is None or not body.strip():
        return LeftOut("posts without text")
    raw = _raw(row) | pictures(page)
    return make_piece(archive.place(name), raw, body, format="substack", source=f"substack:{number}")


def _raw(row: Line) -> dict[str, Any]:
    return {
        "title": row.get("title"),
        "date": row.get("post_date", "email_sent_at"),
        "excerpt": row.get("subtitle"),
        "kind": row.get("type"),
        "audience": row.get("audience"),
        "podcast": row.get("podcast_url"),
        "slug": row.get("post_id").partition(".")[2],
    }


def _page(archive: Archive, name: str) -> "Tag | None":
    if not archive.size(name):
        return None
    material = archive.material(name)
    try:
        page = soup(material.text)
    except ValueError as error:
        raise material.unreadable(str(error)) from None
    without_furniture(page)
    return page.body or page


def without_furniture(page: "Tag") -> None:
    """Take out buttons and boxes that ask readers to subscribe or share."""
    for widget in page.find_all(class_=_FURNITURE):
        if not widget.decomposed:
            widget.decompose()
