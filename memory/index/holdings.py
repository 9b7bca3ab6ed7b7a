"""What Chroma should hold, and the table that notes what was handed to it."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, func, select

from memory.database import Database
from memory.index.upsert import insert_into
from memory.tables import indexed, passages

Hashes = dict[str, str]
"""Passage id -> the content hash its vector is kept by."""


def wanted(conn: Connection, workspace: str) -> Hashes:
    """Return the workspace's passages as they are now."""
    query = select(passages.c.id, passages.c.content_hash).where(passages.c.workspace == workspace)
    return {row.id: row.content_hash for row in conn.execute(query)}


class Holdings:
    """The notes of one workspace about one Chroma: `target` names the embedding model, and the server if it has one."""

    def __init__(self, database: Database, workspace: str, target: str) -> None:
        self._database = database
        self._workspace = workspace
        self.target = target
        self._mine = (indexed.c.workspace == workspace) & (indexed.c.model == target)

    def noted(self, conn: Connection) -> Hashes:
        """Return what was handed over, as far as is known."""
        query = select(indexed.c.passage_id, indexed.c.content_hash).where(self._mine)
        return {row.passage_id: row.content_hash for row in conn.execute(query)}

    def count(self, conn: Connection) -> int:
        """Return how many were handed over, as far as is known."""
        return conn.scalar(select(func.count()).select_from(indexed).where(self._mine)) or 0

    def gone(self, conn: Connection) -> Hashes:
        """Return what was handed over and is no passage any more."""
        there = select(1).where(passages.c.id == indexed.c.passage_id, passages.c.workspace == self._workspace)
        query = select(indexed.c.passage_id, indexed.c.content_hash).where(self._mine, ~there.exists())
        return {row.passage_id: row.content_hash for row in conn.execute(query)}

    def new(self, conn: Connection, after: int = 0) -> Hashes:
        """Return the passages that were not handed over as they are now: compared in SQL, where most are the same.

        `after` is a passage's number up to which nothing is new.
        """
        same = select(1).where(
            indexed.c.passage_id == passages.c.id,
            indexed.c.model == self.target,
            indexed.c.content_hash == passages.c.content_hash,
        )
        mine = (passages.c.workspace == self._workspace, passages.c.number > after)
        rows = conn.execute(select(passages.c.id, passages.c.content_hash).where(*mine, ~same.exists()))
        return {row.id: row.content_hash for row in rows}

    def put(self, hashes: Hashes) -> None:
        """Note what Chroma has now."""
        insert = insert_into(indexed, self._database)
        upsert = insert.on_conflict_do_update(
            index_elements=["passage_id", "model"], set_={"content_hash": insert.excluded.content_hash}
        )
        rows = [
            {"passage_id": passage, "model": self.target, "workspace": self._workspace, "content_hash": content_hash}
            for passage, content_hash in hashes.items()
        ]
        if rows:
            with self._database.write() as conn:
                conn.execute(upsert, rows)

    def remove(self, ids: Iterable[str]) -> None:
        """Note what it no longer has."""
        rows = [{"gone": passage} for passage in ids]
        if rows:
            with self._database.write() as conn:
                conn.execute(delete(indexed).where(self._mine, indexed.c.passage_id == bindparam("gone")), rows)

    def clear(self) -> None:
        """Note that it has nothing."""
        with self._database.write() as conn:
            conn.execute(delete(indexed).where(self._mine))
