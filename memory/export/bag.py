"""A folder in the form of BagIt (RFC 8493): what is in it, with a checksum of every file, so that it can be checked."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from memory.backup.sealed import Damaged

Progress = Callable[[str, int, int], None]
"""Told what is done, how many of it, and of how many."""

MARK = "Greenroom-Export"
"""The line of bag-info.txt that says whose export this is; its value is the form's number."""

FORM = "1"

MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_LINE = re.compile(r"([0-9a-f]{64})[ \t]+(\S.*)")
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff\\\\]")
_FURNITURE = {".DS_Store", "Thumbs.db", "desktop.ini"}
_LARGEST_TAG = 256 * 2**20
_CHUNK = 2**20


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
        tags = _manifest(self.folder / TAGS, below="")
        for path in ("bagit.txt", "bag-info.txt", MANIFEST, *tags):
            if path == TAGS or _digest(self.folder, path) != tags.get(path, "not listed"):
                raise altered(path)
        self.payload = _manifest(self.folder / MANIFEST, below="data/")
        self._refuse_unlisted()
        for done, (path, wanted) in enumerate(self.payload.items(), 1):
            if _digest(self.folder, path) != wanted:
                raise altered(path)
            tell("Checking", done, len(self.payload))
        return _digest(self.folder, MANIFEST) or ""

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


def altered(path: str) -> Damaged:
    """Return the error for a file that is not what was exported."""
    return Damaged(
        f"{path} is not what was exported: it was altered, or is gone. Nothing was changed.",
        "Take the export from where it came again.",
    )


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
        if found is None or not is_plain(path) or not path.startswith(below) or path in listed:
            shown = path.encode("unicode_escape").decode("ascii")[:120]
            raise Damaged(f"{file.name}, line {number} names no file that may be in an export: “{shown}”.")
        listed[path] = found[1]
    return listed


def is_plain(path: str) -> bool:
    """Say whether a path is plain, relative, and leads nowhere else."""
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
