"""Which works say nearly the same: MinHash finds candidates, the word 3-grams themselves decide."""

import re
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, or_, select

from memory.tables import near_duplicates, signatures, works

LEAST = 0.15
"""Jaccard similarity of word 3-grams from which two works count as near duplicates."""

PERMUTATIONS = 128
_CANDIDATE = 0.05  # of 128 minima equal: a pair at .15 falls below with a chance of 1 in 5,000
_WORD = re.compile(r"\w+")

Hashes = NDArray[np.uint64]
Signature = NDArray[np.uint32]

_RANDOM = np.random.Generator(np.random.PCG64(20261120))  # fixed: stored signatures must stay comparable
_A = _RANDOM.integers(1, 2**63, PERMUTATIONS, dtype=np.uint64) | np.uint64(1)
_B = _RANDOM.integers(0, 2**63, PERMUTATIONS, dtype=np.uint64)
_PLACES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


def shingles(body: str) -> Hashes:
    """Return the hashes of a text's word 3-grams, sorted, each once; a text of one or two words is one of its own."""
    words = [zlib.crc32(word.encode()) for word in _WORD.findall(body.lower())]
    if not words:
        return np.empty(0, dtype=np.uint64)
    padded = np.array(words + [0] * (3 - len(words)), dtype=np.uint64)
    grams = len(padded) - 2
    places = [_mixed(padded[i : i + grams]) * _PLACES[i] for i in range(3)]
    return np.unique(places[0] + places[1] + places[2])


def jaccard(a: Hashes, b: Hashes) -> float:
    """Return the share of 3-grams that two texts have in common; 0 for an empty one."""
    common = np.intersect1d(a, b, assume_unique=True).size
    return float(common / (a.size + b.size - common)) if common else 0.0


def signature(grams: Hashes) -> Signature:
    """Return the MinHash signature, shape (128,): the share of equal places estimates the Jaccard similarity."""
    minima = np.full(PERMUTATIONS, np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, grams.size, 4096):
        hashed = (grams[start : start + 4096, None] * _A + _B) >> np.uint64(32)
        minima = np.minimum(minima, hashed.astype(np.uint32).min(axis=0))
    return minima


class Neighbours:
    """The signatures of one workspace, read once and kept up while an import goes on."""

    def __init__(self, conn: Connection, workspace: str) -> None:
        rows = conn.execute(select(signatures).where(signatures.c.workspace == workspace)).all()
        self._workspace = workspace
        self._ids = [row.work_id for row in rows]
        self._places = {work_id: place for place, work_id in enumerate(self._ids)}
        self._matrix = np.empty((max(64, 2 * len(rows)), PERMUTATIONS), dtype=np.uint32)
        for place, row in enumerate(rows):
            self._matrix[place] = np.frombuffer(row.signature, dtype="<u4")

    def place(self, conn: Connection, work_id: str, body: str) -> int:
        """Store a work's signature and the links to its near duplicates, in place of older ones; return how many."""
        grams = shingles(body)
        unlink(conn, work_id)
        if not grams.size:
            return 0
        own = signature(grams)
        found = [(other, score) for other, score in self._confirmed(conn, work_id, grams, own) if score >= LEAST]
        self._keep(conn, work_id, own)
        rows = [{"work_id": work_id, "of_work_id": other, "jaccard": score} for other, score in found]
        if rows:
            conn.execute(insert(near_duplicates), rows)
        return len(rows)

    def _confirmed(self, conn: Connection, work_id: str, grams: Hashes, own: Signature) -> Iterator[tuple[str, float]]:
        alike = (self._matrix[: len(self._ids)] == own).mean(axis=1)
        for place in np.flatnonzero(alike >= _CANDIDATE):
            other = self._ids[place]
            if other != work_id:
                body = conn.execute(select(works.c.body).where(works.c.id == other)).scalar_one()
                yield other, jaccard(grams, shingles(body))

    def _keep(self, conn: Connection, work_id: str, own: Signature) -> None:
        row = {"work_id": work_id, "workspace": self._workspace, "signature": own.astype("<u4").tobytes()}
        conn.execute(insert(signatures).values(row))
        place = self._places.setdefault(work_id, len(self._ids))
        if place == len(self._ids):
            self._ids.append(work_id)
            if place == len(self._matrix):
                self._matrix = np.concatenate([self._matrix, np.empty_like(self._matrix)])
        self._matrix[place] = own


def unlink(conn: Connection, work_id: str) -> int:
    """Remove a work's signature and every link from and to it; return how many links."""
    conn.execute(delete(signatures).where(signatures.c.work_id == work_id))
    links = or_(near_duplicates.c.work_id == work_id, near_duplicates.c.of_work_id == work_id)
    return conn.execute(delete(near_duplicates).where(links)).rowcount


def _mixed(words: Hashes) -> Hashes:
    mixed: Hashes = (words ^ (words >> np.uint64(15))) * np.uint64(0xD6E8FEB86659FD93)
    return mixed ^ (mixed >> np.uint64(32))
