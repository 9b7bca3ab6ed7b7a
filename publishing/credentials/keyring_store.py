"""Secrets in the system's keyring: macOS Keychain, Windows Credential Locker, Secret Service, KWallet.

What is long is kept in pieces, because Windows takes 1,280 characters. New pieces are written under new names, and the
entry that names them is changed last, so that a crash leaves the old secret or the new one.
"""

import json
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from pydantic import ConfigDict, ValidationError

from core.base import Noun
from publishing.credentials.store import VaultClosed

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "greenroom"
PIECE = 1000
"""How many (ASCII) characters an entry may have."""

_NOT_REAL = ("keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer", "keyrings.alt")
_READ_ONLY = ("artifacts_keyring", "keyrings.google_artifactregistry", "keyrings.codeartifact", "keyrings.envvars")


def real_keyring() -> "KeyringBackend | None":
    """Return a keyring that really keeps secrets; None where there is only one that fails or writes in clear."""
    import keyring

    try:
        found = keyring.get_keyring()
    except Exception:  # noqa: BLE001  whatever is wrong with its set-up, there is none to use
        return None
    chained: list[KeyringBackend] = list(getattr(found, "backends", ()))
    return next((each for each in [found, *chained] if _is_real(each)), None)


def _is_real(backend: "KeyringBackend") -> bool:
    module, name = type(backend).__module__, type(backend).__name__
    return not module.startswith((*_NOT_REAL, *_READ_ONLY)) and "plaintext" not in name.lower()


class Head(Noun):
    """What stands under an entry's own name: the text, or where its pieces are."""

    model_config = ConfigDict(hide_input_in_errors=True)

    text: str | None = None
    pieces: int = 0
    mark: str = ""

    def __repr__(self) -> str:
        return f"Head({self.pieces} pieces)"

    __str__ = __repr__


class KeyringStore:
    """One home's entries in the keyring: it is one for all homes of a user, so each name begins with the home's id."""

    def __init__(self, backend: "KeyringBackend", home_id: Callable[[], str]) -> None:
        self._backend = backend
        self._home_id = home_id

    @property
    def where(self) -> str:
        """Where it is, for a person."""
        return f"the system's keyring ({self._backend.name})"

    def read(self, name: str) -> str | None:
        """Return what is kept under a name. Raises VaultClosed for a locked keyring, or one that lost a piece."""
        head = self._head(name)
        if head is None or head.text is not None:
            return None if head is None else head.text
        pieces = [self._get(each) for each in self._pieces(name, head)]
        whole = [piece for piece in pieces if piece is not None]
        if len(whole) != head.pieces:
            raise self._changed(name)
        return str(json.loads("".join(whole)))

    def write(self, name: str, text: str) -> None:
        """Keep a text under a name. Raises VaultClosed for a locked keyring."""
        old = self._head(name)
        head, plain = Head(text=text), json.dumps(text)
        if len(plain) > PIECE - len(Head(text="").model_dump_json()):
            cut = [plain[start : start + PIECE] for start in range(0, len(plain), PIECE)]
            head = Head(pieces=len(cut), mark=secrets.token_hex(4))
            for place, piece in zip(self._pieces(name, head), cut, strict=True):
                self._set(place, piece)
        self._set(self._entry(name), json.dumps(head.model_dump()))
        self._drop_pieces(name, old)

    def remove(self, name: str) -> None:
        """Forget what is kept under a name, if anything is."""
        old = self._head(name)
        if old is not None:
            self._delete(self._entry(name))
            self._drop_pieces(name, old)

    def faults(self) -> list[str]:
        """Nothing can be told without opening it."""
        return []

    def _head(self, name: str) -> Head | None:
        kept = self._get(self._entry(name))
        try:
            return None if kept is None else Head.model_validate_json(kept)
        except ValidationError:
            raise self._changed(name) from None

    def _entry(self, name: str) -> str:
        return f"{self._home_id()}/{name}"

    def _pieces(self, name: str, head: Head) -> list[str]:
        return [f"{self._entry(name)}#{head.mark}.{number}" for number in range(1, head.pieces + 1)]

    def _drop_pieces(self, name: str, old: Head | None) -> None:
        for each in self._pieces(name, old) if old else ():
            self._delete(each)

    def _get(self, entry: str) -> str | None:
        return self._call(lambda: self._backend.get_password(SERVICE, entry))

    def _set(self, entry: str, text: str) -> None:
        self._call(lambda: self._backend.set_password(SERVICE, entry, text))

    def _delete(self, entry: str) -> None:
        """Delete an entry; one that is gone already is as good."""
        from keyring.errors import PasswordDeleteError

        def delete() -> None:
            try:
                self._backend.delete_password(SERVICE, entry)
            except PasswordDeleteError:
                if self._backend.get_password(SERVICE, entry) is not None:
                    raise

        self._call(delete)

    def _call(self, act: Callable[[], T]) -> T:
        """Each system's keyring fails in ways of its own; none of their words are passed on, should they quote."""
        try:
            return act()
        except Exception as error:  # noqa: BLE001
            raise VaultClosed(
                f"Secrets can't be reached: {self.where} failed ({type(error).__name__}). What it keeps is untouched.",
                "Unlock it, or set GREENROOM_CREDENTIALS=file to keep secrets in an encrypted file.",
            ) from None

    def _changed(self, name: str) -> VaultClosed:
        return VaultClosed(
            f"What {self.where} holds for {name} is not whole. Nothing was changed.",
            "Connect that account anew: greenroom channels add",
        )
