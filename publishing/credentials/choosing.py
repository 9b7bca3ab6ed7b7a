"""Where this home's secrets are: the system's keyring where there is a real one, else an encrypted file."""

import re
import secrets
from pathlib import Path
from typing import Literal

from publishing.credentials.file_store import FileStore
from publishing.credentials.files import private_folder, write_private
from publishing.credentials.keyring_store import KeyringStore, real_keyring
from publishing.credentials.store import Store, VaultClosed

Where = Literal["auto", "keyring", "file"]


def open_store(folder: Path, where: Where, key: str | None) -> Store:
    """Return what keeps secrets. `key` locks the file; with one, and `auto`, everything new goes there."""
    file = FileStore(folder, key)
    if where == "file":
        return file
    backend = real_keyring()
    keyring = KeyringStore(backend, lambda: _home_id(folder)) if backend is not None else None
    if where == "keyring":
        return keyring or NoKeyring()
    return file if keyring is None else EitherStore(keyring, file, prefer_file=key is not None)


class EitherStore:
    """The keyring, or the file. What the file has counts: it is only used once the keyring could not be."""

    def __init__(self, keyring: Store, file: FileStore, *, prefer_file: bool) -> None:
        self._keyring = keyring
        self._file = file
        self._prefer_file = prefer_file

    @property
    def where(self) -> str:
        """Where new secrets go, for a person."""
        return self._file.where if self._uses_file() else self._keyring.where

    def read(self, name: str) -> str | None:
        """Return what is kept under a name."""
        kept = self._file.read(name)
        return self._keyring.read(name) if kept is None else kept

    def write(self, name: str, text: str) -> None:
        """Keep a text; in the file where the keyring refuses, so that a new token is never lost."""
        if self._uses_file():
            return self._file.write(name, text)
        try:
            self._keyring.write(name, text)
        except VaultClosed:
            self._file.write(name, text)

    def remove(self, name: str) -> None:
        """Forget what is kept under a name, in both."""
        self._file.remove(name)
        self._keyring.remove(name)

    def faults(self) -> list[str]:
        """Return what is wrong with the file, if it is used."""
        return self._file.faults()

    def _uses_file(self) -> bool:
        return self._prefer_file or not self._file.is_empty()


class NoKeyring:
    """What a home has that wants the keyring on a machine without one."""

    where = "the system's keyring, which is not there"

    def read(self, name: str) -> str | None:
        """Raise VaultClosed."""
        raise self._closed()

    def write(self, name: str, text: str) -> None:
        """Raise VaultClosed."""
        raise self._closed()

    def remove(self, name: str) -> None:
        """Raise VaultClosed."""
        raise self._closed()

    def faults(self) -> list[str]:
        """Return that there is none."""
        return [f"{self._closed().message} {self._closed().hint}"]

    def _closed(self) -> VaultClosed:
        return VaultClosed(
            "There is no system keyring on this machine, or none that really keeps secrets.",
            "Set GREENROOM_CREDENTIALS=file to keep them in an encrypted file.",
        )


def _home_id(folder: Path) -> str:
    """Return the name that this home's entries have in the keyring; it goes where the home goes."""
    path = folder / "home"
    try:
        known = path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        known = ""
    if not re.fullmatch("[0-9a-f]{16}", known):
        known = secrets.token_hex(8)
        private_folder(folder)
        write_private(path, known.encode() + b"\n")
    return known
