"""One way to turn a value into bytes, and one way to hash it."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def canonical(value: Any) -> bytes:
    """Return the canonical JSON bytes of `value`: sorted keys, no spaces, UTF-8, no NaN.

    Raises ValueError for NaN and TypeError for what JSON can't hold: better loud than ambiguous.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def sha256(value: Any) -> str:
    """Return the SHA-256 hex digest of `value` in canonical form (bytes are hashed as they are)."""
    data = value if isinstance(value, bytes) else canonical(value)
    return hashlib.sha256(data).hexdigest()


def instant(moment: datetime) -> str:
    """Return an aware datetime as `2026-11-20T12:00:00Z` (UTC, whole seconds): the only form that is hashed."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place in Greenroom")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
