"""Token vectors as they are kept: projected to fewer numbers, a byte each, beside the text's own vector."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import shake_256

import numpy as np
from sqlalchemy import Connection, bindparam, select

from memory.dialogue.recipe import TOKEN_DIMENSIONS
from memory.dialogue.transcript import Tokens
from memory.embedding.port import Vectors
from memory.tables import vectors

_MANY = 500


def model_of(name: str) -> str:
    """Return the model that a text's token vectors are kept under: those of another projection are no use."""
    return f"{name}#tokens-{TOKEN_DIMENSIONS}"


def projected(tokens: Vectors) -> Tokens:
    """Return token vectors in the numbers that are kept, of unit length: shape (n, TOKEN_DIMENSIONS)."""
    return _unit(tokens @ _projection(tokens.shape[1]))


def packed(tokens: Vectors) -> bytes:
    """Return a text's token vectors as they are kept."""
    small = projected(tokens)
    widest = np.abs(small).max(axis=1, keepdims=True, initial=1e-9)
    kept: bytes = np.round(small / widest * 127).astype(np.int8).tobytes()
    return kept


def unpacked(kept: bytes) -> Tokens:
    """Return what `packed` kept: unit vectors again."""
    return _unit(np.frombuffer(kept, dtype=np.int8).reshape(-1, TOKEN_DIMENSIONS).astype(np.float32))


def of_hashes(conn: Connection, hashes: Sequence[str], name: str) -> dict[str, Tokens]:
    """Return the kept token vectors of texts, by their hash; those that are not made yet are missing."""
    query = select(vectors.c.content_hash, vectors.c.vector).where(
        vectors.c.model == model_of(name), vectors.c.content_hash.in_(bindparam("some", expanding=True))
    )
    wanted, found = list(dict.fromkeys(hashes)), dict[str, bytes]()
    for first in range(0, len(wanted), _MANY):
        rows = conn.execute(query, {"some": wanted[first : first + _MANY]})
        found.update((row.content_hash, row.vector) for row in rows)
    if not found:
        return {}
    ends = np.cumsum([len(kept) // TOKEN_DIMENSIONS for kept in found.values()])
    return dict(zip(found, np.split(unpacked(b"".join(found.values())), ends[:-1]), strict=True))  # one pass over all


@lru_cache(maxsize=2)
def _projection(dimensions: int) -> Tokens:
    """Return a fixed matrix of plus and minus ones: it keeps angles well, and is the same on every machine."""
    bits = np.frombuffer(shake_256(b"greenroom tokens").digest(dimensions * TOKEN_DIMENSIONS // 8), dtype=np.uint8)
    return (np.unpackbits(bits).astype(np.float32) * 2 - 1).reshape(dimensions, TOKEN_DIMENSIONS)


def _unit(rows: Tokens) -> Tokens:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Tokens = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled
