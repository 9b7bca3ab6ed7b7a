"""The key of the encrypted file: 32 random bytes in a file beside it, or what the person gives."""

import base64
import binascii
import secrets
from pathlib import Path

from core.base import Noun
from publishing.credentials.files import write_private
from publishing.credentials.store import VaultClosed

BYTES = 32
_COST = 1 << 15  # scrypt's N: about 32 MB and a tenth of a second
_MOST_COST = 1 << 20  # what a stranger's file may make us spend


class Lock(Noun):
    """What a vault's file says of its key: where the key is from, and for a passphrase how it is stretched."""

    key: str  # file, given, passphrase
    salt: str = ""  # base64
    cost: int = 0


def new_lock(given: str | None) -> Lock:
    """Return how a new vault is locked."""
    if given is None:
        return Lock(key="file")
    if _raw(given) is not None:
        return Lock(key="given")
    return Lock(key="passphrase", salt=base64.b64encode(secrets.token_bytes(16)).decode(), cost=_COST)


def key_for(lock: Lock, given: str | None, key_file: Path) -> bytes:
    """Return the 32 bytes that a lock wants. Raises VaultClosed where the key is missing or of another kind."""
    if lock.key == "file":
        if given is not None:
            raise VaultClosed(
                f"The vault was locked with its key file {key_file}, not with a key of yours. Nothing was changed.",
                "Unset GREENROOM_VAULT_KEY, or move the vault folder away and connect your accounts anew.",
            )
        return _from_file(key_file)
    if given is None:
        raise VaultClosed("The vault is locked with your key. Nothing was changed.", "Set GREENROOM_VAULT_KEY.")
    raw = _raw(given)
    if (lock.key == "given") != (raw is not None):
        raise wrong_key()
    return raw if raw is not None else _stretched(given, lock)


def make_key_file(key_file: Path) -> None:
    """Make the key file of a new vault."""
    write_private(key_file, base64.b64encode(secrets.token_bytes(BYTES)) + b"\n")


def wrong_key() -> VaultClosed:
    """Return the error for a key that doesn't fit."""
    return VaultClosed(
        "That is not the key this vault was locked with, or its file was tampered with. Nothing was changed.",
        "Set GREENROOM_VAULT_KEY to the one you used, or put the vault's key file back.",
    )


def _from_file(key_file: Path) -> bytes:
    try:
        raw = _raw(key_file.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        raw = None
    if raw is None:
        raise VaultClosed(
            f"The vault's key file {key_file} is missing or damaged; the secrets can't be read without it. "
            "Nothing was changed.",
            "Put it back from a backup, or move the vault folder away and connect your accounts anew.",
        )
    return raw


def _raw(text: str) -> bytes | None:
    """Return the bytes of a key written as base64; None for anything else, which is a passphrase."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == BYTES else None


def _stretched(passphrase: str, lock: Lock) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    if not 2 <= lock.cost <= _MOST_COST:
        raise VaultClosed("The vault's file asks for an impossible key. Nothing was changed.")
    return Scrypt(salt=base64.b64decode(lock.salt), length=BYTES, n=lock.cost, r=8, p=1).derive(passphrase.encode())
