"""The one way into memory."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from memory.briefs import Briefs
from memory.checkpoints import close_checkpointer, open_checkpointer
from memory.clock import Clock, utc_now
from memory.connections import Connections
from memory.consents import Consents
from memory.database import Database, sqlite_url
from memory.decisions import Decisions
from memory.drafts import Drafts
from memory.embedding_choices import EmbeddingChoices
from memory.facts import Facts
from memory.files import Files
from memory.grounds import Grounds
from memory.heartbeats import Heartbeats
from memory.known_accounts import KnownAccounts
from memory.ledger import Ledger
from memory.mailings import Mailings
from memory.members import Members
from memory.migrations import migrate
from memory.outcomes import Outcomes
from memory.preferences import Preferences
from memory.proposals import Proposals
from memory.publications import Outbox
from memory.quarantines import Quarantines
from memory.repeats import Repeats
from memory.series import SeriesBook
from memory.subscribers import Subscribers
from memory.turned_down import TurnedDowns
from memory.usage import UsageLog
from memory.voiding import Voiding
from memory.works import Works
from memory.workspaces import Workspaces

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from memory.audit import Audits
    from memory.dialogue import Dialogue
    from memory.embedding import Embedder, Endpoint
    from memory.embedding.port import Vectors
    from memory.export import Exports
    from memory.forgetting import Forgetting
    from memory.generic import GenericWriting
    from memory.index import Index
    from memory.moving import Move
    from memory.recall import Recall
    from memory.suggestions import Suggestions
    from memory.voice import Voices

CACHE = Path.home() / ".cache" / "greenroom"
"""Where the exported embedding model is kept unless somebody says otherwise; safe to delete."""


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
        endpoint: "Endpoint | None",
        cache: Path,
        clock: Clock,
    ) -> None:
        self.home = home
        self._database = database
        self._chroma_url = chroma_url
        self._embedder = embedder
        self._embedding_model = embedding_model
        self._endpoint = endpoint
        self._opened: dict[str, Embedder] = {}
        self._cache = cache
        self._clock = clock
        self.ledger = Ledger(database, clock)
        self._open_works(database, home, clock)
        self._open_decisions(database, clock)
        self._open_channels(database, home, clock)

    def _open_works(self, database: Database, home: Path, clock: Clock) -> None:
        """Open what the drafts are made from, and the drafts."""
        self.workspaces = Workspaces(database, home)
        self.works = Works(database, clock)
        self.files = Files(database, home, clock)
        self.facts = Facts(database, self.ledger, clock)
        self.grounds = Grounds(database, self.files, self.facts)
        self.repeats = Repeats(database)
        self.embedding_choices = EmbeddingChoices(database, clock)
        self.briefs = Briefs(database, clock)
        self.drafts = Drafts(database)
        self.usage = UsageLog(database)

    def _open_decisions(self, database: Database, clock: Clock) -> None:
        """Open what persons decide on, who they are, and what their decisions teach."""
        self.members = Members(database, self.ledger, clock)
        self.consents = Consents(database, self.ledger, clock)
        self.proposals = Proposals(database)
        self.publications = Outbox(database, self.ledger, clock)
        self.decisions = Decisions(database, self.ledger, self.publications, clock)
        self.voiding = Voiding(database, self.ledger, self.publications, clock)
        self.preferences = Preferences(database, self.ledger, clock)
        self.turned_down = TurnedDowns(database)
        self.outcomes = Outcomes(database, self.ledger, clock)

    def _open_channels(self, database: Database, home: Path, clock: Clock) -> None:
        """Open where things go out, and when."""
        self.quarantines = Quarantines(database, clock)
        self.connections = Connections(database, self.ledger, clock)
        self.known_accounts = KnownAccounts(database, clock)
        self.series = SeriesBook(database, clock)
        self.heartbeats = Heartbeats(database, clock)
        self.subscribers = Subscribers(database, home, self.ledger, clock)
        self.mailings = Mailings(database, self.ledger, clock)

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        database_url: str | None = None,
        chroma_url: str | None = None,
        embedder: "Embedder | None" = None,
        embedding_model: str = "minilm",
        endpoint: "Endpoint | None" = None,
        cache: Path = CACHE,
        clock: Clock = utc_now,
    ) -> Self:
        """Open the memory in `home`, which is made if it isn't there, with its database brought to today's shape.

        Without `database_url` that is `home/greenroom.db`. `cache` keeps the exported embedding model; `endpoint`
        is where a model named `openai:…` is asked. Raises
        GreenroomError for a newer Greenroom's database.
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
            endpoint=endpoint,
            cache=cache,
            clock=clock,
        )

    @cached_property
    def recall(self) -> "Recall":
        """Call it: the works of a workspace that fit a query, best first, with their signals and passages."""
        from memory.recall import Recall

        return Recall(self._database, self.index, lambda: self.embedder, self._clock)

    @cached_property
    def index(self) -> "Index":
        """The vectors, and Chroma as their projection."""
        from memory.index import Index

        folder = self.home / "chroma"
        return Index(self._database, folder, lambda: self.embedder, chroma_url=self._chroma_url, clock=self._clock)

    @cached_property
    def dialogue(self) -> "Dialogue":
        """What was said in chats and decisions, and the way back to it."""
        from memory.dialogue import Dialogue

        return Dialogue(self._database, lambda: self.embedder)

    @property
    def embedder(self) -> "Embedder":
        """The embedding model in use, loaded when it is first needed; another one once that was switched to."""
        if self._embedder is not None:
            return self._embedder
        chosen = self.embedding_choices.current()
        model = chosen.model if chosen else self._embedding_model
        if model not in self._opened:
            self._opened = {model: self.open_embedder(model)}
        return self._opened[model]

    def open_embedder(self, model: str) -> "Embedder":
        """Open an embedding model by name, in use or not."""
        from memory.embedding import open_embedder

        return open_embedder(model, self._cache, endpoint=self._endpoint)

    @property
    def embedding_model(self) -> str:
        """The name of the model in use, as it is opened."""
        chosen = self.embedding_choices.current()
        return chosen.model if chosen else self._embedding_model

    def move_to(
        self, model: str | None, progress: Callable[[str, int, int], None], *, drop_old: bool = False
    ) -> "Move":
        """Move this home to another embedding model, or with None back to the one before; see `memory/moving.py`."""
        from memory.moving import move, move_back

        if model is None:
            return move_back(self, self._database, progress)
        return move(self, self._database, model, progress, drop_old=drop_old)

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Return a vector of unit length for each text, in the order given: shape (len(texts), dim), float32."""
        return self.embedder.embed(texts)

    @cached_property
    def generic(self) -> "GenericWriting":
        """How generic a text reads, against the creator's own works."""
        from memory.generic import GenericWriting

        return GenericWriting(self._database)

    @cached_property
    def voice(self) -> "Voices":
        """How the creator writes: as a profile, and as a score of any text."""
        from memory.voice import Voices

        return Voices(self._database, self.works, self._clock)

    def forget(self, workspace: str, work_id: str, *, by: str = "owner") -> dict[str, Any]:
        """Remove a work, and its words wherever memory copied them to; return a receipt that says what and how many.

        Waiting proposals that lean on it become stale. What was decided or published keeps its bytes (`kept`), since
        approvals and the ledger cover them. Raises NotFound, and NotAllowed for all but owners.
        """
        from memory.forgetting import Wish

        signed = self.forgetting.forget(Wish(kind="work", workspace=workspace, works=(work_id,)), by=by)
        receipt: dict[str, Any] = signed["receipt"]
        return receipt

    @cached_property
    def forgetting(self) -> "Forgetting":
        """Works, people, sources and workspaces go from here, with a signed receipt."""
        from memory.forgetting import Forgetting
        from memory.forgetting.places import Places

        places = Places(self._database, self.home, lambda: self.index, self.checkpointer)
        return Forgetting(self._database, self.ledger, places, self._clock, settle=self.preferences.settle)

    def checkpointer(self) -> "BaseCheckpointSaver[str]":
        """Return where the agent's graphs keep their position; one for this memory, which threads may share."""
        return self._checkpointer

    def close(self) -> None:
        """Close what was opened."""
        if "_checkpointer" in self.__dict__:
            close_checkpointer(self._checkpointer)
        if "index" in self.__dict__:
            self.index.close()
        self._database.close()

    @cached_property
    def audits(self) -> "Audits":
        """What the archive has and lacks."""
        from memory.audit import Audits

        return Audits(self._database, self.files, self.consents, self._clock)

    @cached_property
    def suggestions(self) -> "Suggestions":
        """Metadata that is proposed, and waits for a person."""
        from memory.suggestions import Suggestions

        return Suggestions(self._database, self.works, self.files, self._clock)

    @cached_property
    def exports(self) -> "Exports":
        """Workspaces as folders in open forms, and the way back."""
        from memory.export import Exports

        return Exports(self._database, self.home, self.works, self.files, self._clock)

    @cached_property
    def _checkpointer(self) -> "BaseCheckpointSaver[str]":
        url = None if self._database.is_sqlite else self._database.engine.url.render_as_string(hide_password=False)
        return open_checkpointer(self.home, url)
