"""Receipts are signed (Ed25519) with a key of this home: whoever has one can show it, and nobody can make one up."""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.canonical import canonical
from core.errors import BadInput

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
            self._make()
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._file.read_text(encoding="ascii").strip()))

    def _make(self) -> None:
        """Put a new key in place, whole; of two processes that do so at once, the first one's stays."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self._file.with_name(f".{self._file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_bytes(32).hex() + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(half, self._file)
            except FileExistsError:
                return
        finally:
            half.unlink(missing_ok=True)


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
