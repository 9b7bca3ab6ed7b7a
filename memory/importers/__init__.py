"""Files in, pieces out: one module a format, and a dict that lists them by extension.

To add a format, write `read(material) -> Iterator[Piece | Failure]` in a module of its own and name it in `IMPORTERS`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from core.works import Piece
from memory.importers import feed, html, json_file, jsonl, markdown, text, transcript
from memory.importers.dates import day_bounds
from memory.importers.folder import files_in, unknown_format
from memory.importers.material import Failure, Material, Unreadable, open_material, printable

__all__ = ["IMPORTERS", "Failure", "Harvest", "Unreadable", "collect", "read"]

Importer = Callable[[Material], Iterator[Piece | Failure]]

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
}

_READABLE = frozenset(IMPORTERS)


class Harvest(NamedTuple):
    """What an import found: pieces in the order of their files, what could not be read, how many dates left out."""

    pieces: list[Piece]
    failed: list[Failure]
    outside: int = 0  # pieces dated before `since` or after `as_of`


def read(path: Path, *, root: Path, failed: list[Failure] | None = None) -> Iterator[Piece]:
    """Yield the pieces of one file under `root`; a piece's source is its path from there (`#id`: a row or entry).

    Raises Unreadable (a BadInput that names the file) if the file can't be used. A bad line or entry goes to `failed`
    and the rest goes on; without a list for it, the bad line is raised.
    """
    importer = IMPORTERS.get(path.suffix.lower())
    if importer is None:
        raise unknown_format(path, _READABLE)
    for found in importer(open_material(path, root)):
        if isinstance(found, Piece):
            yield found
        elif failed is None:
            raise Unreadable(*found)
        else:
            failed.append(found)


def collect(
    paths: Iterable[Path], *, since: date | datetime | None = None, as_of: date | datetime | None = None
) -> Harvest:
    """Read files and folders (recursively, in sorted order); what fails is listed by path and reason.

    `since` drops pieces dated earlier, `as_of` those dated later; undated ones are kept. A bare date means its whole
    day in UTC. A file that is named twice is read once.
    """
    harvest = Harvest([], [])
    taken: dict[str, str] = {}
    for path, root in _files(paths, harvest.failed):
        try:
            for piece in read(path, root=root, failed=harvest.failed):
                _take(piece, path, taken, harvest)
        except Unreadable as error:
            harvest.failed.append(Failure(error.where, error.reason))
    kept = [piece for piece in harvest.pieces if _within(piece, since, as_of)]
    return Harvest(kept, harvest.failed, len(harvest.pieces) - len(kept))


def _files(paths: Iterable[Path], failed: list[Failure]) -> Iterator[tuple[Path, Path]]:
    """Yield (file, import root): the named folder, or the folder of a file that is named itself."""
    seen: set[Path] = set()
    for named in paths:
        for found in _found(named):
            if isinstance(found, Unreadable):
                failed.append(Failure(found.where, found.reason))
                continue
            real = _real(found)
            if real not in seen:
                seen.add(real)
                yield found, named if named.is_dir() else real.parent


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a circle of symbolic links; opening it says so
        return path.absolute()


def _found(named: Path) -> Iterator[Path | Unreadable]:
    try:
        if named.is_dir():
            yield from files_in(named, _READABLE)
        elif named.exists():
            yield named
        else:
            yield Unreadable(printable(named), "there is no such file or folder")
    except Unreadable as error:
        yield error
    except (OSError, ValueError) as error:
        yield Unreadable(printable(named), f"can't be opened ({error})")


def _take(piece: Piece, path: Path, taken: dict[str, str], harvest: Harvest) -> None:
    """Keep a piece unless its name is taken: a second one would look like a new version of the first."""
    here = printable(path)
    other = taken.get(piece.source)
    if other is None:
        taken[piece.source] = here
        harvest.pieces.append(piece)
    elif other == here:
        harvest.failed.append(Failure(f"{here} ({piece.source})", "has an id that stands in this file already"))
    else:
        reason = f"has the same name in this import as {other}; import the folder that holds both"
        harvest.failed.append(Failure(f"{here} ({piece.source})", reason))


def _within(piece: Piece, since: date | datetime | None, as_of: date | datetime | None) -> bool:
    if piece.published_at is None:
        return True
    if since is not None and piece.published_at < day_bounds(since)[0]:
        return False
    return as_of is None or piece.published_at <= day_bounds(as_of)[1]
