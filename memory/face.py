"""The one way into memory."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from memory.briefs import Briefs
from memory.checkpoints import close_checkpointer, open_checkpointer
from memory.clock import Clock, utc_now
from memory.database import Database, sqlite_url
from memory.decisions import Decisions
from memory.drafts import Drafts
from memory.ledger import Ledger
from memory.migrations import migrate
from memory.proposals import Proposals
from memory.publications import Outbox
from memory.usage import UsageLog
from memory.works import Works
from memory.workspaces import Workspaces

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from memory.embedding import Embedder


class Memory:
    """Everything that is remembered, in small sub-faces over one database. Threads may share it, processes may not.

    SQL is the truth. Chroma is not opened, and no model is loaded, before something needs them.
    """

    def __init__(
        self,
        home: Path,
        database: Database,
        *,
        chroma_url: str | None,
        embedder: "Embedder | None",
        embedding_model: str,
        clock: Clock,
    ) -> None:
        self.home = home
        self._database = database
        self._chroma_url = chroma_url
        self._embedder = embedder
        self._embedding_model = embedding_model
        self._clock = clock
        self.workspaces = Workspaces(database, home)
        self.works = Works(database, clock)
        self.briefs = Briefs(database, clock)
        self.drafts = Drafts(database)
        self.proposals = Proposals(database)
        self.ledger = Ledger(database, clock)
        self.publications = Outbox(database, self.ledger, clock)
        self.decisions = Decisions(database, self.ledger, self.publications, clock)
        self.usage = UsageLog(database)

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        database_url: str | None = None,
        chroma_url: str | None = None,
        embedder: "Embedder | None" = None,
        embedding_model: str = "minilm",
        clock: Clock = utc_now,
    ) -> Self:
        """Open the memory in `home`, which is made if it isn't there, with its database brought to today's shape.

        Without `database_url` that is `home/greenroom.db`. Raises GreenroomError for a newer Greenroom's database.
        """
        home.mkdir(parents=True, exist_ok=True)
        database = Database(database_url or sqlite_url(home / "greenroom.db"))
        migrate(database)
        return cls(
            home,
            database,
            chroma_url=chroma_url,
            embedder=embedder,
            embedding_model=embedding_model,
            clock=clock,
        )

    def checkpointer(self) -> "BaseCheckpointSaver[str]":
        """Return where the agent's graphs keep their position; one for this memory, which threads may share."""
        return self._checkpointer

    def close(self) -> None:
        """Close what was opened."""
        if "_checkpointer" in self.__dict__:
            close_checkpointer(self._checkpointer)
        self._database.close()

    @cached_property
    def _checkpointer(self) -> "BaseCheckpointSaver[str]":
        url = None if self._database.is_sqlite else self._database.engine.url.render_as_string(hide_password=False)
        return open_checkpointer(self.home, url)
