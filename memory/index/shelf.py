"""Where one workspace's embedded index lies: in a folder that is replaced whole, and sealed while nobody has it open.

A process that dies with the index open may leave it in any state, and a damaged one can take the next process with
it (measured: random bytes in its graph are a segmentation fault). So only a sealed, unchanged folder is opened again;
anything else is made anew from SQL, which holds the vectors and needs a second for each three thousand.
"""

import hashlib
import json
import re
import secrets
import shutil
from pathlib import Path

CURRENT, SEAL = "current", "seal.json"


class Shelf:
    """The folders of one workspace's index. Only for the holder of the index lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> Path:
        """Return the folder to open: the current one if it can be trusted, else a new and empty one in its place."""
        folder = self._trusted()
        if folder:
            self.unseal()
            return folder
        return self._replace_current()

    def unseal(self) -> None:
        """Say that the current folder is not to be trusted: because it is open, or will be replaced."""
        (self._folder / SEAL).unlink(missing_ok=True)

    def seal(self, folder: Path) -> None:
        """Say that `folder` was closed in order, and what it holds."""
        _replace(self._folder / SEAL, json.dumps({folder.name: _contents(folder)}))

    def _trusted(self) -> Path | None:
        """Return the current folder if it was closed in order and nothing in it has changed since."""
        current = self._current()
        if current is None:
            return None
        try:
            seal = json.loads((self._folder / SEAL).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return current if seal == {current.name: _contents(current)} else None

    def _replace_current(self) -> Path:
        folder = self._folder / f"index-{secrets.token_hex(4)}"
        folder.mkdir(parents=True)
        self.unseal()
        _replace(self._folder / CURRENT, folder.name)
        for other in self._folder.glob("index-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return folder

    def _current(self) -> Path | None:
        try:
            name = (self._folder / CURRENT).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        folder = self._folder / name
        return folder if re.fullmatch(r"index-[0-9a-f]{8}", name) and folder.is_dir() else None


def _contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file below `folder`, by its path."""
    hashes = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                hashes[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "blake2b").hexdigest()
    return hashes


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
