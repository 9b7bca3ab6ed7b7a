"""An archive: named files that belong together, read one at a time and never unpacked."""

import io
import lzma
import tarfile
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from memory.importers.material import LARGEST, Failure, Material, Unreadable, decoded, printable

HEAD = 64 * 1024
"""Bytes from which a format is told."""

DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What packed files raise when they are broken."""


class Archive(ABC):
    """A folder, a zip or a tar. `passed` is told how many bytes were read, for whoever shows progress."""

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.source = source  # the prefix of its members' sources: stable between imports
        self.refused: list[Failure] = []  # members that are not followed
        self.passed: Callable[[int], None] = lambda _bytes: None

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The members, with `/` between folders, sorted."""

    @abstractmethod
    def size(self, name: str) -> int:
        """Return how many bytes a member has."""

    @abstractmethod
    def _opened(self, name: str) -> IO[bytes]: ...

    def close(self) -> None:  # noqa: B027  a folder has nothing to close
        """Let go of the file."""

    def where(self, name: str) -> str:
        """Return a member's name for messages."""
        return printable(self.path / name)

    def open(self, name: str) -> io.BufferedReader:
        """Open a member for reading as a stream; what goes wrong then is an Unreadable that names it."""
        return io.BufferedReader(_Counted(self, name), HEAD)

    def head(self, name: str) -> bytes:
        """Return how a member begins."""
        with self.open(name) as file:
            return file.read(HEAD)

    def material(self, name: str) -> Material:
        """Return a member as it is decoded; Unreadable if it is not text or over 50 MB."""
        if self.size(name) > LARGEST:
            reason = f"is {self.size(name) // 2**20} MB; the most is {LARGEST // 2**20}"
            raise Unreadable(self.where(name), reason)
        with self.open(name) as file:
            data = file.read(LARGEST + 1)
        return decoded(self.path / name, f"{self.source}{name}", data)

    def place(self, name: str) -> Material:
        """Return a member without what it holds, for those who read it as a stream."""
        return Material(self.path / name, f"{self.source}{name}", b"", "")

    def under(self, at: str) -> "Archive":
        """Return the part of this archive below a folder (`twitter/`); itself for the top."""
        return _Part(self, at) if at else self


class _Part(Archive):
    def __init__(self, whole: Archive, at: str) -> None:
        super().__init__(whole.path / at, f"{whole.source}{at}")
        self._whole = whole
        self._at = at

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name.removeprefix(self._at) for name in self._whole.names if name.startswith(self._at))

    def size(self, name: str) -> int:
        return self._whole.size(self._at + name)

    def open(self, name: str) -> io.BufferedReader:
        return self._whole.open(self._at + name)

    def _opened(self, name: str) -> IO[bytes]:
        return self._whole._opened(self._at + name)


class _Counted(io.RawIOBase):
    """A member as it is read: counted, and with one kind of error."""

    def __init__(self, archive: Archive, name: str) -> None:
        self._archive = archive
        self._where = archive.where(name)
        with _named(self._where):
            self._file = archive._opened(name)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, into: Any) -> int:
        """Fill a buffer."""
        with _named(self._where):
            data = self._file.read(len(into))
        into[: len(data)] = data
        self._archive.passed(len(data))
        return len(data)

    def close(self) -> None:
        """Close the member."""
        if not self.closed and "_file" in self.__dict__:
            self._file.close()
        super().close()


@contextmanager
def _named(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unreadable(where, f"can't be read ({error.strerror or error})") from None
    except DAMAGED as error:
        raise Unreadable(where, f"is damaged or packed in a way that can't be read ({error})") from None
