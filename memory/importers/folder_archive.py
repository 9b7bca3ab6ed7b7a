"""A folder as an archive: what somebody unpacked. Hidden files and symbolic links are no part of it."""

import os
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO

from memory.importers.archive import Archive
from memory.importers.folder import is_export
from memory.importers.material import Material, Unreadable, open_material, printable, real_file

MOST_FILES = 500_000
"""Files that are looked through for the parts of an archive."""


class Folder(Archive):
    """A folder at or below an import root."""

    def __init__(self, path: Path, root: Path, *, deepest: int | None = None) -> None:
        super().__init__(path, _prefix(path, root))
        self._root = root
        self._deepest = deepest  # folders below that are looked into: around a single file not the whole disk

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The files, looked for when they are first asked for."""
        return tuple(sorted(self._found()))

    def size(self, name: str) -> int:
        """Return how many bytes a file has; 0 for one that can't be looked at."""
        try:
            return (self.path / name).stat().st_size
        except OSError:
            return 0

    def material(self, name: str) -> Material:
        """Return a file as it is decoded."""
        return open_material(self.path / name, self._root)

    def _opened(self, name: str) -> IO[bytes]:
        real, _ = real_file(self.path / name, self._root)
        return real.open("rb")

    def _found(self) -> list[str]:
        found: list[str] = []
        for folder, inner, files in os.walk(self.path):
            inner[:] = sorted(name for name in inner if not name.startswith(".") and not is_export(Path(folder) / name))
            below = Path(folder).relative_to(self.path)
            if self._deepest is not None and len(below.parts) >= self._deepest:
                inner.clear()
            plain = (name for name in files if not name.startswith(".") and not (Path(folder) / name).is_symlink())
            found += [(below / name).as_posix() for name in plain]
            if len(found) > MOST_FILES:
                raise Unreadable(printable(self.path), f"holds over {MOST_FILES:,} files; import a part of it")
        return found


def _prefix(path: Path, root: Path) -> str:
    try:
        prefix = printable(PurePosixPath(path.resolve().relative_to(root.resolve())))
    except (OSError, RuntimeError, ValueError):  # a link from elsewhere: its file is named by its real place
        return ""
    return "" if prefix == "." else f"{prefix}/"
