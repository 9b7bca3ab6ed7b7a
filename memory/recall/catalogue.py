"""A workspace's works and passages as arrays: what a recall reasons about, without their texts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from memory.index.vectors import Fingerprint, fingerprint
from memory.passages import heading, text_hash
from memory.tables import passages, works

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
"""Positions of works or passages in a catalogue."""

NO_DATE = np.nan
DAY = 86_400.0


@dataclass(frozen=True)
class Catalogue:
    """Works and passages, each in the order of their number; `owner` is the position of a passage's work."""

    fingerprint: Fingerprint
    rows: list[Any]  # id, title, source, url, published_at, authors, tags of each work
    work_numbers: NDArray[np.int64]
    work_words: NDArray[np.float64]
    published: NDArray[np.float64]  # days since 1970; NaN where it is not known
    authors: list[frozenset[str]]
    tags: list[frozenset[str]]
    heading_hashes: list[str]
    passage_ids: list[str]
    passage_numbers: NDArray[np.int64]
    passage_hashes: list[str]
    passage_length: NDArray[np.float64]  # in characters
    owner: Places
    beside: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What a search read beside it and the next one may use: it holds as long as the catalogue does."""


def read(conn: Connection, workspace: str) -> Catalogue:
    """Read the catalogue of one workspace: nothing of any other can be in it."""
    rows = conn.execute(
        select(
            works.c.number, works.c.id, works.c.title, works.c.source, works.c.url, works.c.published_at,
            works.c.authors, works.c.tags, works.c.excerpt, works.c.words,
        )
        .where(works.c.workspace == workspace)
        .order_by(works.c.number)
    ).all()  # fmt: skip
    place = {row.id: position for position, row in enumerate(rows)}
    columns = (passages.c.number, passages.c.id, passages.c.work_id, passages.c.content_hash)
    parts = conn.execute(
        select(*columns, (passages.c.end - passages.c.start).label("length"))
        .where(passages.c.workspace == workspace)
        .order_by(passages.c.number)
    ).all()
    return Catalogue(
        fingerprint=fingerprint(conn, workspace),
        rows=list(rows),
        work_numbers=np.array([row.number for row in rows], dtype=np.int64),
        work_words=np.array([row.words + len(row.title.split()) for row in rows], dtype=np.float64),
        published=np.array([days(row.published_at) for row in rows], dtype=np.float64),
        authors=[folded(row.authors) for row in rows],
        tags=[folded(row.tags) for row in rows],
        heading_hashes=[text_hash(heading(row.title, row.excerpt)) for row in rows],
        passage_ids=[part.id for part in parts],
        passage_numbers=np.array([part.number for part in parts], dtype=np.int64),
        passage_hashes=[part.content_hash for part in parts],
        passage_length=np.array([part.length for part in parts], dtype=np.float64),
        owner=np.array([place[part.work_id] for part in parts], dtype=np.intp),
    )


def in_scope(
    catalogue: Catalogue, *, before: datetime | None = None, author: str | None = None, tag: str | None = None
) -> Mask:
    """Return which works may be found at all. A work without a date is not known to be before anything."""
    scope = np.ones(len(catalogue.rows), dtype=bool)
    if before is not None:
        scope &= catalogue.published < days(before)
    if author is not None:
        scope &= np.array([author.casefold() in names for names in catalogue.authors], dtype=bool)
    if tag is not None:
        scope &= np.array([tag.casefold() in names for names in catalogue.tags], dtype=bool)
    return scope


def permitted(catalogue: Catalogue, revoked: frozenset[str]) -> Mask:
    """Return which works may be used: consent for the others was revoked."""
    if not revoked:
        return np.ones(len(catalogue.rows), dtype=bool)
    return np.array([row.id not in revoked for row in catalogue.rows], dtype=bool)


def days(moment: datetime | None) -> float:
    """Return an instant as days since 1970."""
    return NO_DATE if moment is None else moment.timestamp() / DAY


def folded(names: list[str] | tuple[str, ...]) -> frozenset[str]:
    """Return names as they are compared: without regard to case."""
    return frozenset(name.casefold() for name in names)
