"""Ghost's export: one JSON file with the tables of its database. Posts that went out, with their tags and authors."""

import re
from collections.abc import Iterator
from typing import Any

from core.works import Piece
from memory.importers import ghost_documents
from memory.importers.archive import Archive
from memory.importers.facts import line, make_piece
from memory.importers.json_stream import Entry, entries
from memory.importers.markup import pictures_in, text_of
from memory.importers.material import Failure, LeftOut, Unreadable

_OPENED = re.compile(r"(db(\[\])?(\.data(\.\w+)?)?|data(\.\w+)?)?")
_SMALL = ("tags", "users", "posts_tags", "posts_authors")
_NOT_OUT = {"draft": "drafts", "scheduled": "scheduled posts"}


def fits(head: bytes) -> bool:
    """Say whether a JSON file begins like a Ghost export."""
    return bool(re.match(rb'\s*(\xef\xbb\xbf)?\s*\{\s*("db"\s*:\s*\[\s*\{\s*)?"(meta|data)"\s*:\s*\{', head)) and (
        b'"exported_on"' in head or b'"posts' in head
    )


def read(archive: Archive, name: str) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each published or sent post and page. The file is read twice: tags come after posts in it."""
    place, tables = archive.place(name), _Tables()
    for row in _rows(archive, name):
        if isinstance(row, Entry):
            tables.take(row)
    for row in _rows(archive, name):
        if isinstance(row, Failure):
            yield row
        elif row.path.endswith("data.posts[]"):
            try:
                yield _post(archive, name, tables, row)
            except Unreadable as error:
                yield Failure(row.where, error.reason)
    if not tables.posts:
        yield Failure(place.where, "is a Ghost export without posts")


def _rows(archive: Archive, name: str) -> Iterator[Entry | Failure]:
    with archive.open(name) as file:
        try:
            yield from entries(file, archive.where(name), lambda path: bool(_OPENED.fullmatch(path)))
        except Unreadable as error:
            yield Failure(error.where, error.reason)


class _Tables:
    """What posts refer to."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, Any]]] = {"tags": {}, "users": {}}
        self.links: dict[str, list[dict[str, Any]]] = {}
        self.posts = 0

    def take(self, row: Entry) -> None:
        table = row.path.removesuffix("[]").rpartition("data.")[2]
        if table == "posts":
            self.posts += 1
        elif isinstance(row.value, dict) and table in self.rows:
            self.rows[table][line(row.value.get("id"))] = row.value
        elif isinstance(row.value, dict) and table in _SMALL:
            self.links.setdefault(f"{table} {line(row.value.get('post_id'))}", []).append(row.value)

    def names(self, post: str, link: str, key: str, table: str) -> list[str]:
        """Return the names that a post is linked to, in their order."""
        links = sorted(self.links.get(f"{link} {post}", []), key=_order)
        return [line(self.rows[table].get(line(each.get(key)), {}).get("name")) for each in links]


def _order(link: dict[str, Any]) -> int:
    value = link.get("sort_order")
    return value if isinstance(value, int) else 0


def _post(archive: Archive, name: str, tables: _Tables, row: Entry) -> Piece | LeftOut:
    if not isinstance(row.value, dict):
        raise Unreadable(row.where, "is no post")
    post = row.value
    if reason := _why_not(post):
        return LeftOut(reason)
    body = _body(post)
    if not body.strip():
        return LeftOut("posts without text")
    part = line(post.get("uuid")) or line(post.get("id"))
    if not part:
        raise Unreadable(row.where, "has no id")
    return make_piece(archive.place(name), _raw(tables, post), body, format="ghost", source=f"ghost:{part}")


def _why_not(post: dict[str, Any]) -> str:
    status = line(post.get("status")) or "published"
    if status in ("published", "sent"):  # sent: a newsletter that is on no site
        return ""
    return _NOT_OUT.get(status) or f"posts with the status “{status[:40]}”"


def _raw(tables: _Tables, post: dict[str, Any]) -> dict[str, Any]:
    own = line(post.get("id"))
    author = tables.rows["users"].get(line(post.get("author_id")), {}).get("name")
    page = post.get("type") == "page" or post.get("page") in (1, True)
    return {
        "title": post.get("title"),
        "date": post.get("published_at"),
        "authors": tables.names(own, "posts_authors", "author_id", "users") or [author],
        "tags": [tag for tag in tables.names(own, "posts_tags", "tag_id", "tags") if not tag.startswith("#")],
        "excerpt": post.get("custom_excerpt"),
        "url": post.get("canonical_url"),
        "language": post.get("locale") or post.get("language"),
        "slug": post.get("slug"),
        "kind": "page" if page else "post",
        "audience": post.get("visibility"),
        **pictures_in(html if isinstance(html := post.get("html"), str) else ""),
    }


def _body(post: dict[str, Any]) -> str:
    """Return what a reader sees: the HTML, else the editor's own document, else the plain text."""
    html = post.get("html")
    if isinstance(html, str) and html.strip():
        return text_of(html)
    for key, reader in (("lexical", ghost_documents.lexical), ("mobiledoc", ghost_documents.mobiledoc)):
        if isinstance(post.get(key), str) and (text := reader(post[key])):
            return text
    plain = post.get("markdown") or post.get("plaintext")
    return plain if isinstance(plain, str) else ""
