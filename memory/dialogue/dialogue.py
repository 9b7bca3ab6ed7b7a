"""`Dialogue`: what was said, and the way back to it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from core.dialogue import Kind, RecalledTurn, Said, Thread, Turn
from core.errors import Busy, WrongUse
from memory.consents import revoked_people, revoked_works
from memory.database import Database
from memory.dialogue.decided import taken_back, untold
from memory.dialogue.embedding import Progress, ask, embed_pending
from memory.dialogue.keeping import keep
from memory.dialogue.recipe import WINDOW
from memory.dialogue.search import Search
from memory.dialogue.threads import threads_of, turns_of
from memory.dialogue.tokens import of_hashes as tokens_of_hashes
from memory.dialogue.transcript import Transcript, fingerprint, rows_of
from memory.embedding import Embedder
from memory.embedding.tokens import TokenEmbedder, token_embedder
from memory.index.vectors import of_hashes
from memory.naming import names
from memory.recall.catalogue import Mask
from memory.recall.fusion import Signal, best_first
from memory.rows import noun
from memory.tables import turns


class Dialogue:
    """The turns of one database: chat, decisions and feedback. Threads may share it."""

    def __init__(self, database: Database, embedder: Callable[[], Embedder]) -> None:
        self._database = database
        self._embedder = embedder
        self._tokens: tuple[Embedder, TokenEmbedder | None] | None = None
        self._kept: dict[tuple[str, str], Transcript] = {}

    def remember(self, workspace: str, said: Sequence[Said]) -> int:
        """Keep turns in the order they were said, each source once; return how many are new."""
        with self._database.write() as conn:
            return sum(keep(conn, workspace, each) for each in said)

    def learn_decisions(self, workspace: str) -> int:
        """Keep every decision that no turn tells of yet; return how many those were."""
        with self._database.read() as conn:
            new = untold(conn, workspace)
        return self.remember(workspace, new) if new else 0

    def bring_up_to_date(self, workspace: str, progress: Progress | None = None) -> int:
        """Embed what has no vector yet; return how many texts that were. Cut off, it goes on where it was."""
        embedder = self._embedder()
        return embed_pending(self._database, workspace, embedder, self._token_embedder(embedder), progress)

    def turns(self, workspace: str, thread: str) -> list[Turn]:
        """Return a thread from its beginning."""
        query = select(turns).where(turns.c.workspace == workspace, turns.c.thread == thread).order_by(turns.c.number)
        with self._database.read() as conn:
            return [noun(Turn, row) for row in conn.execute(query)]

    def threads(self, workspace: str, person: str, *, answering: str) -> list[Thread]:
        """Return the conversations that `person` alone held with `answering`, the last spoken first."""
        with self._database.read() as conn:
            return threads_of(conn, workspace, person, answering)

    def held(self, workspace: str, person: str, thread: str, *, answering: str) -> list[Turn]:
        """Return one of those from its beginning, or nothing. What may not be shown comes without its words."""
        with self._database.read() as conn:
            return turns_of(conn, workspace, person, answering, thread)

    def recall(
        self,
        workspace: str,
        question: str,
        *,
        k: int = 10,
        before: datetime | None = None,
        kinds: Sequence[Kind] = (),
        thread: str | None = None,
    ) -> list[RecalledTurn]:
        """Return the `k` turns that fit a question best, best first, with their signals and what was said around them.

        `before`, `kinds` and `thread` say what may be found at all. What rests on a work that may not be used, names a
        person whose consent was revoked, or tells of a decision that was taken back, is never found. Raises WrongUse
        for an empty question.
        """
        if not question.strip():
            raise WrongUse("There is nothing to look for.", "Say in a few words what it was about.")
        if k < 1:
            raise WrongUse(f"{k} turns can't be found.", "Ask for at least one.")
        with suppress(Busy):  # somebody writes for long: what was said until then can be found meanwhile
            self.learn_decisions(workspace)
        with self._database.read() as conn:
            if conn.scalar(select(turns.c.number).where(turns.c.workspace == workspace).limit(1)) is None:
                return []
        with suppress(Busy):
            self.bring_up_to_date(workspace)
        embedder = self._embedder()
        with self._database.read() as conn:
            transcript = self._transcript(conn, workspace, embedder)
            scope = _scope(conn, workspace, transcript, before, kinds, thread)
            if not scope.any():
                return []
            asked = ask(question, embedder, self._token_embedder(embedder))
            return _found(conn, Search(transcript, asked, scope), embedder.name, k)

    def _transcript(self, conn: Connection, workspace: str, embedder: Embedder) -> Transcript:
        key, now = (workspace, embedder.name), fingerprint(conn, workspace)
        kept = self._kept.get(key)
        if kept and kept.fingerprint == now and kept.has_vector.all():
            return kept
        rows = rows_of(conn, workspace)
        vectors = of_hashes(conn, [row.content_hash for row in rows], embedder.name, embedder.dim)
        self._kept[key] = Transcript(now, rows, vectors)
        return self._kept[key]

    def _token_embedder(self, embedder: Embedder) -> TokenEmbedder | None:
        if self._tokens is None or self._tokens[0] is not embedder:
            self._tokens = embedder, token_embedder(embedder)
        return self._tokens[1]


def _scope(
    conn: Connection,
    workspace: str,
    transcript: Transcript,
    before: datetime | None,
    kinds: Sequence[Kind],
    thread: str | None,
) -> Mask:
    revoked, undone = revoked_works(conn, workspace), taken_back(conn, workspace)
    people = revoked_people(conn, workspace)

    def may_be_found(row: Any) -> bool:
        return (
            (before is None or row.said_at < before)
            and (not kinds or row.kind in kinds)
            and (thread is None or row.thread == thread)
            and row.decision_id not in undone
            and revoked.isdisjoint(row.works)
            and not any(names(person, (row.speaker, row.text)) for person in people)
        )

    return np.array([may_be_found(row) for row in transcript.rows], dtype=bool)


def _found(conn: Connection, search: Search, model: str, k: int) -> list[RecalledTurn]:
    added = search.contributions(_tokens(conn, search, model))
    scores: Signal = np.sum(list(added.values()), axis=0)
    best = best_first(scores, k)
    around = {int(place): _around(search, int(search.candidates[place])) for place in best}
    told = {at: noun(Turn, search.transcript.rows[at]) for places in around.values() for at in places}
    return [
        RecalledTurn(
            turn=told[int(search.candidates[place])],
            score=round(float(scores[place]), 6),
            signals={name: round(float(signal[place]), 6) for name, signal in added.items()},
            around=tuple(told[at] for at in around[int(place)]),
        )
        for place in best
    ]


def _tokens(conn: Connection, search: Search, model: str) -> dict[int, Any]:
    if search.asked.tokens is None:
        return {}
    hashes = {int(place): search.transcript.rows[place].content_hash for place in search.looked_at}
    kept = tokens_of_hashes(conn, list(hashes.values()), model)
    return {place: kept[each] for place, each in hashes.items() if each in kept}


def _around(search: Search, place: int) -> list[int]:
    seen = [(int(places[place]), there[place]) for places, there in map(search.transcript.beside, WINDOW)]
    return [at for at, there in seen if there and search.scope[at]]
