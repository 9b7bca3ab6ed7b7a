"""PostgreSQL's full text, read as postings: which texts of a workspace have a term, and how often."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from memory.recall.lexical import Posting, Texts

MOST_PLACES = 255
"""How often a word counts at most: a tsvector notes no more of its places."""

_RANKS = np.cumsum(1 / np.arange(1, MOST_PLACES + 2) ** 2) / 1.64493406685
_BETWEEN = (_RANKS[:-1] + _RANKS[1:]) / 2


class TsVectors:
    """The works or passages of one workspace, as `r0007_index.py` keeps them."""

    def __init__(self, conn: Connection, workspace: str, texts: Texts) -> None:
        self._conn = conn
        self._workspace = workspace
        self._with_term = f"FROM {texts}_fts WHERE terms @@ CAST(:term AS tsquery) AND workspace = :workspace"

    def terms(self, query: str) -> list[str]:
        """Return the query's different terms."""
        return list(self._conn.scalars(text("SELECT lexeme FROM unnest(terms_of(:query))"), {"query": query}))

    def count(self, term: str) -> int:
        """Return how many texts have a term."""
        return self._conn.scalar(text(f"SELECT count(*) {self._with_term}"), self._given(term)) or 0

    def read(self, term: str) -> Posting:
        """Return which texts have a term, and how often."""
        asked = f"SELECT number, ts_rank('{{1, 1, 1, 1}}', terms, CAST(:term AS tsquery)) {self._with_term}"
        rows = self._conn.execute(text(asked), self._given(term)).all()
        return Posting(np.array([row[0] for row in rows], dtype=np.int64), counts([row[1] for row in rows]))

    def _given(self, term: str) -> dict[str, str]:
        return {"term": f"'{term}'", "workspace": self._workspace}  # a term has no sign that would need escaping


def counts(ranks: Sequence[float]) -> NDArray[np.float32]:
    """Return how often a term occurs from `ts_rank` of it alone, which sums 1, 1/4, 1/9 … over its places.

    Counting the places themselves would unpack every word of a text: four times slower at 20,000 passages.
    """
    return (np.searchsorted(_BETWEEN, ranks) + 1).astype(np.float32)
