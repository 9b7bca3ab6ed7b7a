"""Reading what an import names: piece by piece, with what failed, what was left out and how far it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from core.works import Piece
from memory.importers.archive import Archive
from memory.importers.dates import day_bounds
from memory.importers.folder import files_in, suffix_of, unknown_format
from memory.importers.folder_archive import Folder
from memory.importers.formats import PACKED, READABLE, Found
from memory.importers.material import Failure, LeftOut, Unreadable, printable, real_file
from memory.importers.plan import Job, files_of, opened, packed_jobs, services_in

Tell = Callable[[int, int], None]
"""Called with (done, total), in percent."""

_BESIDE = 2  # folders below a single named file's own that belong to the same archive


class Harvest(NamedTuple):
    """What an import found: pieces in the order of their files, what could not be read, what was not meant."""

    pieces: list[Piece]
    failed: list[Failure]
    outside: int = 0  # pieces dated before `since` or after `as_of`
    left_out: tuple[LeftOut, ...] = ()


class Reading:
    """An import being read. Go through it once: it yields pieces, and fills `failed`, `left_out` and `outside`."""

    def __init__(
        self,
        paths: Iterable[Path],
        *,
        since: date | datetime | None = None,
        as_of: date | datetime | None = None,
        tell: Tell | None = None,
    ) -> None:
        self.failed: list[Failure] = []
        self.outside = 0
        self._left_out: Counter[str] = Counter()
        self._paths = paths
        self._since = since
        self._as_of = as_of
        self._seen: set[Path] = set()
        self._taken: dict[str, str] = {}
        self._meter = _Meter(tell)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What was not meant to be imported, by reason, the most frequent first."""
        return tuple(LeftOut(reason, count) for reason, count in self._left_out.most_common() if count)

    def __iter__(self) -> Iterator[Piece]:
        jobs = list(self._jobs())
        self._meter.total = sum(job.size for job in jobs)
        for job in jobs:
            self._meter.begin(job.size)
            yield from self._done(job)
            self._meter.end()

    def _done(self, job: Job) -> Iterator[Piece]:
        try:
            for found in job.read():
                if isinstance(found, Failure):
                    self.failed.append(found)
                elif isinstance(found, LeftOut):
                    self._left_out[found.reason] += found.number
                elif self._is_new(found, job.path) and self._is_within(found):
                    yield found
        except Unreadable as error:
            self.failed.append(Failure(error.where, error.reason))

    def _jobs(self) -> Iterator[Job]:
        for named in self._paths:
            try:
                if named.is_dir():
                    yield from self._of_folder(named)
                elif named.exists():
                    yield from self._of_file(named)
                else:
                    yield _failing(printable(named), "there is no such file or folder")
            except Unreadable as error:
                yield _failing(error.where, error.reason)
            except (OSError, ValueError) as error:
                yield _failing(printable(named), f"can't be opened ({error})")

    def _of_folder(self, named: Path) -> Iterator[Job]:
        archive = self._watched(Folder(named, named))
        owned: set[Path] = set()
        for part in services_in(archive, archive.names):
            owned |= {named / name for name in part.owned}
            if self._is_unseen(part.job.path):
                yield part.job
        mine = {printable(path) for path in owned}
        plain, failing = list[str](), list[Job]()
        for found in files_in(named, READABLE):
            if isinstance(found, Unreadable):
                failing += [] if found.where in mine else [_failing(found.where, found.reason)]
            elif found not in owned and self._is_unseen(found):
                plain.append(found.relative_to(named).as_posix())
        yield from sorted([*self._plain(archive, plain, named), *failing], key=lambda job: job.path.parts)

    def _of_file(self, named: Path) -> Iterator[Job]:
        if not self._is_unseen(named):
            return
        root = _real(named).parent
        archive = self._watched(Folder(named.parent, root, deepest=_BESIDE))
        parts = list(services_in(archive, [named.name]))
        yield from (part.job for part in parts)
        if not parts:
            yield from self._plain(archive, [named.name], root)

    def _plain(self, archive: Archive, names: list[str], root: Path) -> Iterator[Job]:
        """Yield a job for each file that is no part of a service's archive."""
        for name in names:
            if suffix_of(name) in PACKED:
                yield self._packed(archive.path / name, root)
            elif suffix_of(name) not in READABLE:
                yield _failing(archive.where(name), unknown_format(archive.path / name, READABLE).reason)
        yield from files_of(archive, [n for n in names if suffix_of(n) in READABLE and suffix_of(n) not in PACKED])

    def _packed(self, path: Path, root: Path) -> Job:
        def read() -> Iterator[Found]:
            real, base = real_file(path, root)
            archive = self._watched(opened(path, f"{printable(real.relative_to(base))}/"))
            try:
                jobs = packed_jobs(archive)
                self._meter.expected = sum(job.size for job in jobs)
                yield from archive.refused
                for job in jobs:
                    yield from _kept_going(job)
            finally:
                archive.close()

        return Job(path, _size(path), read)

    def _watched(self, archive: Archive) -> Archive:
        archive.passed = self._meter.passed
        return archive

    def _is_unseen(self, path: Path) -> bool:
        """Say whether a file is met for the first time: it may be named twice, or be linked to."""
        real = _real(path)
        new = real not in self._seen
        self._seen.add(real)
        return new

    def _is_new(self, piece: Piece, path: Path) -> bool:
        """Say whether a piece's name is free: a second one would look like a new version of the first."""
        here = printable(path)
        other = self._taken.get(piece.source)
        if other is None:
            self._taken[piece.source] = here
            return True
        reason = (
            "has an id that stands in this file already"
            if other == here
            else f"has the same name in this import as {other}; import the folder that holds both"
        )
        self.failed.append(Failure(f"{here} ({piece.source})", reason))
        return False

    def _is_within(self, piece: Piece) -> bool:
        kept = _within(piece, self._since, self._as_of)
        self.outside += not kept
        return kept


class _Meter:
    """How far a reading is, in percent of the bytes that it will read."""

    def __init__(self, tell: Tell | None) -> None:
        self.total = 0
        self.expected = 0  # bytes of the job at hand, as they are read: unpacked
        self._tell = tell
        self._weight = self._before = self._passed = 0
        self._shown = 0

    def begin(self, size: int) -> None:
        """Take in that a job begins."""
        self.expected = self._weight = size
        self._passed = 0

    def passed(self, size: int) -> None:
        """Take in that so many bytes were read."""
        self._passed += size
        self._show(self._before + self._weight * min(1.0, self._passed / max(1, self.expected)))

    def end(self) -> None:
        """Take in that the job is done."""
        self._before += self._weight
        self._show(self._before)

    def _show(self, done: float) -> None:
        percent = int(100 * done / self.total) if self.total else 0
        if self._tell and percent > self._shown:
            self._shown = percent
            self._tell(percent, 100)


def _kept_going(job: Job) -> Iterator[Found]:
    """Yield what a job finds; one that can't be read is a failure, and the next one's turn."""
    try:
        yield from job.read()
    except Unreadable as error:
        yield Failure(error.where, error.reason)


def _failing(where: str, reason: str) -> Job:
    return Job(Path(where), 0, lambda: iter([Failure(where, reason)]))


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a circle of symbolic links; opening it says so
        return path.absolute()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _within(piece: Piece, since: date | datetime | None, as_of: date | datetime | None) -> bool:
    if piece.published_at is None:
        return True
    if since is not None and piece.published_at < day_bounds(since)[0]:
        return False
    return as_of is None or piece.published_at <= day_bounds(as_of)[1]


def collect(
    paths: Iterable[Path], *, since: date | datetime | None = None, as_of: date | datetime | None = None
) -> Harvest:
    """Read files, folders (recursively, in sorted order) and archives; what fails is listed by path and reason.

    `since` drops pieces dated earlier, `as_of` those dated later; undated ones are kept. A bare date means its whole
    day in UTC. A file that is named twice is read once.
    """
    reading = Reading(paths, since=since, as_of=as_of)
    pieces = list(reading)
    return Harvest(pieces, reading.failed, reading.outside, reading.left_out)


def read(path: Path, *, root: Path, failed: list[Failure] | None = None) -> Iterator[Piece]:
    """Yield the pieces of one file under `root`; a piece's source is its path from there (`#id`: a row or entry).

    Raises Unreadable (a BadInput that names the file) if the file can't be used. A bad line or entry goes to `failed`
    and the rest goes on; without a list for it, the bad line is raised. What is left out is not told: see `collect`.
    """
    if suffix_of(path.name) not in READABLE:
        raise unknown_format(path, READABLE)
    real_file(path, root)
    archive = Folder(path.parent, root, deepest=_BESIDE)
    for job in files_of(archive, [path.name]):
        for found in job.read():
            if isinstance(found, Piece):
                yield found
            elif isinstance(found, Failure) and failed is None:
                raise Unreadable(*found)
            elif isinstance(found, Failure) and failed is not None:
                failed.append(found)
