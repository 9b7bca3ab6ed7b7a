"""The key of a home's backups: 32 random bytes, which a person can keep on paper as a recovery code."""

import hashlib
import re
import secrets
from pathlib import Path

from core.errors import BadInput
from memory.key_file import put_key

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, without i, l, o, u
_MEANT = str.maketrans({"i": "1", "l": "1", "o": "0"})  # what a person writes for those
_BYTES = 32
_SUM_BYTES = 3  # with the key's 32 that is 280 bits: 56 characters exactly
_CHARACTERS = (_BYTES + _SUM_BYTES) * 8 // 5
_GROUP = 7


class BackupKey:
    """A key. Printing one shows its id, which is no secret and stands in the clear on every archive."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _BYTES:
            raise ValueError(f"a backup key has {_BYTES} bytes")
        self._secret = secret
        self.id = hashlib.sha256(b"greenroom backup key id" + secret).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"BackupKey({self.id})"

    @classmethod
    def make(cls) -> "BackupKey":
        """Return a new random key."""
        return cls(secrets.token_bytes(_BYTES))

    @classmethod
    def from_code(cls, code: str) -> "BackupKey":
        """Return the key that a recovery code stands for. Raises BadInput for a code with a slip in it."""
        plain = re.sub(r"[\s-]", "", code).lower().translate(_MEANT)
        if len(plain) != _CHARACTERS or not set(plain) <= set(_ALPHABET):
            raise BadInput(
                f"That is no recovery code: it has {_CHARACTERS} letters and digits, in groups of {_GROUP}.",
                "Nothing was changed. Copy it again, with every group.",
            )
        number = 0
        for character in plain:
            number = number * 32 + _ALPHABET.index(character)
        both = number.to_bytes(_BYTES + _SUM_BYTES, "big")
        if _sum(both[:_BYTES]) != both[_BYTES:]:
            raise BadInput(
                "There is a slip in that recovery code: its check does not fit.",
                "Nothing was changed. Compare it with what you kept, character by character.",
            )
        return cls(both[:_BYTES])

    def code(self) -> str:
        """Return the recovery code, which is the key itself: eight groups of seven characters, the last a check."""
        number = int.from_bytes(self._secret + _sum(self._secret), "big")
        plain = "".join(_ALPHABET[(number >> shift) & 31] for shift in range((_CHARACTERS - 1) * 5, -1, -5))
        return "-".join(plain[start : start + _GROUP] for start in range(0, _CHARACTERS, _GROUP))

    def derive(self, salt: bytes, info: bytes) -> bytes:
        """Return the 32 bytes that one archive is encrypted with."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, salt, info).derive(self._secret)


def key_path(home: Path) -> Path:
    """Return the file that a home keeps its backup key in."""
    return home / "keys" / "backup.key"


def read_key(path: Path) -> BackupKey:
    """Return the key in a file, which holds its recovery code. Raises BadInput."""
    try:
        return BackupKey.from_code(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The key file {path} can't be read: {error.__class__.__name__}.") from error


def home_key(home: Path) -> BackupKey | None:
    """Return the home's key; None where no backup was made yet."""
    path = key_path(home)
    return read_key(path) if path.exists() else None


def keep_key(home: Path, key: BackupKey) -> None:
    """Keep a key in a home that has none, readable by its owner only; of two at once, the first one's stays."""
    put_key(key_path(home), f"{key.code()}\n".encode("ascii"))


def _sum(secret: bytes) -> bytes:
    return hashlib.sha256(b"greenroom recovery code" + secret).digest()[:_SUM_BYTES]
