"""The vectors, in SQL by content hash and model: the truth that the Chroma index can be rebuilt from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Column, ColumnElement, Connection, Exists, bindparam, func, select

from memory.consents import revoked_works
from memory.database import Database
from memory.embedding import Embedder
from memory.embedding.port import Vectors
from memory.index.marks import Extent, extent, mark, unchanged_since, vectors_of
from memory.index.upsert import insert_into
from memory.passages import embedded_text, heading, text_hash
from memory.tables import passages, vectors, works

Progress = Callable[[int, int], None]
"""Called with (done, of how many)."""

Fingerprint = tuple[object, ...]
"""Says whether a workspace's works and passages are still the ones that were read."""

COMMIT_EVERY = 256
"""Embedded texts in a transaction: what an interrupted import may have to embed again."""

MANY = 500
"""Values in one IN list."""


def fingerprint(conn: Connection, workspace: str) -> Fingerprint:
    """Return a value that changes whenever a work or a passage of the workspace is added, replaced or removed."""
    of_works = select(func.count(), func.sum(works.c.version), func.max(works.c.number), func.max(works.c.imported_at))
    # Passages only change with their work. SQLite gives a removed row's number away again, but only the highest: so the
    # id that has it now tells.
    newest = select(passages.c.number, passages.c.id).where(passages.c.workspace == workspace)
    return (
        *conn.execute(of_works.where(works.c.workspace == workspace)).one(),
        *(conn.execute(newest.order_by(passages.c.number.desc()).limit(1)).one_or_none() or ()),
    )


def pending_texts(conn: Connection, workspace: str, model: str) -> dict[str, str]:
    """Return every text of the workspace that has no vector yet, by its hash: headings and passages.

    Works whose consent was revoked are left out, here and in the count: a model may be somebody else's.
    """
    since = unchanged_since(conn, workspace, vectors_of(model)) or Extent()
    texts = {text_hash(text): text for text in _headings(conn, workspace, since)}
    for made in set(known(conn, texts, model)):
        del texts[made]
    for title, text, content_hash in conn.execute(
        select(works.c.title, passages.c.text, passages.c.content_hash)
        .join(works, works.c.id == passages.c.work_id)
        .where(*_new(workspace, since), ~_has_vector(model), _may_be_used(conn, workspace, works.c.id))
    ):
        texts[content_hash] = embedded_text(title, text)
    return texts


def pending_passages(conn: Connection, workspace: str, model: str) -> int:
    """Return how many passages have no vector yet."""
    since = unchanged_since(conn, workspace, vectors_of(model)) or Extent()
    query = select(func.count()).select_from(passages).where(*_new(workspace, since), ~_has_vector(model))
    return conn.scalar(query.where(_may_be_used(conn, workspace, passages.c.work_id))) or 0


def embed_pending(database: Database, workspace: str, embedder: Embedder, progress: Progress | None = None) -> int:
    """Embed what has no vector yet and keep it, in transactions small enough to be interrupted; return how many."""
    with database.read() as conn:
        reached, texts = extent(conn, workspace), pending_texts(conn, workspace, embedder.name)
    # Texts of one length share batches, so nothing is spent on padding.
    queue = iter(sorted(texts.items(), key=lambda item: len(item[1])))
    done = 0
    for chunk in iter(lambda: list(islice(queue, COMMIT_EVERY)), []):
        if progress:
            progress(done, len(texts))
        made = embedder.embed([text for _, text in chunk])
        keep(database, embedder.name, [content_hash for content_hash, _ in chunk], made)
        done += len(chunk)
    if progress and done:
        progress(done, len(texts))
    _note(database, workspace, embedder.name, reached)
    return done


def _note(database: Database, workspace: str, model: str, reached: Extent) -> None:
    """Note that everything has a vector: but for what may not be used, which is looked for again every time."""
    with database.read() as conn:
        before, withheld = unchanged_since(conn, workspace, vectors_of(model)), _withheld(conn, workspace, model)
    if before != reached and not withheld:
        mark(database, workspace, vectors_of(model), reached)


def _withheld(conn: Connection, workspace: str, model: str) -> bool:
    """Say whether a work whose consent was revoked lacks a vector: it has to get one when it may be used again."""
    revoked = revoked_works(conn, workspace)
    parts = select(passages.c.id).where(passages.c.work_id.in_(revoked), ~_has_vector(model))
    rows = conn.execute(select(works.c.title, works.c.excerpt).where(works.c.id.in_(revoked)))
    headings = {text_hash(text) for row in rows if (text := heading(row.title, row.excerpt))}
    return conn.execute(parts.limit(1)).first() is not None or len(set(known(conn, headings, model))) < len(headings)


def keep(database: Database, model: str, hashes: Sequence[str], made: Vectors) -> None:
    """Keep vectors under their hashes; one that another process kept in the meantime stays."""
    rows = [
        {"content_hash": content_hash, "model": model, "vector": vector.astype("<f4").tobytes()}
        for content_hash, vector in zip(hashes, made, strict=True)
    ]
    with database.write() as conn:
        conn.execute(insert_into(vectors, database).on_conflict_do_nothing(), rows)


def of_hashes(conn: Connection, hashes: Sequence[str], model: str, dim: int) -> Vectors:
    """Return the kept vector of each hash, in order: shape (len(hashes), dim). A row of NaN is one not made yet."""
    found: dict[str, bytes] = {}
    query = select(vectors.c.content_hash, vectors.c.vector).where(
        vectors.c.model == model, vectors.c.content_hash.in_(bindparam("hashes", expanding=True))
    )
    for chunk in _chunks(dict.fromkeys(hashes), MANY):
        found.update((row.content_hash, row.vector) for row in conn.execute(query, {"hashes": chunk}))
    unknown = np.full(dim, np.nan, dtype="<f4").tobytes()
    return _matrix((found.get(content_hash, unknown) for content_hash in hashes), dim)


def of_passages(conn: Connection, workspace: str, model: str, dim: int) -> Vectors:
    """Return the vectors of all passages of a workspace by number, NaN where there is none yet: shape (n, dim)."""
    unknown = np.full(dim, np.nan, dtype="<f4").tobytes()
    both = (vectors.c.content_hash == passages.c.content_hash) & (vectors.c.model == model)
    query = (
        select(vectors.c.vector)
        .select_from(passages.outerjoin(vectors, both))
        .where(passages.c.workspace == workspace)
        .order_by(passages.c.number)
    )
    return _matrix((vector or unknown for (vector,) in conn.execute(query)), dim)


def known(conn: Connection, hashes: Iterable[str], model: str) -> Iterator[str]:
    """Yield those of the hashes that there is a vector for."""
    query = select(vectors.c.content_hash).where(
        vectors.c.model == model, vectors.c.content_hash.in_(bindparam("hashes", expanding=True))
    )
    for chunk in _chunks(hashes, MANY):
        yield from conn.scalars(query, {"hashes": chunk})


def _matrix(rows: Iterable[bytes], dim: int) -> Vectors:
    return np.frombuffer(b"".join(rows), dtype="<f4").reshape(-1, dim)


def _new(workspace: str, since: Extent) -> tuple[ColumnElement[bool], ...]:
    return passages.c.workspace == workspace, passages.c.number > since.last_passage


def _headings(conn: Connection, workspace: str, since: Extent) -> Iterator[str]:
    new = (works.c.workspace == workspace, works.c.number > since.last_work)
    mine = (*new, _may_be_used(conn, workspace, works.c.id))
    for title, excerpt in conn.execute(select(works.c.title, works.c.excerpt).where(*mine)):
        if text := heading(title, excerpt):
            yield text


def _may_be_used(conn: Connection, workspace: str, work_id: Column[Any]) -> ColumnElement[bool]:
    return work_id.not_in(revoked_works(conn, workspace))


def _has_vector(model: str) -> Exists:
    return select(1).where(vectors.c.content_hash == passages.c.content_hash, vectors.c.model == model).exists()


def _chunks(values: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(values)
    return iter(lambda: list(islice(remaining, size)), [])
