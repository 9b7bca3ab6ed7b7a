"""Generic-writing risk as memory's sub-face: held against the works that the workspace has now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from core.canonical import sha256
from memory.consents import revoked_works
from memory.database import Database
from memory.generic.own import Own, measured, own
from memory.generic.risk import GenericRisk, risk
from memory.tables import works
from memory.voice.measuring import ENGLISH, language_of
from memory.voice.prose import Prose, written

MOST_WORKS = 200
"""Works that a creator's level is measured on, evenly over the years: more would change nothing but the wait."""


class GenericWriting:
    """What is usual for each workspace, measured again when its works change; only numbers are kept, in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[str, tuple[str, Own | None]] = {}

    def risk(self, workspace: str, text: str, locale: str | None = None) -> GenericRisk:
        """Return how generic a text reads, relative to the workspace's imported works if there are enough."""
        return risk(text, self.own(workspace), locale)

    def own(self, workspace: str) -> Own | None:
        """Return what is usual for the workspace's creator."""
        with self._database.read() as conn:
            rows: Sequence[Any] = conn.execute(
                select(works.c.id, works.c.content_hash)
                .where(*_imported(workspace))
                .order_by(works.c.published_at, works.c.id)
            ).all()
            revoked = revoked_works(conn, workspace)
            rows = [row for row in rows if row.id not in revoked]
            state = sha256([list(row) for row in rows])
            if (kept := self._kept.get(workspace)) and kept[0] == state:
                return kept[1]
            step = max(1.0, len(rows) / MOST_WORKS)
            chosen = [rows[int(place * step)].id for place in range(min(MOST_WORKS, len(rows)))]
            bodies = conn.execute(
                select(works.c.body, works.c.language).where(works.c.workspace == workspace, works.c.id.in_(chosen))
            ).all()
        read = [(Prose.of(written(row.body)), row.language) for row in bodies]
        english = (prose for prose, language in read if language_of(prose, language) == ENGLISH)
        usual = own([levels for levels in map(measured, english) if levels is not None])
        self._kept[workspace] = state, usual
        return usual


def _imported(workspace: str) -> tuple[ColumnElement[bool], ...]:
    return works.c.workspace == workspace, works.c.kind == "import"
