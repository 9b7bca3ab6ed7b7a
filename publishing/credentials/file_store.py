"""Secrets in an encrypted file, for machines without a keyring: `HOME/vault/secrets`, with its key beside it or given.

Each entry is AES-256-GCM under a nonce of its own and bound to its name and place, so that entries can't be swapped;
one more, the seal, is bound to all their names, so that none can be taken out. The version before is kept.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from core.base import Noun
from publishing.credentials.files import open_to_others, private_folder, write_private
from publishing.credentials.store import VaultClosed
from publishing.credentials.vault_key import Lock, key_for, make_key_file, new_lock, wrong_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from filelock import BaseFileLock

Change = Callable[[dict[str, str]], dict[str, str]]

FORMAT = 1
PATIENCE = 30.0
"""Seconds to wait for another process that is writing."""

_NONCE = 12


class Sealed(Noun):
    """The file's content: nothing in it can be read without the key but the accounts' names."""

    greenroom_vault: int
    lock: Lock
    seal: str
    entries: dict[str, str]  # base64 of nonce, ciphertext and tag


class FileStore:
    """The encrypted file. Nothing is made before something is kept."""

    def __init__(self, folder: Path, given_key: str | None = None) -> None:
        self._folder = folder
        self._path = folder / "secrets"
        self._before = folder / "secrets.before"
        self._key_file = folder / "key"
        self._given = given_key
        self._stretched: dict[Lock, bytes] = {}

    @property
    def where(self) -> str:
        """Where it is, for a person."""
        key = "your key (GREENROOM_VAULT_KEY)" if self._given is not None else f"the key in {self._key_file.name}"
        return f"the encrypted file {self._path}, with {key}"

    def read(self, name: str) -> str | None:
        """Return what is kept under a name. Raises VaultClosed for a wrong key or a damaged file."""
        held = self._load()
        return None if held is None else self._opened(held).get(name)

    def write(self, name: str, text: str) -> None:
        """Keep a text under a name; the file as it was before stays beside it."""
        self._change(lambda entries: entries | {name: text})

    def remove(self, name: str) -> None:
        """Forget what is kept under a name, in the version before too."""
        if self._path.exists():
            self._change(lambda entries: {key: text for key, text in entries.items() if key != name}, forget=True)

    def is_empty(self) -> bool:
        """Say whether nothing is kept here, without a key."""
        held = self._load()
        return held is None or not held.entries

    def faults(self) -> list[str]:
        """Return what is wrong with the file, its key and its folder."""
        faults = open_to_others(self._folder, self._path, self._before, self._key_file)
        try:
            held = self._load()
            if held is not None:
                self._opened(held)
        except VaultClosed as closed:
            faults.append(f"{closed.message} {closed.hint}".strip())
        return faults

    def _change(self, change: Change, *, forget: bool = False) -> None:
        private_folder(self._folder)
        with self._alone():
            held = self._load()
            lock = self._first_lock() if held is None else held.lock
            data = self._sealed(lock, change({} if held is None else self._opened(held)))
            if held is not None:
                write_private(self._before, data if forget else self._path.read_bytes())
            write_private(self._path, data)

    def _first_lock(self) -> Lock:
        """Return a new vault's lock. A key file that is there already is used: its vault may only have been emptied."""
        if self._before.exists():
            raise VaultClosed(
                f"{self._path} is gone, but {self._before.name} is there. Nothing was changed.",
                f"Copy it back: cp {self._before} {self._path}",
            )
        lock = new_lock(self._given)
        if lock.key == "file" and not self._key_file.exists():
            make_key_file(self._key_file)
        return lock

    def _load(self) -> Sealed | None:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise VaultClosed(f"{self._path} can't be read: {type(error).__name__}. Nothing was changed.") from None
        try:
            held = Sealed.model_validate_json(data)
        except ValidationError:
            raise self._damaged() from None
        if held.greenroom_vault != FORMAT:
            raise VaultClosed(f"{self._path} was written by a newer Greenroom. Nothing was changed.")
        return held

    def _opened(self, held: Sealed) -> dict[str, str]:
        cipher = self._cipher(held.lock)
        names = _unsealed(cipher, held.seal, "seal", "")
        if names is None:
            raise wrong_key()
        if json.loads(names) != sorted(held.entries):
            raise self._damaged()
        return {name: self._entry(cipher, name, sealed) for name, sealed in held.entries.items()}

    def _entry(self, cipher: "AESGCM", name: str, sealed: str) -> str:
        text = _unsealed(cipher, sealed, "entry", name)
        if text is None:
            raise self._damaged()
        return text

    def _sealed(self, lock: Lock, entries: Mapping[str, str]) -> bytes:
        cipher = self._cipher(lock)
        held = Sealed(
            greenroom_vault=FORMAT,
            lock=lock,
            seal=_seal(cipher, json.dumps(sorted(entries)), "seal", ""),
            entries={name: _seal(cipher, text, "entry", name) for name, text in entries.items()},
        )
        return held.model_dump_json(indent=1).encode() + b"\n"

    def _cipher(self, lock: Lock) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if lock.key != "passphrase":
            return AESGCM(key_for(lock, self._given, self._key_file))
        if lock not in self._stretched:  # a tenth of a second, every time
            self._stretched[lock] = key_for(lock, self._given, self._key_file)
        return AESGCM(self._stretched[lock])

    def _damaged(self) -> VaultClosed:
        hint = f"The version before it is {self._before}: copy it over to use that." if self._before.exists() else ""
        return VaultClosed(f"{self._path} is damaged: it was cut short or changed. Nothing was changed.", hint)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        from filelock import Timeout

        try:
            self._writing.acquire()
        except Timeout:
            raise VaultClosed(f"Another process is writing {self._path}. Nothing was changed.", "Try again.") from None
        try:
            yield
        finally:
            self._writing.release()

    @cached_property
    def _writing(self) -> "BaseFileLock":
        from filelock import FileLock

        return FileLock(self._folder / "secrets.lock", timeout=PATIENCE, fallback_to_soft=False)


def _seal(cipher: "AESGCM", text: str, *place: str) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + cipher.encrypt(nonce, text.encode(), _bound(place))).decode()


def _unsealed(cipher: "AESGCM", sealed: str, *place: str) -> str | None:
    """Return what was sealed at a place; None for another key, another place, or changed bytes."""
    from cryptography.exceptions import InvalidTag

    try:
        raw = base64.b64decode(sealed, validate=True)
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _bound(place)).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _bound(place: tuple[str, ...]) -> bytes:
    return json.dumps(["greenroom vault", FORMAT, *place]).encode()
