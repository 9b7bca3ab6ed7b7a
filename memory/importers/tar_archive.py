"""Tar archives, packed with gzip or not: what Mastodon hands out."""

import gzip
import io
import tarfile
from pathlib import Path
from typing import IO

from memory.importers.archive import DAMAGED, Archive
from memory.importers.material import Failure, Unreadable, printable
from memory.importers.member_names import checked_names, is_hidden

MOST_RATIO = 200
"""How much larger than the file its members may be; beyond, it is not looked through to the end."""

MOST_READ = 4 * 2**30
"""Bytes that are read of one archive."""

MOST_AT_ONCE = 16 * 2**20


class _Careful(io.BytesIO):
    """The unpacked stream: a header that claims to be gigabytes long is not taken into memory."""

    def __init__(self, path: Path) -> None:
        packed = path.open("rb")
        gz = packed.read(2) == b"\x1f\x8b"
        packed.seek(0)
        self._packed = packed
        self._stream: IO[bytes] = gzip.GzipFile(fileobj=packed) if gz else packed  # type: ignore[assignment]
        super().__init__()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read so many bytes."""
        if size is None or not 0 <= size <= MOST_AT_ONCE:
            raise tarfile.ReadError("a header is longer than any honest one")
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._stream.tell()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        self._packed.close()
        super().close()


class Tar(Archive):
    """A tar file. Unreadable, with the reason, if it is not one or looks made to do harm."""

    def __init__(self, path: Path, source: str) -> None:
        super().__init__(path, source)
        try:
            self._file = _Careful(path)
            self._tar = tarfile.open(fileobj=self._file, mode="r:")  # noqa: SIM115  closed by `close`
        except (*DAMAGED, OSError) as error:
            raise Unreadable(printable(path), f"is not a tar file that can be read ({error})") from None
        try:
            self._members = self._checked()
        except Unreadable:
            self.close()
            raise
        self._read = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The members that are plain files, without what systems add."""
        return tuple(sorted(name for name in self._members if not is_hidden(name)))

    def size(self, name: str) -> int:
        """Return how many bytes a member has."""
        return self._members[name].size

    def close(self) -> None:
        """Close the file."""
        self._tar.close()
        self._file.close()

    def _opened(self, name: str) -> IO[bytes]:
        self._read += self._members[name].size
        if self._read > MOST_READ:
            raise Unreadable(self.where(name), f"is not read: over {MOST_READ // 2**30} GB of this archive were")
        file = self._tar.extractfile(self._members[name])
        if file is None:
            raise Unreadable(self.where(name), "is no file")
        return file

    def _checked(self) -> dict[str, tarfile.TarInfo]:
        where, members, most = printable(self.path), [], 2**20 + MOST_RATIO * self.path.stat().st_size
        try:
            for info in self._tar:
                if info.offset_data + info.size > most:
                    raise Unreadable(where, f"is refused: it would unpack to over {MOST_RATIO} times its size")
                members.append(info)
        except (*DAMAGED, OSError) as error:
            raise Unreadable(where, f"is damaged ({error})") from None
        names = checked_names(where, (info.name.removeprefix("./") for info in members if not info.isdir()))
        found = dict(zip(names, (info for info in members if not info.isdir()), strict=True))
        self.refused += [
            Failure(self.where(name), "is a link or a device in an archive, which is not followed")
            for name, info in found.items()
            if not info.isfile()
        ]
        return {name: info for name, info in found.items() if info.isfile()}
