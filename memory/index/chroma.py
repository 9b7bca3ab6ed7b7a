"""Chroma, as little of it as is needed: ids and our own vectors, one collection per workspace and embedding model."""

import ctypes
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from core.canonical import sha256
from memory.embedding.port import Vectors

ADD_AT_ONCE = 1000

_HNSW = {"space": "ip", "ef_construction": 200, "max_neighbors": 32, "ef_search": 500}
"""Inner product of unit vectors. Searches look at more than they return, so that the exact order can be had of it."""


class Collection:
    """The vectors of one workspace under one embedding model."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name
        self._collection = self._get()
        self._size: int | None = None  # counting takes Chroma longer than searching

    def put(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors, or replace those of ids it has."""
        self._size = None
        for part in _parts(len(ids)):
            self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove vectors; ids that it doesn't have are left out."""
        self._size = None
        for part in _parts(len(ids)):
            self._collection.delete(ids=list(ids[part]))

    def nearest(self, vector: Vectors, n: int) -> list[str]:
        """Return the ids of (about) the `n` nearest vectors, nearest first."""
        if self._size is None:
            self._size = self.count()
        n = min(n, self._size)
        if not n:
            return []
        found = self._collection.query(query_embeddings=vector[None, :], n_results=n, include=[])
        return cast("list[str]", found["ids"][0])

    def ids(self) -> set[str]:
        """Return every id it has."""
        return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        """Return how many vectors it has."""
        return int(self._collection.count())

    def empty(self) -> None:
        """Drop the collection and start a new one under its name."""
        self._size = None
        self._client.delete_collection(self._name)
        self._collection = self._get()

    def close(self) -> None:
        """Write what is pending and let go of the files."""
        self._client.close()

    def _get(self) -> Any:
        # No embedding function: Chroma's own would download a model.
        return self._client.get_or_create_collection(self._name, embedding_function=None, configuration={"hnsw": _HNSW})


def open_embedded(folder: Path, name: str) -> Collection:
    """Open the collection in `folder`. Only for the holder of the index lock: a second process destroys it."""
    import chromadb

    _keep_freed_memory_out_of_files()
    return Collection(chromadb.PersistentClient(path=str(folder), settings=_settings()), name)


def open_server(url: str, name: str) -> Collection:
    """Open the collection on a Chroma server, which many processes may use at once."""
    import chromadb

    parts = urlsplit(url if "//" in url else f"//{url}")
    secure = parts.scheme == "https"
    client = chromadb.HttpClient(
        host=parts.hostname or "localhost", port=parts.port or (443 if secure else 8000), ssl=secure,
        settings=_settings(),
    )  # fmt: skip
    return Collection(client, name)


def readable_name(*parts: str) -> str:
    """Return a name for a collection or folder: readable, safe in a path, and never that of other parts."""
    readable = re.sub(r"[^A-Za-z0-9-]+", "-", "--".join(parts[:2])).strip("-")[:100] or "x"
    return f"{readable}-{sha256(list(parts))[:8]}"


def _keep_freed_memory_out_of_files() -> None:
    """Have memory wiped as it is freed and as it is given out, where the C library can be told so (glibc).

    Chroma writes its index with the room it has not used yet, whatever that memory held before: measured, the vector
    of a work that was forgotten a moment ago, in the index that was made anew to be rid of it.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_PERTURB, 0xFF)


_M_PERTURB = -6


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _parts(count: int) -> Iterator[slice]:
    return (slice(first, first + ADD_AT_ONCE) for first in range(0, count, ADD_AT_ONCE))
