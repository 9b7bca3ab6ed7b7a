"""Markdown, with or without front matter."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.works import Piece
from memory.importers import front_matter
from memory.importers.facts import clean, line, make_piece, title_from_name
from memory.importers.material import Material

_LONGEST_TITLE = 300  # characters; a longer heading is a paragraph that slipped
_ATX = re.compile(r"#{1,6}[ \t]+(.*)")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`]{1,3}([^*`]+)[*`]{1,3}")


class _Heading(NamedTuple):
    text: str
    rest: str  # the body without this heading
    leads: bool  # nothing stands before it


def read(material: Material) -> Iterator[Piece]:
    """Yield the one piece of a Markdown file; its title is the front matter's, the first heading or the file's name."""
    raw, text = front_matter.split(material)
    body = clean(text)
    heading = _first_heading(body)
    if heading and heading.leads and line(raw.get("title", "")) in ("", heading.text):
        body = heading.rest  # it is the title: not part of the text as well
    name = heading.text if heading and heading.text else title_from_name(material.source)
    yield make_piece(material, raw, body, format="markdown", name=name)


def _first_heading(body: str) -> _Heading | None:
    lines, fence = body.split("\n"), ""
    for number, current in enumerate(lines):
        mark = _FENCE.match(current)
        if mark:
            fence = "" if fence == mark[1] else fence or mark[1]
        found = None if fence or mark else _heading_at(lines, number)
        if found:
            text, height = found
            before = "\n".join(lines[:number]).strip()
            return _Heading(text, "\n".join(lines[:number] + lines[number + height :]), not before)
    return None


def _heading_at(lines: list[str], number: int) -> tuple[str, int] | None:
    """Return a heading's plain text and its height in lines: `# Text`, or text underlined with = or -."""
    if len(lines[number]) > _LONGEST_TITLE:
        return None
    atx = _ATX.match(lines[number])
    if atx:
        return _plain(re.sub(r"\s#+$", "", atx[1].strip())), 1
    under = lines[number + 1] if number + 1 < len(lines) else ""
    alone = number == 0 or not lines[number - 1].strip()
    if alone and re.match(r"[^\s>#*+-]", lines[number]) and re.fullmatch(r"(={2,}|-{3,})\s*", under):
        return _plain(lines[number]), 2
    return None


def _plain(text: str) -> str:
    return line(_MARKS.sub(lambda match: match[1] or match[2] or "", text))
