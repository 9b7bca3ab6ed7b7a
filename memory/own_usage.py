"""How words are used in a creator's own works: what is a verb to most is a noun in some trades."""

from sqlalchemy import select

from core.keyphrases import Usage
from core.markdown_text import plain
from memory.consents import revoked_works
from memory.database import Database
from memory.index.vectors import fingerprint
from memory.tables import works

MOST = 200
"""Works that are read, the latest ones: more change little."""


class OwnUsage:
    """Call it: the usage of words in a workspace's works. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[str, tuple[object, Usage]] = {}

    def __call__(self, workspace: str) -> Usage:
        """Return what the latest works whose consent stands teach; they are read again when they have changed."""
        with self._database.read() as conn:
            revoked = revoked_works(conn, workspace)
            now = (fingerprint(conn, workspace), frozenset(revoked))
            kept = self._kept.get(workspace)
            if kept is not None and kept[0] == now:
                return kept[1]
            latest = works.c.published_at.desc().nulls_last()
            query = select(works.c.id, works.c.title, works.c.body).where(works.c.workspace == workspace)
            rows = conn.execute(query.order_by(latest, works.c.id).limit(MOST + len(revoked))).all()
        texts = (f"{row.title}.\n\n{plain(row.body)}" for row in [r for r in rows if r.id not in revoked][:MOST])
        usage = Usage.learn(texts)
        self._kept[workspace] = (now, usage)
        return usage
