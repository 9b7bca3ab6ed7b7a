"""Which works say nearly the same: MinHash finds candidates, the word 3-grams themselves decide."""

import hashlib
import re
import zlib
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, or_, select

from memory.tables import near_duplicates, signatures, works

LEAST = 0.15
"""Jaccard similarity of word 3-grams from which two works count as near duplicates."""

MOST = 10
"""Links that a work gets when it is remembered: a thousand rows of one template would be half a million pairs."""

SHORTEST = 15
"""Words from which 3-grams tell anything; a shorter text is only compared with the very same words."""

PERMUTATIONS = 128
_CANDIDATE = 0.05  # of 128 minima equal: a pair at .15 falls below with a chance of 1 in 5,000
_LOOKED_AT = 2 * MOST  # the most alike by signature whose 3-grams are compared
_HELD = 4_000_000  # hashes of 3-grams kept at hand: 32 MB
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


def signature_of(body: str, grams: Hashes) -> Signature:
    """Return the signature of a text; a short one's follows from all its words at once and agrees with no other's."""
    words = _WORD.findall(body.lower())
    if len(words) >= SHORTEST:
        return signature(grams)
    whole = hashlib.shake_256(" ".join(words).encode()).digest(4 * PERMUTATIONS)
    return np.frombuffer(whole, dtype="<u4")


@dataclass(frozen=True)
class Placed:
    """A work's signature and the works that say nearly the same, found and not stored yet."""

    signature: Signature | None  # None: there are no words
    links: tuple[tuple[str, float], ...] = ()


class Neighbours:
    """The signatures of one workspace, kept up while an import goes on. It only reads: nobody waits for it."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self._ids: list[str] = []
        self._places: dict[str, int] = {}
        self._matrix: Signature = np.empty((0, PERMUTATIONS), dtype=np.uint32)
        self._fresh: dict[str, Hashes] = {}  # placed since the last reading: not in the database yet
        self._held: OrderedDict[tuple[str, bytes], Hashes] = OrderedDict()
        self._size = 0

    def read(self, conn: Connection) -> None:
        """Read the signatures as they are now: other processes remember and forget works too."""
        rows = conn.execute(select(signatures).where(signatures.c.workspace == self._workspace)).all()
        self._ids = [row.work_id for row in rows]
        self._places = {work_id: place for place, work_id in enumerate(self._ids)}
        self._matrix = np.empty((max(64, len(rows) + len(rows) // 4), PERMUTATIONS), dtype=np.uint32)
        if rows:
            stored = np.frombuffer(b"".join(row.signature for row in rows), dtype="<u4")
            self._matrix[: len(rows)] = stored.reshape(-1, PERMUTATIONS)
        self._fresh.clear()

    def place(self, conn: Connection, work_id: str, body: str) -> Placed:
        """Find a text's near duplicates among the works read and those placed since: at most MOST, the likest first."""
        grams = shingles(body)
        if not grams.size:
            return Placed(None)
        own = signature_of(body, grams)
        candidates = [other for other in self._alike(own) if other != work_id][:_LOOKED_AT]
        theirs = self._shingles_of(conn, candidates)
        scored = sorted(((other, jaccard(grams, theirs[other])) for other in candidates), key=lambda pair: -pair[1])
        self._keep(work_id, own)
        self._fresh[work_id] = grams
        return Placed(own, tuple((other, score) for other, score in scored[:MOST] if score >= LEAST))

    def alike(self, text: str) -> list[str]:
        """Return the works read that are like a text as a whole, by signature: candidates, the likest first."""
        grams = shingles(text)
        return self._alike(signature_of(text, grams))[:_LOOKED_AT] if grams.size else []

    def _alike(self, own: Signature) -> list[str]:
        """Return the likest by signature; of equals the latest, so that copies link in a chain and not all to one."""
        alike = np.count_nonzero(self._matrix[: len(self._ids)] == own, axis=1)
        places = np.flatnonzero(alike >= _CANDIDATE * PERMUTATIONS)[::-1]
        order = np.argsort(-alike[places], kind="stable")[: _LOOKED_AT + 1]  # it may be there itself
        return [self._ids[place] for place in places[order]]

    def _shingles_of(self, conn: Connection, ids: list[str]) -> dict[str, Hashes]:
        keys = {work_id: (work_id, self._matrix[self._places[work_id]].tobytes()) for work_id in ids}
        missing = [work_id for work_id in ids if work_id not in self._fresh and keys[work_id] not in self._held]
        if missing:
            for row in conn.execute(select(works.c.id, works.c.body).where(works.c.id.in_(missing))):
                self._hold(keys[row.id], shingles(row.body))
        nothing: Hashes = np.empty(0, dtype=np.uint64)
        found = {i: self._fresh[i] if i in self._fresh else self._held.get(keys[i], nothing) for i in ids}
        self._let_go()
        return found

    def _hold(self, key: tuple[str, bytes], grams: Hashes) -> None:
        self._held[key] = grams
        self._size += grams.size

    def _let_go(self) -> None:
        while self._size > _HELD:
            self._size -= self._held.popitem(last=False)[1].size

    def _keep(self, work_id: str, own: Signature) -> None:
        place = self._places.setdefault(work_id, len(self._ids))
        if place == len(self._ids):
            self._ids.append(work_id)
            if place == len(self._matrix):
                self._matrix = np.concatenate([self._matrix, np.empty_like(self._matrix)])
        self._matrix[place] = own


def store(conn: Connection, workspace: str, work_id: str, placed: Placed) -> int:
    """Store a work's signature and links in place of older ones; return how many links.

    A work that another process forgot since it was found is left out, as is one that it remembered meanwhile.
    """
    unlink(conn, work_id)
    if placed.signature is None:
        return 0
    row = {"work_id": work_id, "workspace": workspace, "signature": placed.signature.astype("<u4").tobytes()}
    conn.execute(insert(signatures).values(row))
    ends = [other for other, _ in placed.links]
    there = set(conn.scalars(select(works.c.id).where(works.c.id.in_(ends)))) if ends else set()
    rows = [{"work_id": work_id, "of_work_id": o, "jaccard": score} for o, score in placed.links if o in there]
    if rows:
        conn.execute(insert(near_duplicates), rows)
    return len(rows)


def unlink(conn: Connection, work_id: str) -> int:
    """Remove a work's signature and every link from and to it; return how many links."""
    conn.execute(delete(signatures).where(signatures.c.work_id == work_id))
    links = or_(near_duplicates.c.work_id == work_id, near_duplicates.c.of_work_id == work_id)
    return conn.execute(delete(near_duplicates).where(links)).rowcount


def _mixed(words: Hashes) -> Hashes:
    mixed: Hashes = (words ^ (words >> np.uint64(15))) * np.uint64(0xD6E8FEB86659FD93)
    return mixed ^ (mixed >> np.uint64(32))
