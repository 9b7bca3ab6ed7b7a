"""The pointer to the embedding model in use. It is switched only when every vector of the new model is there."""

from typing import NamedTuple

from sqlalchemy import delete, insert, or_, select

from memory.clock import Clock
from memory.database import Database
from memory.tables import embedding_choices as table
from memory.tables import index_marks, vectors


class Choice(NamedTuple):
    """A model as it is opened, and the name that its vectors are kept under."""

    model: str
    kept_as: str


class EmbeddingChoices:
    """Every switch of this home's embedding model; without one, the setting says which it is."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def current(self) -> Choice | None:
        """Return the model in use, if one was ever switched to."""
        return next(iter(self._last(1)), None)

    def before(self) -> Choice | None:
        """Return the model that was in use before the last switch, if that is known."""
        return next(iter(self._last(2)[1:]), None)

    def switch(self, to: Choice, old: Choice) -> None:
        """Point to a model: one write, and from then on every process reads with it. `old` is noted once."""
        with self._database.write() as conn:
            first = conn.execute(select(table.c.number).limit(1)).first() is None
            for choice in (old, to) if first else (to,):
                conn.execute(insert(table).values(**choice._asdict(), chosen_at=self._clock()))

    def drop_vectors(self, kept_as: str) -> int:
        """Remove every vector of a model that is not in use, its tokens' too; return how many there were."""
        from memory.index.marks import vectors_of  # numpy comes with it: nobody who only opens should pay for it

        mine = or_(vectors.c.model == kept_as, vectors.c.model.startswith(f"{kept_as}#", autoescape=True))
        with self._database.write() as conn:
            conn.execute(delete(index_marks).where(index_marks.c.target == vectors_of(kept_as)))
            return conn.execute(delete(vectors).where(mine)).rowcount

    def has_vectors(self, kept_as: str) -> bool:
        """Say whether any vector of a model is left."""
        with self._database.read() as conn:
            return conn.execute(select(vectors.c.model).where(vectors.c.model == kept_as).limit(1)).first() is not None

    def _last(self, many: int) -> list[Choice]:
        rows = select(table.c.model, table.c.kept_as).order_by(table.c.number.desc()).limit(many)
        with self._database.read() as conn:
            return [Choice(row.model, row.kept_as) for row in conn.execute(rows)]
