"""To another embedding model: a shadow of every vector beside the old ones, a comparison, and one switch.

Until the switch nothing reads the new vectors, and after it nothing reads the old ones: no search ever mixes two
models. A move that is cut off has changed nothing, and goes on where it was.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.base import Noun
from core.errors import WrongUse
from memory.consents import revoked_works
from memory.database import Database
from memory.embedding import Embedder
from memory.embedding_choices import Choice
from memory.index.comparing import DEPTH, Comparison, compare
from memory.index.vectors import embed_pending, pending_passages
from memory.recall.finder import Recall
from memory.tables import works

if TYPE_CHECKING:
    from memory.face import Memory

QUESTIONS = 200
"""Titles of past works, evenly over the years, that both models are asked for: the same ones every time."""

Progress = Callable[[str, int, int], None]


class Move(Noun):
    """What a move to another model did. `switched` is False where that model was in use already."""

    model: str
    before: str
    embedded: int
    comparison: Comparison
    switched: bool
    dropped: int = 0  # vectors of the model before


def move(memory: "Memory", database: Database, model: str, progress: Progress, *, drop_old: bool = False) -> Move:
    """Move this home, with all its workspaces, to another embedding model. What the model raises changes nothing.

    `drop_old` removes the old model's vectors after the switch; with them there, moving back costs no embedding.
    """
    old, old_name = memory.embedder, memory.embedding_model
    new = memory.open_embedder(model)
    new.embed(["A first text, to see whether it answers at all."])
    spaces = [space.id for space in memory.workspaces.list()]
    embedded = sum(_shadow(database, space, new, progress) for space in spaces)
    comparison = _compared(database, spaces, old, new, progress)
    # What was imported meanwhile: in ever shorter rounds, until a look finds nothing missing.
    while left := [space for space in spaces if _pending(database, space, new)]:
        embedded += sum(_shadow(database, space, new, progress) for space in left)
    switched = new.name != old.name
    if switched:
        memory.embedding_choices.switch(Choice(model, new.name), Choice(old_name, old.name))
    for done, space in enumerate(spaces):
        progress("index", done, len(spaces))
        memory.index.rebuild(space)
        memory.dialogue.bring_up_to_date(space)
    dropped = memory.embedding_choices.drop_vectors(old.name) if drop_old and switched else 0
    return Move(
        model=model, before=old_name, embedded=embedded, comparison=comparison, switched=switched, dropped=dropped
    )


def move_back(memory: "Memory", database: Database, progress: Progress) -> Move:
    """Move to the model that was in use before the last switch. Raises WrongUse where none is known."""
    before = memory.embedding_choices.before()
    if before is None:
        raise WrongUse("There was no other embedding model before.", "Name one: greenroom reindex --model M")
    return move(memory, database, before.model, progress)


def _shadow(database: Database, space: str, new: Embedder, progress: Progress) -> int:
    return embed_pending(database, space, new, lambda done, total: progress(f"vectors of {space}", done, total))


def _pending(database: Database, space: str, new: Embedder) -> int:
    with database.read() as conn:
        return pending_passages(conn, space, new.name)


def _compared(
    database: Database, spaces: Sequence[str], old: Embedder, new: Embedder, progress: Progress
) -> Comparison:
    asked = [(space, title) for space in spaces for title in _questions(database, space)]
    finders = [Recall(database, _NoIndex(), lambda e=each: e) for each in (old, new)]  # type: ignore[misc,arg-type]
    found: list[list[list[str]]] = [[], []]
    for done, (space, title) in enumerate(asked):
        progress("comparison", done, len(asked))
        for place, finder in enumerate(finders):
            found[place].append([each.work_id for each in finder(space, title, k=DEPTH)])
    return compare(found[0], found[1])


def _questions(database: Database, space: str) -> list[str]:
    rows = select(works.c.title).where(works.c.workspace == space, works.c.title != "")
    with database.read() as conn:
        rows = rows.where(works.c.id.not_in(revoked_works(conn, space)))
        titles = list(conn.scalars(rows.order_by(works.c.published_at, works.c.id)))
    step = max(1.0, len(titles) / QUESTIONS)
    return [titles[int(place * step)] for place in range(min(QUESTIONS, len(titles)))]


class _NoIndex:
    """Stands where Chroma would: both models are searched exactly, in SQL."""

    def nearest(self, *_of: object) -> None:
        """Name nothing."""
