"""BM25 within a scope: how rare a word is and how long a text is are measured on what may be found, nothing else.

SQLite's own `bm25()` counts over all workspaces, and PostgreSQL has none; so the postings come from their full text,
and the sums are ours.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from memory.recall.catalogue import Mask
from memory.recall.fusion import Signal

K1, B = 1.2, 0.75

MOST_TERMS = 64
"""Words of a query that count: the rarest. A brief may carry a whole article."""

MOST_POSTINGS = 300_000
"""Occurrences that one query may visit, rarest words first: what "the" adds is not worth a second."""

MOST_KEPT = 5_000_000
"""Occurrences that are kept from one query to the next, 12 bytes each: the common words of any language recur."""

Texts = Literal["passages", "works"]


@dataclass(frozen=True)
class Posting:
    """The texts that have a term (by number), and how often."""

    numbers: NDArray[np.int64]
    counts: NDArray[np.float32]


class Postings:
    """What was read of one state of a workspace's texts, by kind of text and term. Threads may share it."""

    def __init__(self) -> None:
        self._of: dict[tuple[Texts, str], Posting] = {}
        self._size = 0
        self._spread: dict[tuple[Texts, str], int] = {}

    def spread(self, texts: Texts, term: str, read: Callable[[], int]) -> int:
        """Return how often a term occurs in all texts of the database, counted now if it is the first time."""
        if (texts, term) not in self._spread:
            self._spread[texts, term] = read()
        return self._spread[texts, term]

    def get(self, texts: Texts, term: str, read: Callable[[], Posting]) -> Posting:
        """Return a term's posting, read now if it is the first time."""
        found = self._of.get((texts, term))
        if found is None:
            found = read()
            if self._size + len(found.numbers) > MOST_KEPT:
                self._of, self._size = {}, 0
            self._of[texts, term] = found
            self._size += len(found.numbers)
        return found


def bm25(postings: Iterable[Posting], numbers: NDArray[np.int64], lengths: Signal, scope: Mask) -> Signal:
    """Score every text of the catalogue: 0 where no term occurs, or outside the scope.

    `numbers` (ascending), `lengths` and `scope` belong to the catalogue's texts, in its order.
    """
    scores = np.zeros(len(numbers))
    total = int(scope.sum())
    if not total:
        return scores
    norm = K1 * (1 - B + B * lengths / max(lengths[scope].mean(), 1.0))
    for posting in postings:
        at = np.minimum(np.searchsorted(numbers, posting.numbers), len(numbers) - 1)
        mine = (numbers[at] == posting.numbers) & scope[at]
        places, counts = at[mine], posting.counts[mine].astype(np.float64)
        idf = math.log1p((total - len(places) + 0.5) / (len(places) + 0.5))
        scores[places] += idf * counts * (K1 + 1) / (counts + norm[places])
    return scores


def postings(conn: Connection, workspace: str, texts: Texts, query: str, kept: Postings | None = None) -> list[Posting]:
    """Return the postings of the query's terms among the passages (with their title) or the works.

    `kept` has those that were read before, from the same state of these texts.
    """
    if conn.dialect.name == "sqlite":
        return _from_full_text(conn, texts, query, kept or Postings())
    from memory.recall.tsvectors import occurrences

    return [_posting(pairs) for pairs in occurrences(conn, workspace, texts, query, MOST_TERMS, MOST_POSTINGS)]


def _from_full_text(conn: Connection, texts: Texts, query: str, kept: Postings) -> list[Posting]:
    # Tens of thousands of plain pairs: the driver's own connection, in the same transaction, gives them fastest.
    driver: Any = conn.connection.driver_connection
    full_text, vocabulary, spread = f"{texts}_fts", f"temp.{texts}_terms", f"temp.{texts}_spread"
    for name, kind in ((vocabulary, "instance"), (spread, "row")):
        driver.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5vocab('main', '{full_text}', {kind})")

    def count(term: str) -> int:
        row = driver.execute(f"SELECT cnt FROM {spread} WHERE term = ?", (term,)).fetchone()
        return row[0] if row else 0

    terms = _terms_as_indexed(driver, full_text, query)
    sizes = sorted((kept.spread(texts, term, lambda term=term: count(term)), term) for term in terms)  # type: ignore[misc]
    found: list[Posting] = []
    visited = 0
    for size, term in [each for each in sizes if each[0]][:MOST_TERMS]:
        visited += size
        if found and visited > MOST_POSTINGS:
            break
        found.append(kept.get(texts, term, lambda term=term: _read(driver, vocabulary, term)))  # type: ignore[misc]
    return found


def _read(driver: Any, vocabulary: str, term: str) -> Posting:
    rows = driver.execute(f"SELECT doc FROM {vocabulary} WHERE term = ?", (term,))
    numbers, counts = np.unique(np.fromiter(chain.from_iterable(rows), dtype=np.int64), return_counts=True)
    return Posting(numbers, counts.astype(np.float32))


def _terms_as_indexed(driver: Any, full_text: str, query: str) -> list[str]:
    """Return the query's different terms, as the full text's own tokenizer makes them."""
    (ddl,) = driver.execute("SELECT sql FROM main.sqlite_master WHERE name = ?", (full_text,)).fetchone()
    tokenizer = re.search(r"tokenize\s*=\s*('[^']*')", ddl)
    option = f", tokenize={tokenizer.group(1)}" if tokenizer else ""
    driver.execute(f"CREATE VIRTUAL TABLE temp.asked USING fts5(text{option})")
    try:
        driver.execute("CREATE VIRTUAL TABLE temp.asked_terms USING fts5vocab('temp', 'asked', row)")
        driver.execute("INSERT INTO temp.asked VALUES (?)", (query,))
        return [term for (term,) in driver.execute("SELECT term FROM temp.asked_terms")]
    finally:
        driver.execute("DROP TABLE IF EXISTS temp.asked_terms")
        driver.execute("DROP TABLE temp.asked")


def _posting(pairs: Sequence[tuple[int, int]]) -> Posting:
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Posting(table[:, 0], table[:, 1].astype(np.float32))
