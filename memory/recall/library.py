"""One workspace as a search sees it: its catalogue, and what can be looked up for the places in it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import Connection

from memory.embedding import Embedder
from memory.embedding.port import Vectors
from memory.index import Index
from memory.index.vectors import of_hashes, of_passages
from memory.recall.catalogue import Catalogue, Mask, Places
from memory.recall.fusion import Signal
from memory.recall.lexical import Postings, bm25, postings


@dataclass
class Library:
    """A workspace, read through one connection: every look-up sees the same moment."""

    conn: Connection
    workspace: str
    catalogue: Catalogue
    index: Index
    embedder: Embedder
    matrix: Vectors | None = None
    """The vectors of all passages in the catalogue's order, NaN where there is none yet; read when first needed."""

    def bm25_of_works(self, query: str, scope: Mask) -> Signal:
        """Score every work by the query's words, 0 outside the scope."""
        found = postings(self.conn, self.workspace, "works", query, self._postings)
        return bm25(found, self.catalogue.work_numbers, self.catalogue.work_words, scope)

    def bm25_of_passages(self, query: str, scope: Mask) -> Signal:
        """Score every passage, with its title, by the query's words, 0 outside the scope of works."""
        found = postings(self.conn, self.workspace, "passages", query, self._postings)
        numbers, lengths = self.catalogue.passage_numbers, self.catalogue.passage_length
        return bm25(found, numbers, lengths, scope[self.catalogue.owner])

    def nearest_passages(self, query: Vectors, scope: Mask, n: int) -> Places:
        """Return about the `n` passages in scope that are nearest to the query, in the catalogue's order.

        Chroma names them where this process has it open and everything is in scope: a filter would cost it more than
        an exact search costs here.
        """
        ids = self.index.nearest(self.workspace, self.catalogue.fingerprint, query, n) if scope.all() else None
        if ids is not None:
            return self._places_of(ids)
        near = self._all_vectors() @ query
        places = np.flatnonzero(scope[self.catalogue.owner] & ~np.isnan(near))
        return places if len(places) <= n else np.sort(places[np.argpartition(-near[places], n)[:n]])

    def passage_nearness(self, query: Vectors, places: Places) -> Signal:
        """Return the cosine of the query with passages, NaN where there is no vector yet."""
        if self.matrix is not None or self._again:
            return cosines(query, self._all_vectors()[places])
        return cosines(query, self._kept([self.catalogue.passage_hashes[place] for place in places]))

    def heading_nearness(self, query: Vectors, works: Places) -> Signal:
        """Return the cosine of the query with the headings of works, NaN where there is no vector yet."""
        if self._again:
            return cosines(query, self._all_headings()[works])
        return cosines(query, self._kept([self.catalogue.heading_hashes[work] for work in works]))

    def _all_vectors(self) -> Vectors:
        if self.matrix is None:
            self.matrix = of_passages(self.conn, self.workspace, self.embedder.name, self.embedder.dim)
        return self.matrix

    def _all_headings(self) -> Vectors:
        name = f"headings {self.embedder.name}"
        found: Vectors | None = self.catalogue.beside.get(name)
        if found is None:
            found = self._kept(self.catalogue.heading_hashes)
            if not np.isnan(found[:, :1]).any():
                self.catalogue.beside[name] = found
        return found

    @cached_property
    def _again(self) -> bool:
        """Whether this catalogue was searched before: then its vectors are worth reading whole.

        A process that asks once needs a few thousand of them, which at 100,000 are read in a twentieth of the time.
        """
        before: bool = self.catalogue.beside.get("searched", False)
        self.catalogue.beside["searched"] = True
        return before

    @cached_property
    def _postings(self) -> Postings:
        found: Postings = self.catalogue.beside.setdefault("postings", Postings())
        return found

    def _kept(self, hashes: list[str]) -> Vectors:
        return of_hashes(self.conn, hashes, self.embedder.name, self.embedder.dim)

    def _places_of(self, ids: list[str]) -> Places:
        return np.array(sorted(self._place[passage] for passage in ids if passage in self._place), dtype=np.intp)

    @cached_property
    def _place(self) -> dict[str, int]:
        found: dict[str, int] | None = self.catalogue.beside.get("places")
        if found is None:
            found = {passage: place for place, passage in enumerate(self.catalogue.passage_ids)}
            self.catalogue.beside["places"] = found
        return found


def cosines(query: Vectors, vectors: Vectors) -> Signal:
    """Return the cosine of the query with each row, NaN for a row of NaN.

    Row by row, so that a figure never depends on which others it was computed with: whoever named the candidates,
    Chroma or SQL, their order is the same.
    """
    products: Signal = np.einsum("ij,j->i", vectors, query).astype(np.float64)
    return products
