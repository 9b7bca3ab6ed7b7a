"""Which of the creator's own tags fit a text: what similar pieces carry, what the text names, what was used of late."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from memory.clock import Clock, utc_now
from memory.consents import revoked_works
from memory.database import Database
from memory.embedding import Embedder
from memory.index.vectors import fingerprint, of_passages
from memory.passages import cut, embedded_text
from memory.privacy import kept_from
from memory.recall.catalogue import Catalogue, days, folded, in_scope, permitted, read
from memory.tables import works

if TYPE_CHECKING:
    from memory.recall import Recall

LIKE, NEAR, CENTROID, NAMED, NAME, RECENT, AUTHOR = 1.5, 1.0, 0.5, 0.7, 0.3, 0.5, 0.5
"""The recipe's weights on z-scores over the tags, few and round. `greenroom bench tags --own` measures them."""

NEAREST = 20
"""Recalled works whose tags count, the n-th by 1 / (n + 2)."""

LOCAL = 200
"""Works near the text of which it is learnt what carries which tag."""

_RIDGE = 0.6  # how much a piece's tags may differ from those of its like
_AGES = 1000.0  # days in which a piece's tags come to say e times less
_YEAR = 365.0
_FEW_USES = 2.0  # late uses below which a share says little
_MOST_SLICES = 5
_QUERY_WORDS = 120
_WORD = re.compile(r"[^\W\d_]{2,}")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FittingTag:
    """A tag of the creator's own: 1 for the best one, less for the others; how often the text names it.

    `like` is the cosine of the text with the work nearest to it that has the tag.
    """

    tag: str
    score: float
    named: int
    like: float = 0.0


@dataclass(frozen=True)
class _Kept:
    """A workspace's works as they were last read, with one unit vector each."""

    catalogue: Catalogue
    vectors: Floats
    model: str


class OwnTags:
    """Call it: the tags of a workspace that fit a text, best first. Threads may share it."""

    def __init__(
        self, database: Database, embedder: Callable[[], Embedder], recall: "Recall", clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._recall = recall
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._names: dict[tuple[str, str], Floats] = {}

    def __call__(
        self,
        workspace: str,
        text: str,
        *,
        title: str = "",
        authors: Sequence[str] = (),
        k: int = 10,
        before: datetime | None = None,
    ) -> list[FittingTag]:
        """Return up to `k` tags that similar works carry or the text names; with `before`, of earlier works only.

        Where several people write, `authors` says whose the text is: each has subjects of their own.
        """
        query = " ".join(f"{title}\n{text}".split()[:_QUERY_WORDS])
        if not query:
            return []
        near = self._recall(workspace, query, k=NEAREST, before=before, as_of=before)
        with self._database.read() as conn:
            kept = self._works(conn, workspace)
            scope = in_scope(kept.catalogue, before=before) & permitted(kept.catalogue, revoked_works(conn, workspace))
            spellings, sets = _tags(kept.catalogue, np.flatnonzero(scope))
            if not spellings:
                return []
            asked = _Asked(kept, np.flatnonzero(scope), sets, spellings, text, title, folded(tuple(authors)))
            bodies = _bodies(conn, asked, self._embedded(text, title))
            hidden = _hidden(asked, kept_from(conn, workspace, kept.model))
        ranked = [work.work_id for work in near]
        return _fitting(asked, ranked, bodies, self._named_vectors(spellings, hidden), days(before or self._clock()), k)

    def _works(self, conn: Connection, workspace: str) -> _Kept:
        embedder = self._embedder()
        kept = self._kept.get(workspace)
        now = fingerprint(conn, workspace)
        if kept is None or kept.catalogue.fingerprint != now or kept.model != embedder.name:
            catalogue = read(conn, workspace)
            vectors = _means(catalogue, of_passages(conn, workspace, embedder.name, embedder.dim))
            kept = self._kept[workspace] = _Kept(catalogue, vectors, embedder.name)
        return kept

    def _embedded(self, text: str, title: str) -> Floats:
        slices = [embedded_text(title, each.text) for each in cut(title, text)[:_MOST_SLICES]] or [title]
        return _unit(np.asarray(self._embedder().embed(slices), dtype=np.float64).mean(axis=0))

    def _named_vectors(self, spellings: Sequence[str], hidden: frozenset[int]) -> Floats:
        """Return a vector for each tag; those at `hidden` point nowhere, as the model is not sent them."""
        embedder = self._embedder()
        sent = [name for place, name in enumerate(spellings) if place not in hidden]
        new = [name for name in sent if (embedder.name, name) not in self._names]
        for name, vector in zip(new, embedder.embed(new) if new else (), strict=True):
            self._names[embedder.name, name] = np.asarray(vector, dtype=np.float64)
        nowhere = np.zeros(embedder.dim)
        return np.array(
            [nowhere if place in hidden else self._names[embedder.name, name] for place, name in enumerate(spellings)]
        )


@dataclass
class _Asked:
    """A text in a workspace: the works that may be used (places in the catalogue), and their tags."""

    kept: _Kept
    places: NDArray[np.intp]
    sets: list[frozenset[int]]  # the tags of each place, as positions in `spellings`
    spellings: list[str]
    text: str
    title: str
    authors: frozenset[str] = frozenset()
    vector: Floats | None = None

    def carriers(self) -> Floats:
        """Return which work has which tag: shape (works, tags)."""
        table = np.zeros((len(self.places), len(self.spellings)))
        for row, mine in enumerate(self.sets):
            table[row, list(mine)] = 1.0
        return table


def _fitting(
    asked: _Asked, near: list[str], bodies: dict[int, str], names: Floats, today: float, k: int
) -> list[FittingTag]:
    assert asked.vector is not None
    table = asked.carriers()
    vectors = asked.kept.vectors[asked.places]
    ages = np.nan_to_num(np.maximum(today - asked.kept.catalogue.published[asked.places], 0.0), nan=_AGES)
    named = _mentions(asked)
    nearest = _nearest(asked, near)
    signals = (
        (LIKE, _like(asked, vectors @ asked.vector, vectors, table, ages, bodies)),
        (NEAR, nearest),
        (CENTROID, _rows_unit(table.T @ vectors) @ asked.vector),
        (NAMED, np.log1p(named)),
        (NAME, names @ asked.vector),
        (RECENT, np.log(np.exp(-ages / _YEAR) @ table + 0.01)),
        (AUTHOR, _by_author(asked, table, np.exp(-ages / _YEAR))),
    )
    total: Floats = sum((weight * _standard(signal) for weight, signal in signals), np.zeros(len(asked.spellings)))
    has_evidence = (named > 0) | (nearest > 0)
    best = [int(place) for place in np.argsort(-total, kind="stable") if has_evidence[place]][:k]
    like = np.where(table > 0, (vectors @ asked.vector)[:, None], -1.0).max(axis=0)
    return _scaled(asked, total, named, like, best)


def _scaled(asked: _Asked, total: Floats, named: Floats, like: Floats, best: list[int]) -> list[FittingTag]:
    if not best:
        return []
    floor, top = float(total.min()), float(total[best[0]])
    span = (top - floor) or 1.0
    return [
        FittingTag(
            asked.spellings[place],
            round(1 - (top - float(total[place])) / span, 3),
            int(named[place]),
            round(float(like[place]), 3),
        )
        for place in best
    ]


def _like(asked: _Asked, near: Floats, vectors: Floats, table: Floats, ages: Floats, bodies: dict[int, str]) -> Floats:
    """Return how likely each tag is by a ridge regression over meaning and words of the works nearest to the text."""
    local = np.array(sorted(bodies), dtype=np.intp)
    words = _tfidf([f"{asked.title} {asked.title} {asked.title} {asked.text}", *(bodies[place] for place in local)])
    by_words = words[1:] @ words[0]
    kernel = vectors[local] @ vectors[local].T + words[1:] @ words[1:].T
    weights = np.exp(-ages[local] / (2 * _YEAR)) + 1e-9
    usual = weights @ table[local] / weights.sum()
    noise = np.diag(_RIDGE * np.exp(np.minimum(ages[local] / _AGES, 5.0)))
    learnt: Floats = usual + (near[local] + by_words) @ np.linalg.solve(kernel + noise, table[local] - usual)
    return learnt


def _tfidf(texts: Sequence[str]) -> Floats:
    """Return a unit row of log counts by rarity for each text, over the words that two of them share."""
    counted = [Counter(_WORD.findall(text.casefold())) for text in texts]
    spread = Counter(word for counts in counted for word in counts)
    columns = {word: place for place, word in enumerate(sorted(word for word, n in spread.items() if n > 1))}
    rows = np.zeros((len(texts), max(1, len(columns))))
    for row, counts in enumerate(counted):
        for word, count in counts.items():
            if word in columns:
                rarity = math.log((1 + len(texts)) / (1 + spread[word])) + 1
                rows[row, columns[word]] = (1 + math.log(count)) * rarity
    return _rows_unit(rows)


def _nearest(asked: _Asked, near: list[str]) -> Floats:
    rows = asked.kept.catalogue.rows
    row_of = {rows[place].id: row for row, place in enumerate(asked.places)}
    scores = np.zeros(len(asked.spellings))
    for rank, work_id in enumerate(near):
        if work_id in row_of:
            scores[list(asked.sets[row_of[work_id]])] += 1 / (rank + 3)
    return scores


def _by_author(asked: _Asked, table: Floats, recent: Floats) -> Floats:
    """Return how much of each tag's late use is by who wrote the text; nothing where one hand wrote everything."""
    by = asked.kept.catalogue.authors
    same = np.array([bool(asked.authors & by[place]) for place in asked.places], dtype=np.float64)
    if same.all():
        return np.zeros(len(asked.spellings))
    share: Floats = ((same * recent) @ table) / (recent @ table + _FEW_USES)
    return share


def _mentions(asked: _Asked) -> Floats:
    text = f"{asked.title}\n{asked.text}".casefold()
    return np.array([count_named(text, name) for name in asked.spellings], dtype=np.float64)


def count_named(folded: str, name: str) -> int:
    """Return how often a text (case-folded) names a tag as a whole word or phrase."""
    low = name.casefold()
    if low not in folded:
        return 0
    return len(re.findall(rf"(?<!\w){re.escape(low)}(?!\w)", folded))


def _tags(catalogue: Catalogue, places: Iterable[int]) -> tuple[list[str], list[frozenset[int]]]:
    """Return the tags in their commonest spelling, and which of them each work has."""
    spelt: dict[str, Counter[str]] = {}
    folded: list[set[str]] = []
    for place in places:
        mine = {tag.casefold(): tag for tag in catalogue.rows[place].tags if tag.strip()}
        folded.append(set(mine))
        for low, tag in mine.items():
            spelt.setdefault(low, Counter())[tag] += 1
    number = {low: position for position, low in enumerate(sorted(spelt))}
    names = [min(spelt[low], key=lambda tag: (-spelt[low][tag], tag)) for low in number]
    return names, [frozenset(number[low] for low in mine) for mine in folded]


def _bodies(conn: Connection, asked: _Asked, vector: Floats) -> dict[int, str]:
    """Return the words of the works nearest to the text, by their place among those in scope."""
    asked.vector = vector
    near = asked.kept.vectors[asked.places] @ vector
    rows = asked.kept.catalogue.rows
    local = np.argsort(-near, kind="stable")[:LOCAL]
    place_of = {rows[asked.places[place]].id: int(place) for place in local}
    found: Any = conn.execute(select(works.c.id, works.c.title, works.c.body).where(works.c.id.in_(place_of)))
    return {place_of[row.id]: f"{row.title} {row.title} {row.title} {row.body}" for row in found}


def _hidden(asked: _Asked, kept_out: frozenset[str]) -> frozenset[int]:
    """Return the tags that only works have which the embedding model is not sent."""
    rows = asked.kept.catalogue.rows
    shown = [mine for place, mine in zip(asked.places, asked.sets, strict=True) if rows[place].id not in kept_out]
    return frozenset(range(len(asked.spellings))) - frozenset().union(*shown)


def _means(catalogue: Catalogue, passages: Any) -> Floats:
    sums = np.zeros((len(catalogue.rows), passages.shape[1] if passages.size else 1))
    if passages.size:
        np.add.at(sums, catalogue.owner, np.nan_to_num(np.asarray(passages, dtype=np.float64)))
    return _rows_unit(sums)


def _rows_unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _standard(values: Floats) -> Floats:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-12 else np.zeros(len(values))
