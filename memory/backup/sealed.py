"""An encrypted stream: AES-256-GCM in chunks, each bound to its archive, its place, and whether it is the last.

    header    magic (16), format (2), plaintext bytes a chunk (4), key id (8), salt (32); big endian
    chunks    ciphertext and tag (16); nonce: index (11), 1 for the last chunk and 0 for every other (1)

The archive's own key is derived (HKDF-SHA256) from the backup key, the salt and the whole header. A chunk that is
changed, moved, left out, cut short or taken from another archive does not decrypt.
"""

import io
import secrets
import struct
from typing import IO, TYPE_CHECKING

from core.errors import BadInput, GreenroomError
from memory.backup.key import BackupKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = 1
CHUNK = 1 << 20
HEADER = struct.Struct(">16sHI8s32s")
_MAGIC = b"GREENROOM-BACKUP"
_TAG = 16
_LARGEST_CHUNK = 1 << 26  # what a stranger's header may make us hold in memory


class Damaged(GreenroomError):
    """An archive is not what was written: it was cut short, changed, or put together from others."""

    kind = "damaged"


class SealedWriter(io.RawIOBase):
    """Encrypts what is written to it into `target`. `finish` writes the last chunk; without it nothing can be read."""

    def __init__(self, target: IO[bytes], key: BackupKey, *, chunk: int = CHUNK) -> None:
        super().__init__()
        header = HEADER.pack(_MAGIC, FORMAT, chunk, bytes.fromhex(key.id), secrets.token_bytes(32))
        self._target = target
        self._cipher = _cipher(key, header)
        self._chunk = chunk
        self._waiting = bytearray()
        self._index = 0
        target.write(header)

    def writable(self) -> bool:
        """Say that this can be written to."""
        return True

    def write(self, data: "memoryview | bytes | bytearray") -> int:  # type: ignore[override]
        """Take bytes; whole chunks go out, except one that may turn out to be the last."""
        self._waiting += data
        while len(self._waiting) > self._chunk:
            self._seal(bytes(self._waiting[: self._chunk]), last=False)
            del self._waiting[: self._chunk]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._index, last), plain, None))
        self._index += 1


class SealedReader(io.RawIOBase):
    """Decrypts `source`. Raises Damaged at the first chunk that does not fit, BadInput for another key or a newer form.

    Only when `read` has returned nothing more is it certain that the archive is whole.
    """

    def __init__(self, source: IO[bytes], key: BackupKey) -> None:
        super().__init__()
        header = _exactly(source, HEADER.size)
        self._chunk = _checked(header, key)
        self._source = source
        self._cipher = _cipher(key, header)
        self._ahead = _exactly(source, self._chunk + _TAG)
        self._plain = b""
        self._index = 0
        self._ended = False

    def readable(self) -> bool:
        """Say that this can be read from."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill `buffer` as far as the present chunk goes; 0 at the end."""
        while not self._plain:
            if self._ended:
                return 0
            self._open_next()
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _open_next(self) -> None:
        from cryptography.exceptions import InvalidTag

        sealed, self._ahead = self._ahead, _exactly(self._source, self._chunk + _TAG)
        last = not self._ahead
        try:
            self._plain = self._cipher.decrypt(_nonce(self._index, last), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise Damaged(
                f"The archive is damaged from chunk {self._index + 1} on: it was cut short or changed.",
                "Use another backup, or the copy in your second place: greenroom backup list PLACE",
            ) from error
        self._index += 1
        self._ended = last


def key_id(header: bytes) -> str | None:
    """Return the id of the key that an archive was made with; None if these are not an archive's first bytes."""
    if len(header) < HEADER.size or not header.startswith(_MAGIC):
        return None
    return bytes(HEADER.unpack(header[: HEADER.size])[3]).hex()


def _checked(header: bytes, key: BackupKey) -> int:
    made_with = key_id(header)
    if made_with is None:
        raise Damaged("This is no Greenroom backup, or its beginning is damaged.")
    _, form, chunk, _, _ = HEADER.unpack(header)
    if form > FORMAT:
        raise BadInput("This backup was made by a newer Greenroom. Nothing was changed.", "Update Greenroom first.")
    if made_with != key.id:
        raise BadInput(
            f"This backup was made with another key ({made_with}; yours is {key.id}). Nothing was changed.",
            "Give its key with --key-file FILE, or its recovery code with --key-file -",
        )
    if not 0 < chunk <= _LARGEST_CHUNK:
        raise Damaged("The archive's beginning is damaged.")
    return int(chunk)


def _cipher(key: BackupKey, header: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key.derive(header[-32:], b"greenroom backup archive" + header))


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _exactly(source: IO[bytes], size: int) -> bytes:
    """Read `size` bytes, or what is left: a network's file gives less at a time than it was asked for."""
    parts, missing = [], size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
