"""WordPress exports (WXR): published posts and pages. Read as a stream; entities are not expanded."""

import re
from collections.abc import Iterator
from typing import IO, Any

from core.works import Piece
from memory.importers.archive import Archive
from memory.importers.facts import line, make_piece
from memory.importers.markup import pictures_in, text_of
from memory.importers.material import Failure, LeftOut, Material, Unreadable
from memory.importers.xml_stream import Element, elements, let_go, name_of

_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NOT_PUBLIC = {
    "draft": "drafts",
    "auto-draft": "drafts",
    "pending": "drafts",
    "future": "scheduled posts",
    "private": "private posts",
    "trash": "deleted posts",
}
_TYPES = {"attachment": "media without an article", "nav_menu_item": "menus", "revision": "earlier revisions"}
_PLACEHOLDERS = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|playlist|contact-form[\w-]*)\b[^\]\n]{0,2000}\]")
_BLOCK = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li|blockquote|pre|table|figure|hr|section)\b", re.IGNORECASE)
_LEARNED = ("item", "author", "language")
_NO_DATE = "0000-00-00 00:00:00"


def fits(head: bytes) -> bool:
    """Say whether a file begins like a WordPress export."""
    return b"wordpress.org/export/" in head


def read(archive: Archive, name: str) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each published post and page; its source is its guid, whatever the export is called."""
    place, site = archive.place(name), _Site()
    number = 0
    try:
        for element in _elements(archive, name):
            if site.learn(element):
                continue
            number += 1
            try:
                yield from _item(place, site, _fields(element), f"{place.where}#{number}")
            except Unreadable as error:
                yield Failure(f"{place.where}#{number}", error.reason)
            let_go(element)
    except Unreadable as error:
        yield Failure(error.where, error.reason)
    if not number:
        yield Failure(place.where, "is a WordPress export without entries")


def _elements(archive: Archive, name: str) -> Iterator[Element]:
    with archive.open(name) as file:
        for event, element in elements(_Legal(file), archive.where(name)):
            if event == "end" and name_of(element)[1] in _LEARNED:
                yield element


class _Legal:
    """The file without the control characters that WordPress lets into its exports and XML forbids."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._wide: bool | None = None

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._file.read(size)
        if self._wide is None:
            self._wide = data[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
        return data if self._wide or not data else data.translate(None, _CONTROLS) or b" "


class _Site:
    """What the export says about all its entries."""

    def __init__(self) -> None:
        self.language = ""
        self.names: dict[str, str] = {}  # login -> the name that readers see

    def learn(self, element: Element) -> bool:
        """Take in a fact about the site; say whether the element was one."""
        tag = name_of(element)[1]
        if tag == "author":
            said = {name_of(child)[1]: child.text or "" for child in element}
            self.names[line(said.get("author_login"))] = line(said.get("author_display_name"))
        elif tag == "language":
            self.language = self.language or line(element.text)
        return bool(tag != "item")


def _fields(item: Element) -> dict[str, Any]:
    """Return an entry's texts by prefixed names, whatever version of the namespaces; categories as pairs."""
    fields: dict[str, Any] = {"categories": [], "comments": 0}
    for child in item:
        namespace, tag = name_of(child)
        if tag == "category":
            fields["categories"].append((child.get("domain") or "", line(child.text)))
        elif tag == "comment":
            fields["comments"] += 1
        elif len(child) == 0:
            fields.setdefault(_prefix(namespace) + tag, child.text or "")
    return fields


def _prefix(namespace: str) -> str:
    if "wordpress.org/export" in namespace:
        return "excerpt:" if namespace.rstrip("/").endswith("excerpt") else "wp:"
    return next((f"{name}:" for name in ("content", "dc") if f"/{name}/" in namespace), "")


def _item(place: Material, site: _Site, fields: dict[str, Any], where: str) -> Iterator[Piece | LeftOut]:
    if fields["comments"]:
        yield LeftOut("readers' comments", fields["comments"])
    if reason := _why_not(fields):
        yield LeftOut(reason)
        return
    part = line(fields.get("guid")) or line(fields.get("link")) or line(fields.get("title"))
    if not part:
        raise Unreadable(where, "has neither a guid nor a link nor a title")
    body = text_of(_paragraphs(fields.get("content:encoded") or fields.get("description") or ""))
    if not body.strip():
        yield LeftOut("entries without text")
        return
    yield make_piece(place, _raw(site, fields), body, format="wordpress", source=f"wordpress:{part}")


def _why_not(fields: dict[str, Any]) -> str:
    kind, status = fields.get("wp:post_type", "post"), fields.get("wp:status", "publish")
    if kind not in ("post", "page"):
        return _TYPES.get(kind) or f"entries of the type “{line(kind)[:40]}”"
    if status != "publish":
        return _NOT_PUBLIC.get(status) or f"posts with the status “{line(status)[:40]}”"
    return "posts behind a password" if line(fields.get("wp:post_password")) else ""


def _raw(site: _Site, fields: dict[str, Any]) -> dict[str, Any]:
    login = line(fields.get("dc:creator"))
    dates = (fields.get("wp:post_date_gmt"), fields.get("pubDate"), fields.get("wp:post_date"))
    tags = [text for kind, text in fields["categories"] if kind in ("", "category", "post_tag")]
    return {
        "title": text_of(fields.get("title") or ""),
        "date": next((date for date in dates if date and date != _NO_DATE and "-0001" not in date), None),
        "author": site.names.get(login) or login,
        "tags": [tag for tag in tags if tag != "Uncategorized"],
        "excerpt": text_of(fields.get("excerpt:encoded") or ""),
        "url": fields.get("link"),
        "language": site.language,
        "kind": fields.get("wp:post_type", "post"),
        "guid": fields.get("guid"),
        **pictures_in(fields.get("content:encoded") or ""),
    }


def _paragraphs(content: str) -> str:
    """Return content with its paragraphs marked: the classic editor leaves them as blank lines."""
    content = _PLACEHOLDERS.sub("", content)
    if "<p" in content:
        return content
    blocks = (block.strip() for block in re.split(r"\n[ \t\r]*\n", content))
    lines = (block if _BLOCK.match(block) else f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks if block)
    return "\n".join(lines)
