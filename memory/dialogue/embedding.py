"""What was said, embedded once: vectors by the hash of "speaker: text", in the one table of all vectors."""

from collections.abc import Callable, Iterator

import numpy as np
from sqlalchemy import Connection, select

from memory.consents import revoked_people, revoked_works
from memory.database import Database
from memory.dialogue.keeping import spoken
from memory.dialogue.search import Asked
from memory.dialogue.tokens import model_of, packed
from memory.embedding import Embedder
from memory.embedding.tokens import TokenEmbedder
from memory.index.upsert import insert_into
from memory.index.vectors import keep
from memory.naming import names
from memory.tables import turns, vectors

Progress = Callable[[int, int], None]

COMMIT_EVERY = 128


def ask(question: str, embedder: Embedder, with_tokens: TokenEmbedder | None) -> Asked:
    """Return a question with its vectors."""
    if with_tokens is None:
        return Asked(question, embedder.embed([question])[0])
    [made] = with_tokens.embed([question])
    return Asked(question, made.vector, made)


def embed_pending(
    database: Database,
    workspace: str,
    embedder: Embedder,
    with_tokens: TokenEmbedder | None,
    progress: Progress | None = None,
) -> int:
    """Embed the turns that have no vector of this model yet, in small transactions; return how many texts."""
    with database.read() as conn:
        pending = _pending(conn, workspace, model_of(embedder.name) if with_tokens else embedder.name)
    done = 0
    for chunk in _chunks(sorted(pending.items(), key=lambda item: len(item[1]))):
        _embed(database, dict(chunk), embedder, with_tokens)
        done += len(chunk)
        if progress:
            progress(done, len(pending))
    return done


def _embed(database: Database, texts: dict[str, str], embedder: Embedder, with_tokens: TokenEmbedder | None) -> None:
    if with_tokens is None:
        keep(database, embedder.name, list(texts), embedder.embed(list(texts.values())))
        return
    made = with_tokens.embed(list(texts.values()))
    keep(database, embedder.name, list(texts), np.stack([each.vector for each in made]))
    keep_bytes(database, model_of(embedder.name), {h: packed(each.tokens) for h, each in zip(texts, made, strict=True)})


def keep_bytes(database: Database, model: str, kept: dict[str, bytes]) -> None:
    """Keep packed token vectors under their hashes; one that is there already stays."""
    rows = [{"content_hash": each, "model": model, "vector": content} for each, content in kept.items()]
    with database.write() as conn:
        conn.execute(insert_into(vectors, database).on_conflict_do_nothing(), rows)


def _pending(conn: Connection, workspace: str, model: str) -> dict[str, str]:
    has = select(1).where(vectors.c.content_hash == turns.c.content_hash, vectors.c.model == model).exists()
    columns = (turns.c.content_hash, turns.c.speaker, turns.c.text, turns.c.works)
    revoked = revoked_works(conn, workspace)  # a model may be somebody else's: what rests on those is not sent there
    found = conn.execute(select(*columns).where(turns.c.workspace == workspace, ~has))
    people = revoked_people(conn, workspace)
    texts = {row.content_hash: spoken(row.speaker, row.text) for row in found if revoked.isdisjoint(row.works)}
    return {key: text for key, text in texts.items() if not any(names(person, text) for person in people)}


def _chunks(items: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    return (items[first : first + COMMIT_EVERY] for first in range(0, len(items), COMMIT_EVERY))
