"""`Recall`: which past works a brief leans on, and the passages that show it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from core.errors import WrongUse
from core.works import Evidence, Recalled
from memory.clock import Clock, utc_now
from memory.consents import revoked_works
from memory.database import Database
from memory.embedding import Embedder
from memory.embedding.port import Vectors
from memory.index import Index
from memory.index.vectors import fingerprint
from memory.recall.catalogue import Catalogue, days, folded, in_scope, permitted, read
from memory.recall.fusion import best_first
from memory.recall.library import Library
from memory.recall.search import Search, Wish
from memory.tables import passages


class Recall:
    """Hybrid recall over one database. Threads may share it; what it keeps of a workspace is read again on change."""

    def __init__(
        self, database: Database, index: Index, embedder: Callable[[], Embedder], clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._index = index
        self._embedder = embedder
        self._clock = clock
        self._kept: dict[str, tuple[Catalogue, Vectors | None, str]] = {}

    def __call__(
        self,
        workspace: str,
        query: str,
        *,
        k: int = 10,
        before: datetime | None = None,
        author: str | None = None,
        tag: str | None = None,
        title: str | None = None,
        like_authors: tuple[str, ...] = (),
        like_tags: tuple[str, ...] = (),
        as_of: datetime | None = None,
    ) -> list[Recalled]:
        """Return the `k` works of this workspace that fit best, best first, each with its signals and passages.

        `before`, `author` and `tag` say what may be found at all. `title` is compared with the works' headings (the
        query is, without one). Works by `like_authors`, with `like_tags`, or not long before `as_of` (now, without
        one) are preferred. Raises WrongUse for an empty query.
        """
        if not query.strip():
            raise WrongUse("There is nothing to look for.", "Say in a few words what it is about.")
        if k < 1:
            raise WrongUse(f"{k} works can't be found.", "Ask for at least one.")
        wish = Wish(query, title or query, folded(like_authors), folded(like_tags), days(as_of or self._clock()))
        with self._database.read() as conn:
            embedder = self._embedder()
            catalogue, matrix = self._catalogue(conn, workspace, embedder.name)
            scope = in_scope(catalogue, before=before, author=author, tag=tag)
            scope &= permitted(catalogue, revoked_works(conn, workspace))
            if not scope.any():
                return []
            library = Library(conn, workspace, catalogue, self._index, embedder, matrix)
            found = _recalled(Search(library, wish, scope), k)
            self._keep(library)
            return found

    def _catalogue(self, conn: Connection, workspace: str, model: str) -> tuple[Catalogue, Vectors | None]:
        kept = self._kept.get(workspace)
        if kept and kept[0].fingerprint == fingerprint(conn, workspace):
            catalogue, matrix, of = kept
            return catalogue, matrix if of == model else None  # vectors of two models never meet
        return read(conn, workspace), None

    def _keep(self, library: Library) -> None:
        # Vectors are kept only when there is one for every passage: those that are missing are on their way.
        matrix = library.matrix
        complete = matrix is not None and not np.isnan(matrix[:, :1]).any()
        self._kept[library.workspace] = library.catalogue, matrix if complete else None, library.embedder.name


def _recalled(search: Search, k: int) -> list[Recalled]:
    best = best_first(search.scores, k)
    evidence = {place: search.evidence(search.candidates[place]) for place in best}
    texts = _passages(search.library, [part for parts in evidence.values() for part, _ in parts])
    found = []
    for place in best:
        row = search.library.catalogue.rows[search.candidates[place]]
        found.append(
            Recalled(
                work_id=row.id,
                title=row.title,
                source=row.source,
                published_at=row.published_at,
                score=round(float(search.scores[place]), 6),
                signals={name: round(float(signal[place]), 6) for name, signal in search.contributions.items()},
                passages=tuple(_evidence(texts[part], score) for part, score in evidence[place]),
                authors=tuple(row.authors),
                tags=tuple(row.tags),
                url=row.url,
            )
        )
    return found


def _passages(library: Library, places: list[int]) -> dict[int, Any]:
    numbers = {int(library.catalogue.passage_numbers[place]): place for place in places}
    query = select(passages).where(passages.c.number.in_(numbers), passages.c.workspace == library.workspace)
    return {numbers[row.number]: row for row in library.conn.execute(query)}


def _evidence(row: Any, score: float) -> Evidence:
    return Evidence(passage_id=row.id, text=row.text, score=round(score, 6), start=row.start, end=row.end)
