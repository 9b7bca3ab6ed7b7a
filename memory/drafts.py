"""Drafts, with every revision."""

from sqlalchemy import Connection, insert, select, update

from core.drafts import Draft
from core.errors import NotFound
from memory.database import Database
from memory.tables import drafts as table


class Drafts:
    """A revision is a new row that names its parent; only what the checks made of a draft goes into its own row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, draft: Draft) -> None:
        """Keep a draft, or a revision of one."""
        with self._database.write() as conn:
            insert_draft(conn, draft)

    def record_check(self, draft: Draft) -> None:
        """Keep what the checks found in a draft, and the tags it was given. Raises NotFound."""
        checked = update(table).where(table.c.id == draft.id).values(data=draft.model_dump(mode="json"))
        with self._database.write() as conn:
            if not conn.execute(checked).rowcount:
                raise NotFound(f"There is no draft {draft.id}.")

    def get(self, draft_id: str) -> Draft:
        """Return a draft. Raises NotFound."""
        with self._database.read() as conn:
            data = conn.execute(select(table.c.data).where(table.c.id == draft_id)).scalar_one_or_none()
        if data is None:
            raise NotFound(f"There is no draft {draft_id}.")
        return Draft.model_validate(data)

    def for_brief(self, brief_id: str) -> list[Draft]:
        """Return the latest revision of each channel, locale and variant of a brief, in the order they were begun."""
        rows = select(table.c.data).where(table.c.brief_id == brief_id)
        with self._database.read() as conn:
            found = conn.execute(rows.order_by(table.c.created_at, table.c.revision, table.c.id)).scalars().all()
        latest: dict[tuple[str, str, int], Draft] = {}
        for draft in map(Draft.model_validate, found):
            key = (draft.channel, draft.locale, draft.variant)
            if key not in latest or draft.revision >= latest[key].revision:
                latest[key] = draft
        return list(latest.values())

    def history(self, draft_id: str) -> list[Draft]:
        """Return a draft and all that it came from, the first revision first. Raises NotFound."""
        chain = [self.get(draft_id)]
        while (parent := chain[-1].parent_id) is not None:
            chain.append(self.get(parent))
        return chain[::-1]


def insert_draft(conn: Connection, draft: Draft) -> None:
    """Insert a draft inside a transaction."""
    row = {name: getattr(draft, name) for name in table.columns.keys() if name != "data"}  # noqa: SIM118
    conn.execute(insert(table).values(row | {"data": draft.model_dump(mode="json")}))
