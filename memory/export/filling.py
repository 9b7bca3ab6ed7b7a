"""Filling a bag: in a hidden folder beside its place, so that it is there whole, or not at all."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from core.errors import WrongUse
from memory.export.bag import FORM, MANIFEST, MARK, TAGS, is_bag, is_plain

_BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class BagWriter:
    """A bag being filled. Its context removes what was not finished."""

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
        if not is_plain(path):
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
        self.write(MANIFEST, _listed(payload))
        tags = {path: value for path, value in self._hashes.items() if not path.startswith("data/")}
        self.write(TAGS, _listed(tags))
        self._put_in_place()
        return self._hashes[MANIFEST]

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


def _listed(hashes: dict[str, str]) -> str:
    return "".join(f"{value}  {_escaped(path)}\n" for path, value in sorted(hashes.items()))


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
