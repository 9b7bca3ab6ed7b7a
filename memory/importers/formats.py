"""Who reads what: importers by extension, and services whose archives are told by their contents.

To add a format of one file, write `read(material) -> Iterator[Piece | Failure]` in a module of its own and name it in
`IMPORTERS`. To add a service's archive, write a module with `ANCHOR` (the member it is told by, and in the group `at`
the folder it lies in), `OWN` (what below that belongs to it), `fits(archive, anchor)` and `read(archive)`, and name it
in `SERVICES`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from core.works import Piece
from memory.importers import (
    bluesky,
    feed,
    ghost,
    html,
    json_file,
    jsonl,
    linkedin,
    mail,
    markdown,
    mastodon,
    medium,
    podcast,
    substack,
    text,
    transcript,
    wxr,
    x_archive,
    youtube,
)
from memory.importers.archive import Archive
from memory.importers.material import Failure, LeftOut, Material, Unreadable

Found = Piece | Failure | LeftOut
Importer = Callable[[Material], Iterator[Found]]
Streamed = Callable[[Archive, str], Iterator[Found]]

IMPORTERS: dict[str, Importer] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".txt": text.read,
    ".text": text.read,
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
    ".json": json_file.read,
    ".xml": feed.read,
    ".rss": feed.read,
    ".atom": feed.read,
    ".vtt": transcript.read,
    ".srt": transcript.read,
    ".sbv": transcript.read,
}

_FEEDS, _JSON = (".xml", ".rss"), (".json",)

TOLD_BY_HEAD: tuple[tuple[tuple[str, ...], Callable[[bytes], bool], Streamed], ...] = (
    (_FEEDS, wxr.fits, wxr.read),
    (_FEEDS, podcast.fits, podcast.read),
    (_JSON, ghost.fits, ghost.read),
    (_JSON, bluesky.fits_json, bluesky.read_json),
)
"""Formats that share an extension with others, and how a file of theirs begins."""


class Service(Protocol):
    """A module that reads one service's archive."""

    ANCHOR: re.Pattern[str]
    OWN: re.Pattern[str]

    def fits(self, archive: Archive, anchor: str, /) -> bool:
        """Say whether the anchor is the service's."""

    def read(self, archive: Archive, /) -> Iterator[Found]:
        """Yield what the archive holds."""


SERVICES: tuple[Service, ...] = (x_archive, mastodon, bluesky, substack, medium, linkedin, youtube)

PACKED = (".zip", ".tar", ".tar.gz", ".tgz")


def _unknown_table(archive: Archive, name: str) -> Iterator[Found]:
    known = "LinkedIn's Shares.csv, Substack's posts.csv, YouTube's videos.csv (in English)"
    raise Unreadable(archive.where(name), f"is a table, but none that Greenroom knows ({known})")
    yield  # a reader is a generator


STREAMED: dict[str, Streamed] = {".car": bluesky.read_car, ".mbox": mail.read_mbox, ".csv": _unknown_table}

LETTERS = (".eml",)

READABLE = frozenset((*IMPORTERS, *STREAMED, *LETTERS, *PACKED))
