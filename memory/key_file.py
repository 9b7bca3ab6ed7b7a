"""A key of this home in a file, for its owner only: made once, whole, whoever asks for it first."""

import os
import secrets
from pathlib import Path


def put_key(file: Path, key: bytes) -> None:
    """Put a new key in place; of two processes that do so at once, the first one's stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(key)
            opened.flush()
            os.fsync(opened.fileno())
        try:
            os.link(half, file)
        except FileExistsError:
            return
    finally:
        half.unlink(missing_ok=True)
