"""What an import will read, found before it is read: services' archives first, then what is left, file by file."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from memory.importers import mail, podcast
from memory.importers.archive import Archive
from memory.importers.folder import looks_meant_by_name, suffix_of, unknown_format
from memory.importers.formats import (
    IMPORTERS,
    LETTERS,
    PACKED,
    READABLE,
    SERVICES,
    STREAMED,
    TOLD_BY_HEAD,
    Found,
    Service,
    Streamed,
)
from memory.importers.material import Failure, Unreadable
from memory.importers.tar_archive import Tar
from memory.importers.zip_archive import Zip

_WORDS = re.compile(r".*\.(?:js|json|csv|html?|xml|rss|mbox|car|eml|vtt|srt|sbv|txt|md)", re.IGNORECASE)


class Job(NamedTuple):
    """One thing to read: what it is named by, how many bytes it weighs, and its reader."""

    path: Path
    size: int
    read: Callable[[], Iterator[Found]]


class Part(NamedTuple):
    """A service's archive inside another, and the names that belong to it."""

    job: Job
    owned: frozenset[str]


def services_in(archive: Archive, names: Iterable[str]) -> Iterator[Part]:
    """Yield the services' archives among these names. A name belongs to one at most."""
    left = set(names)
    for service in SERVICES:
        for at, anchor in _places(service, left):
            part = archive.under(at)
            if not _fits(service, part, anchor.removeprefix(at)):
                continue
            owned = frozenset(n for n in left if n.startswith(at) and service.OWN.fullmatch(n.removeprefix(at)))
            left -= owned
            size = sum(archive.size(name) for name in owned if _WORDS.fullmatch(name))
            yield Part(Job(archive.path / anchor, size, _reader(service, part)), owned)


def files_of(archive: Archive, names: Iterable[str]) -> Iterator[Job]:
    """Yield a job for each file that an extension or its beginning tells; single mails are read as one mailbox."""
    left = list(names)
    letters = [name for name in left if suffix_of(name) in LETTERS]
    if letters:
        size = sum(map(archive.size, letters))
        yield Job(archive.path, size, lambda: mail.read_files(archive, letters))
    streams = {name: _told_by_head(archive, name) for name in left}
    spoken = {
        member
        for name, stream in streams.items()
        if stream is podcast.read
        for member in podcast.beside(archive, name).values()
    }
    for name in left:
        if name not in spoken and name not in letters:
            yield Job(archive.path / name, archive.size(name), _file_reader(archive, name, streams[name]))


def packed_jobs(archive: Archive) -> list[Job]:
    """Return the jobs inside a zip or a tar; an archive within it is not opened."""
    parts = list(services_in(archive, archive.names))
    owned = frozenset[str]().union(*(part.owned for part in parts))
    left = [name for name in archive.names if name not in owned]
    readable = [name for name in left if suffix_of(name) in READABLE and suffix_of(name) not in PACKED]
    unread = [name for name in left if looks_meant_by_name(name)]
    jobs = [*(part.job for part in parts), *files_of(archive, readable)]
    return jobs + [Job(archive.path / name, 0, _unread(archive, name)) for name in unread]


def opened(path: Path, source: str) -> Archive:
    """Open a zip or a tar; `source` is what its members' sources begin with."""
    return Zip(path, source) if suffix_of(path.name) == ".zip" else Tar(path, source)


def _places(service: Service, names: set[str]) -> list[tuple[str, str]]:
    """Return (folder, anchor) of each place where the service's archive may lie."""
    found: dict[str, str] = {}
    for name in sorted(names):
        if match := service.ANCHOR.fullmatch(name):
            found.setdefault(match["at"], name)
    return list(found.items())


def _fits(service: Service, part: Archive, anchor: str) -> bool:
    try:
        return service.fits(part, anchor)
    except Unreadable:
        return False  # its ordinary reader will say what is wrong with it


def _reader(service: Service, part: Archive) -> Callable[[], Iterator[Found]]:
    return lambda: service.read(part)


def _told_by_head(archive: Archive, name: str) -> Streamed | None:
    suffix = suffix_of(name)
    if not any(suffix in suffixes for suffixes, _, _ in TOLD_BY_HEAD):
        return STREAMED.get(suffix)
    try:
        head = archive.head(name)
    except Unreadable:
        return None
    plain = head.replace(b"\x00", b"")  # UTF-16: the words that tell a format are ASCII
    return next((read for suffixes, fits, read in TOLD_BY_HEAD if suffix in suffixes and fits(plain)), None)


def _file_reader(archive: Archive, name: str, stream: Streamed | None) -> Callable[[], Iterator[Found]]:
    if stream is not None:
        return lambda: stream(archive, name)
    return lambda: iter(IMPORTERS[suffix_of(name)](archive.material(name)))


def _unread(archive: Archive, name: str) -> Callable[[], Iterator[Found]]:
    if suffix_of(name) in PACKED:
        return lambda: iter([Failure(archive.where(name), "is an archive within an archive, which is not opened")])
    return lambda: iter([Failure(archive.where(name), unknown_format(PurePosixPath(name), READABLE).reason)])
