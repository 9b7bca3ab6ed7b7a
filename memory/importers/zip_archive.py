"""Zip archives, with a limit on everything that a hostile one could make large."""

import stat
import struct
import zipfile
from pathlib import Path
from typing import IO

from memory.importers.archive import Archive
from memory.importers.material import Failure, Unreadable, printable
from memory.importers.member_names import MOST_MEMBERS, checked_names, is_hidden

MOST_DIRECTORY = 64 * 2**20
"""Bytes of the list of members, which is read at once."""

MOST_RATIO = 200
"""How much larger a member of over 1 MB may be than its packed form; honest text stays below 30."""

MOST_READ = 4 * 2**30
"""Bytes that are read of one archive."""

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"


class Zip(Archive):
    """A zip file. Unreadable, with the reason, if it is not one, is encrypted, or looks made to do harm."""

    def __init__(self, path: Path, source: str) -> None:
        super().__init__(path, source)
        _check_directory(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise Unreadable(printable(path), f"is not a zip file that can be read ({error})") from None
        try:
            self._members = _checked(printable(path), self._zip)
        except Unreadable:
            self._zip.close()
            raise
        self.refused = [
            Failure(self.where(name), "is a symbolic link in an archive, which is not followed")
            for name, info in self._members.items()
            if _is_link(info)
        ]
        self._read = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The members that are files, without what systems add."""
        plain = (name for name, info in self._members.items() if not info.is_dir() and not _is_link(info))
        return tuple(sorted(name for name in plain if not is_hidden(name)))

    def size(self, name: str) -> int:
        """Return how many bytes a member has; no more than that are ever read of it."""
        return self._members[name].file_size

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _opened(self, name: str) -> IO[bytes]:
        info = self._members[name]
        self._read += info.file_size
        if self._read > MOST_READ:
            raise Unreadable(self.where(name), f"is not read: over {MOST_READ // 2**30} GB of this archive were")
        return self._zip.open(info)


def _check_directory(path: Path) -> None:
    """Look at the end of the file for how many members it names, before they are all taken in."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 70_000))
            tail = file.read()
    except OSError as error:
        raise Unreadable(printable(path), f"can't be read ({error.strerror or error})") from None
    counts = [struct.unpack_from("<HI", tail, at + 10) for at in _places(tail, _END) if at + 22 <= len(tail)]
    counts += [struct.unpack_from("<QQ", tail, at + 32) for at in _places(tail, _END_64) if at + 56 <= len(tail)]
    unknown = (0xFFFF, 0xFFFFFFFF)  # the real figures stand in the larger record
    if any(count > MOST_MEMBERS and count not in unknown for count, _ in counts):
        raise Unreadable(printable(path), f"is refused: it holds over {MOST_MEMBERS:,} members")
    if any(length > MOST_DIRECTORY and length not in unknown for _, length in counts):
        raise Unreadable(printable(path), f"is refused: its list of members is over {MOST_DIRECTORY // 2**20} MB")


def _places(data: bytes, mark: bytes) -> list[int]:
    found, at = [], data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def _checked(where: str, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    names = checked_names(where, (info.orig_filename for info in infos))  # as it stands there: zipfile cuts at a NUL
    members = dict(zip(names, infos, strict=True))
    for name, info in members.items():
        if info.flag_bits & 0x1:
            raise Unreadable(where, f"is encrypted ({name}); unpack it with its password and import the folder")
        if info.file_size > 2**20 and info.file_size > MOST_RATIO * max(1, info.compress_size):
            raise Unreadable(where, f"is refused: {name} would unpack to over {MOST_RATIO} times its size")
    _check_overlaps(where, infos)
    return members


def _check_overlaps(where: str, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share their bytes: so a small file can hold millions of large ones."""
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise Unreadable(where, f"is refused: {info.filename} overlaps with another member")
        end = info.header_offset + 30 + info.compress_size


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)
