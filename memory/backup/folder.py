"""A folder as a place for archives: each is there whole, or not at all."""

import hashlib
import io
import os
import shutil
import time
from pathlib import Path
from typing import IO

from core.errors import GreenroomError, NotFound
from memory.backup.place import full_disk_in_plain_words
from memory.backup.sealed import Damaged

_ABANDONED_AFTER = 24 * 3600
"""Seconds after which a half-written archive is somebody's who died."""


class FolderPlace:
    """Archives in a folder, which is made if only it is missing: above it may be a disk that is not there."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.folder = Path(target).expanduser()

    def put(self, archive: Path, name: str, sha256: str) -> None:
        """Copy, push to the disk, read back, and only then give it its name."""
        half = self.folder / f".{name}.partial"
        with full_disk_in_plain_words(self.folder), self._in_plain_words():
            self.folder.mkdir(exist_ok=True)
            self._drop_abandoned()
            try:
                _copy(archive, half)
                if _read_back(half) != sha256:
                    raise Damaged(f"What {self.folder} gives back is not what was written. It was deleted there.")
                half.replace(self.folder / name)
            finally:
                half.unlink(missing_ok=True)
            _sync_folder(self.folder)

    def sizes(self) -> dict[str, int]:
        """Return the sizes of the folder's own files."""
        if not self.folder.is_dir():
            raise NotFound(f"There is no folder {self.folder}.")
        with self._in_plain_words():
            return {path.name: path.stat().st_size for path in self.folder.iterdir() if path.is_file()}

    def open(self, name: str, first: int | None = None) -> IO[bytes]:
        """Open a file of the folder."""
        with self._in_plain_words():
            file = (self.folder / name).open("rb")
            if first is None:
                return file
            with file:
                return io.BytesIO(file.read(first))

    def remove(self, name: str) -> None:
        """Delete a file of the folder."""
        with self._in_plain_words():
            (self.folder / name).unlink()

    def _drop_abandoned(self) -> None:
        for half in self.folder.glob(".greenroom-*.partial"):
            if time.time() - half.stat().st_mtime > _ABANDONED_AFTER:
                half.unlink(missing_ok=True)

    def _in_plain_words(self) -> "_PlainWords":
        return _PlainWords(self.folder)


class _PlainWords:
    """Turns what a folder can't do into one sentence; a full disk has its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, PermissionError | FileNotFoundError | NotADirectoryError | FileExistsError):
            raise GreenroomError(
                f"{self._folder} can't be used as a place for backups: {error.strerror or error}.",
                "Is its disk there, and may you write to it?",
            ) from error


def _copy(archive: Path, half: Path) -> None:
    with archive.open("rb") as source, os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as target:
        target.truncate()
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())


def _read_back(path: Path) -> str:
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):  # from the disk, as far as the system lets us, and not from memory
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
