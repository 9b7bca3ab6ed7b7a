"""Receipts are signed (Ed25519) with a key of this home: whoever has one can show it, and nobody can make one up."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.canonical import canonical
from core.errors import BadInput
from memory.key_file import put_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_CONTEXT = b"greenroom forget receipt 1\n"


class ReceiptKey:
    """The key, in `keys/receipt.key`, for its owner only; it is made when the first receipt is signed."""

    def __init__(self, home: Path) -> None:
        self._file = home / "keys" / "receipt.key"

    def sign(self, receipt: dict[str, Any]) -> tuple[str, str]:
        """Return (signature, public key), as hex digits."""
        key = self._key()
        return key.sign(_CONTEXT + canonical(receipt)).hex(), key.public_key().public_bytes_raw().hex()

    def public(self) -> str | None:
        """Return the public key as hex digits; None where nothing was signed yet."""
        return self._key().public_key().public_bytes_raw().hex() if self._file.exists() else None

    def _key(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if not self._file.exists():
            put_key(self._file, f"{secrets.token_hex(32)}\n".encode("ascii"))
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._file.read_text(encoding="ascii").strip()))


def fits(receipt: Any, signature: Any, public_key: Any) -> bool:
    """Say whether a signature is this receipt's. Raises BadInput for what is no signed receipt at all."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), _CONTEXT + canonical(receipt))
    except InvalidSignature:
        return False
    except (TypeError, ValueError) as error:
        raise BadInput("That is no signed receipt: it has a `receipt`, a `signature` and a `public_key`.") from error
    return True
