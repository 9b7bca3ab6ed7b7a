"""Podcast feeds whose transcripts lie beside them: what was said becomes the piece, the notes its excerpt."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from core.works import Piece
from memory.importers import feed, html, text, transcript
from memory.importers.archive import Archive
from memory.importers.facts import line, make_piece
from memory.importers.material import LARGEST, Failure, LeftOut, Material, Unreadable
from memory.importers.rows import loads
from memory.importers.xml_stream import elements, name_of

_ORDER = (".vtt", ".srt", ".sbv", ".json", ".html", ".txt")


class _Named(NamedTuple):
    number: int  # of the entry, from 1
    url: str


def fits(head: bytes) -> bool:
    """Say whether a feed begins like one that may name transcripts."""
    return b"podcastindex.org/namespace" in head or b"podcast-namespace" in head


def read(archive: Archive, name: str) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each episode. A transcript is looked for by the end of its address; nothing is fetched."""
    spoken: dict[int, Piece] = {}
    for number, member in beside(archive, name).items():
        try:
            spoken[number] = _transcript(archive.material(member))
        except Unreadable as error:
            yield Failure(error.where, error.reason)
    yield from feed.read(archive.material(name), spoken)


def beside(archive: Archive, name: str) -> dict[int, str]:
    """Return the transcript of each entry that has one: the number of the entry, and the file's name."""
    found: dict[int, str] = {}
    for named in _named(archive, name):
        member = _member(archive, PurePosixPath(name).parent, named.url)
        if member and (named.number not in found or _rank(member) < _rank(found[named.number])):
            found[named.number] = member
    return found


def _rank(name: str) -> int:
    suffix = PurePosixPath(name).suffix.lower()
    return _ORDER.index(suffix) if suffix in _ORDER else len(_ORDER)


def _named(archive: Archive, name: str) -> list[_Named]:
    """Return the transcripts that a feed names; none for one that can't be parsed, which its own reader will say."""
    if archive.size(name) > LARGEST:
        return []
    found: list[_Named] = []
    number = 0
    with archive.open(name) as file:
        try:
            for event, element in elements(file, archive.where(name)):
                tag = name_of(element)[1]
                number += event == "start" and tag in ("item", "entry")
                if event == "end" and tag == "transcript" and (url := line(element.get("url"))):
                    found.append(_Named(number, url))
        except Unreadable:
            return []
    return found


def _member(archive: Archive, folder: PurePosixPath, url: str) -> str | None:
    """Find the file by as much of the end of its address as there is: `transcripts/12.vtt`, else `12.vtt` anywhere."""
    try:
        parts = [part for part in unquote(urlsplit(url).path).split("/") if part not in ("", ".", "..")]
    except ValueError:
        return None
    if not parts or PurePosixPath(parts[-1]).suffix.lower() not in _ORDER:
        return None
    names = set(archive.names)
    for start in range(len(parts)):
        if (name := (folder / "/".join(parts[start:])).as_posix()) in names:
            return name
    alike = [name for name in names if PurePosixPath(name).name == parts[-1] and name.startswith(_below(folder))]
    return alike[0] if len(alike) == 1 else None


def _below(folder: PurePosixPath) -> str:
    return "" if folder == PurePosixPath() else f"{folder}/"


def _transcript(material: Material) -> Piece:
    suffix = PurePosixPath(material.source).suffix.lower()
    if suffix == ".json":
        return _from_json(material)
    if suffix == ".html":
        return html.piece(material)
    reader = text.read if suffix == ".txt" else transcript.read
    return next(iter(reader(material)))


def _from_json(material: Material) -> Piece:
    """Read the podcast namespace's own form: segments with a speaker and a body."""
    try:
        value = loads(material.text)
    except ValueError as error:
        raise material.unreadable(str(error)) from None
    segments = value.get("segments") if isinstance(value, dict) else None
    said, last = "", ""
    for segment in segments if isinstance(segments, list) else []:
        if not isinstance(segment, dict):
            continue
        words, speaker = line(segment.get("body")), line(segment.get("speaker"))
        if speaker and speaker != last:
            said += f"\n\n**{speaker}:** {words}"
        else:
            said += f" {words}"
        last = speaker or last
    return make_piece(material, {}, re.sub(r"[ \t]+", " ", said).strip(), format="transcript")
