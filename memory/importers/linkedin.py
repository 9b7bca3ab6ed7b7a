"""LinkedIn's data export: `Shares.csv` and the HTML of articles. Connections, messages and the rest are not read."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from core.works import Piece
from memory.importers import html
from memory.importers.archive import Archive
from memory.importers.facts import make_piece
from memory.importers.markup import prose, soup
from memory.importers.material import Failure, LeftOut, Unreadable
from memory.importers.tables import Line, has_columns, lines

ANCHOR = re.compile(r"(?P<at>(?:.*/)?)Shares(?:_\d+)?\.csv")
OWN = re.compile(r"[^/]*\.csv|(?:Articles|Jobs|Rich_?Media|Verifications|LearningCoach\w*)/.*")
_SHARES = re.compile(r"Shares(?:_\d+)?\.csv")
_ARTICLES = re.compile(r"(?:Articles/){1,2}[^/]+\.html")
_COLUMNS = ("date", "sharecommentary")
_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")
_STRAY = re.compile(r'^"{1,2}$', re.MULTILINE)


def fits(archive: Archive, anchor: str) -> bool:
    """Say whether a table is LinkedIn's list of posts."""
    return has_columns(archive.head(anchor), _COLUMNS)


def read(archive: Archive) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each post with words of one's own, and for each published article."""
    for name in archive.names:
        try:
            if _SHARES.fullmatch(name):
                yield from _shares(archive, name)
            elif _ARTICLES.fullmatch(name):
                yield _article(archive, name)
        except Unreadable as error:
            yield Failure(error.where, error.reason)
    others = [name for name in archive.names if re.fullmatch(r"[^/]+\.csv", name) and not _SHARES.fullmatch(name)]
    yield LeftOut("tables of an archive that hold no posts", len(others))


def _shares(archive: Archive, name: str) -> Iterator[Piece | Failure | LeftOut]:
    for row in lines(archive.material(name), _COLUMNS):
        if isinstance(row, Failure):
            yield row
        elif not row.get("sharecommentary"):
            yield LeftOut("reposts and shares without words of one's own")
        else:
            yield _share(archive, name, row)


def _share(archive: Archive, name: str, row: Line) -> Piece:
    link = unquote(row.get("sharelink"))
    urn = _URN.search(link)
    raw: dict[str, Any] = {
        "date": row.get("date"),
        "url": link,
        "linked": row.get("sharedurl"),
        "media": row.get("mediaurl"),
        "audience": row.get("visibility"),
    }
    part = urn[0] if urn else link or f"{row.get('date')}"
    return make_piece(archive.place(name), raw, _text(row), format="linkedin", source=f"linkedin:{part}")


def _text(row: Line) -> str:
    """Return what was written: in some exports each line is quoted once more, an empty one is a lone quote."""
    text = row.get("sharecommentary")
    if not _STRAY.search(text):
        return text
    return "\n".join(each.removeprefix('"').removesuffix('"') for each in text.split("\n"))


def _article(archive: Archive, name: str) -> Piece | LeftOut:
    material = archive.material(name)
    piece = html.piece(material)
    page = soup(material.text)
    published = page.find(class_="published")
    if published is None:
        return LeftOut("drafts")
    for each in page.find_all(class_=("created", "published")):
        each.extract()
    heading = page.find("h1")
    anchor = heading.find("a", href=True) if heading else None
    url = str(anchor["href"]) if anchor else ""
    if heading:
        heading.extract()
    raw = {
        "title": heading.get_text(" ", strip=True) if heading else piece.title,
        "date": published.get_text(" ", strip=True).removeprefix("Published on").strip(),
        "url": url,
        "kind": "article",
    }
    own = f"linkedin:{url}" if url else ""
    return make_piece(material, raw, prose(page.body or page), format="linkedin", source=own)
