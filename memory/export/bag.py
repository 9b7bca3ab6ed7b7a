"""A folder in the form of BagIt (RFC 8493): what is in it, with a checksum of every file, so that it can be checked."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Self

from core.errors import WrongUse
from memory.backup.sealed import Damaged

Progress = Callable[[str, int, int], None]
"""Told what is done, how many of it, and of how many."""

MARK = "Greenroom-Export"
"""The line of bag-info.txt that says whose export this is; its value is the form's number."""

FORM = "1"

_BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MANIFEST, _TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_LINE = re.compile(r"([0-9a-f]{64})[ \t]+(\S.*)")
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff\\\\]")
_FURNITURE = {".DS_Store", "Thumbs.db", "desktop.ini"}
_LARGEST_TAG = 256 * 2**20
_CHUNK = 2**20


class BagWriter:
    """A bag being filled, in a hidden folder beside its place: it is there whole, or not at all."""

    def __init__(self, target: Path, *, replace: bool) -> None:
        self.target = target.absolute()
        refuse_occupied(self.target, replace=replace)
        self._sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.{os.getpid()}.partial-", dir=self._parent()))
        self._hashes: dict[str, str] = {}
        self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def file(self, path: str) -> Iterator["Hashed"]:
        """Open a file of the bag (`data/…`, or a tag file) for writing."""
        if not _is_plain(path):
            raise ValueError(f"{path!r} has no place in an export")
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as raw:
            hashed = Hashed(raw)
            yield hashed
            raw.flush()
            os.fsync(raw.fileno())
        self._hashes[path] = hashed.hexdigest()
        self.bytes += hashed.size if path.startswith("data/") else 0

    def write(self, path: str, text: str) -> None:
        """Write a whole file."""
        with self.file(path) as file:
            file.write(text.encode("utf-8"))

    def finish(self, info: dict[str, str]) -> str:
        """Write what describes the bag, put it in its place, and return the hash of its list of files."""
        payload = {path: value for path, value in self._hashes.items() if path.startswith("data/")}
        facts = {MARK: FORM, **info, "Payload-Oxum": f"{self.bytes}.{len(payload)}"}
        self.write("bagit.txt", _BAGIT)
        self.write("bag-info.txt", "".join(f"{name}: {' '.join(value.split())}\n" for name, value in facts.items()))
        self.write(_MANIFEST, _listed(payload))
        tags = {path: value for path, value in self._hashes.items() if not path.startswith("data/")}
        self.write(_TAGS, _listed(tags))
        self._put_in_place()
        return self._hashes[_MANIFEST]

    def _put_in_place(self) -> None:
        self.folder.chmod(0o755)
        if not self.target.exists():
            self.folder.rename(self.target)
            return
        if not any(self.target.iterdir()):
            self.target.rmdir()
            self.folder.rename(self.target)
            return
        aside = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.{os.getpid()}.partial-", dir=self._parent()))
        self.target.rename(aside / "replaced")
        self.folder.rename(self.target)
        shutil.rmtree(aside, ignore_errors=True)

    def _parent(self) -> Path:
        parent = self.target.parent
        if not parent.is_dir():
            raise WrongUse(f"There is no folder {parent}. Nothing was written.", "Make it first.")
        return parent

    def _sweep(self) -> None:
        """Remove what a process that was killed left half written."""
        for left in self._parent().glob(f".{self.target.name}.*.partial-*"):
            found = re.search(r"\.(\d+)\.partial-", left.name)
            if found and not _lives(int(found[1])) and not (left / "replaced").exists():
                shutil.rmtree(left, ignore_errors=True)


class Hashed:
    """A file that hashes what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Write some bytes."""
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def hexdigest(self) -> str:
        """Return the hash of what was written so far."""
        return self._hash.hexdigest()


class Bag:
    """An export that is there. Nothing of it is used before `check` has read all of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.info = _info(folder)
        if self.info.get(MARK) != FORM:
            raise Damaged(f"{folder} is an export in a form that this version does not know.", "Update Greenroom.")
        self.payload: dict[str, str] = {}

    def check(self, tell: Progress = lambda _what, _done, _total: None) -> str:
        """Compare every file with its checksum and return the hash of the list. Raises Damaged, naming the file."""
        for path, wanted in _manifest(self.folder / _TAGS, below="").items():
            if path == _TAGS or _digest(self.folder, path) != wanted:
                raise altered(path)
        self.payload = _manifest(self.folder / _MANIFEST, below="data/")
        self._refuse_unlisted()
        for done, (path, wanted) in enumerate(self.payload.items(), 1):
            if _digest(self.folder, path) != wanted:
                raise altered(path)
            tell("Checking", done, len(self.payload))
        return _digest(self.folder, _MANIFEST) or ""

    def copy(self, path: str, into: Path) -> Path:
        """Copy a checked file, comparing it once more as it is copied. Raises Damaged."""
        hashed = hashlib.sha256()
        into.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder / path).open("rb") as source, into.open("wb") as target:
            while part := source.read(_CHUNK):
                hashed.update(part)
                target.write(part)
        if hashed.hexdigest() != self.payload[path]:
            raise altered(path)
        return into

    def _refuse_unlisted(self) -> None:
        for path in _files(self.folder):
            if path.startswith("data/") and path not in self.payload:
                raise Damaged(f"{path} is in the export's folder but not in its list. Nothing was changed.")


def is_bag(folder: Path) -> bool:
    """Say whether a folder says of itself that it is an export of ours."""
    try:
        return folder.is_dir() and MARK in _info(folder)
    except (Damaged, OSError):
        return False


def refuse_occupied(target: Path, *, replace: bool) -> None:
    """Raise WrongUse where something is in the way of an export."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise WrongUse(f"{target} is no folder. Nothing was written.", "Name a folder that is not there yet.")
    if not target.exists() or not any(target.iterdir()):
        return
    if not is_bag(target):
        raise WrongUse(
            f"{target} has something else in it. Nothing was written.", "Name a folder that is not there yet."
        )
    if not replace:
        raise WrongUse(
            f"There is an export in {target} already. Nothing was written.",
            "Name another folder, or give --replace to put the new one in its place.",
        )


def altered(path: str) -> Damaged:
    """Return the error for a file that is not what was exported."""
    return Damaged(
        f"{path} is not what was exported: it was altered, or is gone. Nothing was changed.",
        "Take the export from where it came again.",
    )


def _listed(hashes: dict[str, str]) -> str:
    return "".join(f"{value}  {_escaped(path)}\n" for path, value in sorted(hashes.items()))


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _unescaped(path: str) -> str:
    return re.sub("%(0A|0D|25)", lambda found: chr(int(found[1], 16)), path, flags=re.IGNORECASE)


def _info(folder: Path) -> dict[str, str]:
    facts = {}
    for each in _tag(folder, "bag-info.txt").splitlines():
        name, colon, value = each.partition(":")
        if colon and not each.startswith((" ", "\t")):
            facts[name.strip()] = value.strip()
    return facts


def _tag(folder: Path, path: str) -> str:
    place = folder / path
    if place.is_symlink() or not place.is_file() or place.stat().st_size > _LARGEST_TAG:
        raise Damaged(f"{path} of the export in {folder} is missing, or no plain file. Nothing was changed.")
    try:
        return place.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise altered(path) from None


def _manifest(file: Path, *, below: str) -> dict[str, str]:
    """Return the listed files with their hashes. Raises Damaged for a name that leads elsewhere, or comes twice."""
    listed: dict[str, str] = {}
    for number, each in enumerate(_tag(file.parent, file.name).removesuffix("\n").split("\n"), 1):
        found = _LINE.fullmatch(each)
        path = _unescaped(found[2]) if found else ""
        if found is None or not _is_plain(path) or not path.startswith(below) or path in listed:
            shown = path.encode("unicode_escape").decode("ascii")[:120]
            raise Damaged(f"{file.name}, line {number} names no file that may be in an export: “{shown}”.")
        listed[path] = found[1]
    return listed


def _is_plain(path: str) -> bool:
    parts = path.split("/")
    return (
        path == PurePosixPath(path).as_posix()
        and not _UNFIT.search(path)
        and not re.match("[A-Za-z]:", path)
        and not any(part in ("", ".", "..") for part in parts)
    )


def _digest(folder: Path, path: str) -> str | None:
    """Return a file's hash; None for what is gone, is a link, or lies behind one."""
    place = folder
    for part in path.split("/"):
        place /= part
        if place.is_symlink():
            return None
    try:
        if not place.is_file():
            return None
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _files(folder: Path) -> Iterable[str]:
    for here, below, names in os.walk(folder):
        at = Path(here)
        links = [name for name in below if (at / name).is_symlink()]
        for name in (*names, *links):
            if name not in _FURNITURE and not name.startswith("._"):
                yield (at / name).relative_to(folder).as_posix()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
