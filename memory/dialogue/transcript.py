"""A workspace's turns as arrays: what a search reasons about, read once and kept until something is said."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from memory.dialogue.words import day_of, terms
from memory.embedding.port import Vectors
from memory.recall.catalogue import Mask, Places
from memory.recall.fusion import Signal
from memory.tables import turns

Fingerprint = tuple[object, ...]

_SENTENCE_END = re.compile(r"[.!?…。！？]+")


@dataclass(frozen=True)
class Transcript:
    """Turns in the order of their number. `vectors` are those of "speaker: text", NaN where there is none yet."""

    fingerprint: Fingerprint
    rows: list[Any]  # the table's rows
    vectors: Vectors

    @cached_property
    def sitting(self) -> Places:
        """Which session of which thread each turn belongs to, counted from 0."""
        seen: dict[tuple[str, int], int] = {}
        return np.array([seen.setdefault((row.thread, row.session), len(seen)) for row in self.rows], dtype=np.intp)

    @cached_property
    def speakers(self) -> list[str]:
        """Who spoke each turn."""
        return [row.speaker for row in self.rows]

    @cached_property
    def statement(self) -> Signal:
        """How little of each turn is a question: 0 for none of it, -1 for all."""
        asks = [row.text.count("?") / max(1, len(_SENTENCE_END.findall(row.text))) for row in self.rows]
        return -np.array(asks, dtype=np.float64)

    @cached_property
    def postings(self) -> dict[str, tuple[Places, Signal]]:
        """The turns that have a term, and how often: date and speaker are among a turn's words."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, spoken in enumerate(self._terms):
            for term, count in Counter(spoken).items():
                found[term].append((place, count))
        tables = {term: np.array(pairs) for term, pairs in found.items()}
        return {term: (pairs[:, 0], pairs[:, 1].astype(np.float64)) for term, pairs in tables.items()}

    @cached_property
    def lengths(self) -> Signal:
        """How many words each turn has."""
        return np.array([len(spoken) for spoken in self._terms], dtype=np.float64)

    def beside(self, offset: int) -> tuple[Places, Mask]:
        """Return for each turn the place `offset` turns on, and whether that is in the same sitting."""
        if offset not in self._beside:
            count = len(self.rows)
            wanted = np.arange(count) + offset
            places = np.clip(wanted, 0, count - 1)
            self._beside[offset] = places, (places == wanted) & (self.sitting[places] == self.sitting)
        return self._beside[offset]

    def likeness(self, offset: int) -> Signal:
        """Return the cosine of each turn with the one `offset` turns on; 0 where there is none."""
        if offset not in self._likeness:
            places, there = self.beside(offset)
            cosines = np.einsum("ij,ij->i", self.known_vectors, self.known_vectors[places]).astype(np.float64)
            self._likeness[offset] = np.where(there, cosines, 0.0)
        return self._likeness[offset]

    @cached_property
    def has_vector(self) -> Mask:
        """Which turns have a vector."""
        return ~np.isnan(self.vectors[:, 0])

    @cached_property
    def known_vectors(self) -> Vectors:
        """The vectors, 0 where there is none."""
        return np.nan_to_num(self.vectors)

    @cached_property
    def _terms(self) -> list[list[str]]:
        return [terms(f"{day_of(row.said_at)} {row.speaker} {row.text}") for row in self.rows]

    @cached_property
    def _beside(self) -> dict[int, tuple[Places, Mask]]:
        return {}

    @cached_property
    def _likeness(self) -> dict[int, Signal]:
        return {}


def fingerprint(conn: Connection, workspace: str) -> Fingerprint:
    """Return a value that changes whenever a turn of the workspace is added, changed or removed."""
    facts = select(
        func.count(), func.sum(turns.c.number), func.max(turns.c.number), func.sum(func.length(turns.c.text))
    )
    last = select(turns.c.source).where(turns.c.workspace == workspace).order_by(turns.c.number.desc()).limit(1)
    return (*conn.execute(facts.where(turns.c.workspace == workspace)).one(), conn.scalar(last))


def rows_of(conn: Connection, workspace: str) -> list[Any]:
    """Return all turns of one workspace in their order: nothing of any other can be among them."""
    return list(conn.execute(select(turns).where(turns.c.workspace == workspace).order_by(turns.c.number)).all())


Tokens = NDArray[np.float32]
"""Token vectors of unit length, one a row."""
