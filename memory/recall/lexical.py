"""BM25 within a scope: how rare a word is and how long a text is are measured on what may be found, nothing else.

SQLite's own `bm25()` counts over all workspaces, and PostgreSQL has none; so the postings come from their full text,
and the sums are ours.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from memory.recall.catalogue import Mask, Places
from memory.recall.fusion import Signal

K1, B = 1.2, 0.75

MOST_TERMS = 64
"""Words of a query that count: the rarest. A brief may carry a whole article."""

MOST_POSTINGS = 60_000
"""Occurrences that one query may visit, rarest words first: what "the" adds is not worth a second."""

MOST_KEPT = 5_000_000
"""Occurrences that are kept from one query to the next, 28 bytes each: the common words of any language recur."""

Texts = Literal["passages", "works"]


@dataclass
class Posting:
    """The texts that have a term (by number), and how often."""

    numbers: NDArray[np.int64]
    counts: NDArray[np.float32]
    _placed: tuple[Any, Places, Signal] | None = field(default=None, repr=False, compare=False)

    def among(self, numbers: NDArray[np.int64]) -> tuple[Places, Signal]:
        """Return the places in `numbers` (ascending) of the texts that are there, and the counts of those.

        Kept for the numbers that were asked last: a catalogue's are asked again with every query.
        """
        if self._placed is None or self._placed[0] is not numbers:
            at = np.minimum(np.searchsorted(numbers, self.numbers), len(numbers) - 1)
            mine = numbers[at] == self.numbers
            self._placed = numbers, at[mine], self.counts[mine].astype(np.float64)
        return self._placed[1:]


class Postings:
    """What was read of one state of a workspace's texts, by kind of text and term. Threads may share it."""

    def __init__(self) -> None:
        self._of: dict[tuple[Texts, str], Posting] = {}
        self._size = 0
        self._spread: dict[tuple[Texts, str], int] = {}

    def spread(self, texts: Texts, term: str, read: Callable[[str], int]) -> int:
        """Return how often a term occurs in all texts of the database, counted now if it is the first time."""
        if (texts, term) not in self._spread:
            self._spread[texts, term] = read(term)
        return self._spread[texts, term]

    def get(self, texts: Texts, term: str, read: Callable[[str], Posting]) -> Posting:
        """Return a term's posting, read now if it is the first time."""
        found = self._of.get((texts, term))
        if found is None:
            found = read(term)
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
    everything = total == len(scope)
    for posting in postings:
        places, counts = posting.among(numbers)
        if not everything:
            mine = scope[places]
            places, counts = places[mine], counts[mine]
        idf = math.log1p((total - len(places) + 0.5) / (len(places) + 0.5))
        scores[places] += idf * counts * (K1 + 1) / (counts + norm[places])
    return scores


def postings(conn: Connection, workspace: str, texts: Texts, query: str, kept: Postings | None = None) -> list[Posting]:
    """Return the postings of the query's terms among the passages (with their title) or the works.

    `kept` has those that were read before, from the same state of these texts.
    """
    words, kept = _words(conn, workspace, texts), kept or Postings()
    sizes = ((kept.spread(texts, term, words.count), term) for term in words.terms(query))
    found: list[Posting] = []
    visited = 0
    for size, term in sorted(each for each in sizes if each[0])[:MOST_TERMS]:
        visited += size
        if found and visited > MOST_POSTINGS:
            break
        found.append(kept.get(texts, term, words.read))
    return found


class Words(Protocol):
    """A database's full text of one kind of text."""

    def terms(self, query: str) -> list[str]:
        """Return the query's different terms, as the full text has them."""
        ...

    def count(self, term: str) -> int:
        """Return about how much there is to read of a term; 0 if it occurs nowhere."""
        ...

    def read(self, term: str) -> Posting:
        """Return which texts have a term, and how often."""
        ...


def _words(conn: Connection, workspace: str, texts: Texts) -> Words:
    if conn.dialect.name == "sqlite":
        return _Fts5(conn, texts)
    from memory.recall.tsvectors import TsVectors

    return TsVectors(conn, workspace, texts)


class _Fts5:
    """SQLite's, over all workspaces: `bm25` takes what is in scope."""

    def __init__(self, conn: Connection, texts: Texts) -> None:
        # Tens of thousands of plain numbers: the driver's own connection, in the same transaction, gives them fastest.
        driver: Any = conn.connection.driver_connection
        self._driver = driver
        self._full_text, self._places, self._spread = f"{texts}_fts", f"temp.{texts}_terms", f"temp.{texts}_spread"
        for name, kind in ((self._places, "instance"), (self._spread, "row")):
            made = f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5vocab('main', '{self._full_text}', {kind})"
            self._driver.execute(made)

    def terms(self, query: str) -> list[str]:
        return _terms_as_indexed(self._driver, self._full_text, query)

    def count(self, term: str) -> int:
        row = self._driver.execute(f"SELECT cnt FROM {self._spread} WHERE term = ?", (term,)).fetchone()
        return row[0] if row else 0

    def read(self, term: str) -> Posting:
        # One string of all numbers: row by row, the way from SQLite to Python takes more than twice the time.
        (listed,) = self._driver.execute(
            f"SELECT group_concat(doc) FROM {self._places} WHERE term = ?", (term,)
        ).fetchone()
        numbers, counts = np.unique(np.fromstring(listed or "", dtype=np.int64, sep=","), return_counts=True)
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
