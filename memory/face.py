"""The one way into memory."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from memory.board_rows import BoardRows
from memory.briefs import Briefs
from memory.budgets import Budgets
from memory.checkpoints import close_checkpointer, open_checkpointer
from memory.clock import Clock, utc_now
from memory.connections import Connections
from memory.consents import Consents
from memory.database import Database, sqlite_url
from memory.decisions import Decisions
from memory.drafts import Drafts
from memory.embargoes import Embargoes
from memory.embedding_choices import EmbeddingChoices
from memory.facts import Facts
from memory.feeds import Feeds
from memory.files import Files
from memory.grounds import Grounds
from memory.heartbeats import Heartbeats
from memory.identities import Identities
from memory.known_accounts import KnownAccounts
from memory.ledger import Ledger
from memory.logins import Logins
from memory.mailings import Mailings
from memory.members import Members
from memory.migrations import migrate
from memory.moved import refuse_moved
from memory.outcomes import Outcomes
from memory.photos import Photos
from memory.preferences import Preferences
from memory.privacy import Privacy
from memory.proposals import Proposals
from memory.publications import Outbox
from memory.pulse import Pulse, pulse
from memory.quarantines import Quarantines
from memory.repeats import Repeats
from memory.segment_reviews import SegmentReviews
from memory.series import SeriesBook
from memory.sessions import Sessions
from memory.slack_notes import SlackNotes
from memory.subscribers import Subscribers
from memory.timing import Timings
from memory.tokens import Tokens
from memory.translations import TranslationMemory
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
    from memory.own_tags import OwnTags
    from memory.own_usage import OwnUsage
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
        self._keep_works()
        self._keep_people()
        self._keep_review()
        self._keep_what_goes_out()
        self._keep_doors()

    def _keep_works(self) -> None:
        """Works, and what is known of them."""
        database, clock = self._database, self._clock
        self.workspaces = Workspaces(database, self.home)
        self.works = Works(database, clock)
        self.embedding_choices = EmbeddingChoices(database, clock)
        self.photos = Photos(database)
        self.files = Files(database, self.home, clock)
        self.facts = Facts(database, self.ledger, clock)
        self.outcomes = Outcomes(database, self.ledger, clock)
        self.repeats = Repeats(database)

    def _keep_people(self) -> None:
        """Who may what, and what they said of works, money and rules."""
        database, clock = self._database, self._clock
        self.members = Members(database, self.ledger, clock)
        self.consents = Consents(database, self.ledger, clock)
        self.privacy = Privacy(database, self.ledger, clock)
        self.usage = UsageLog(database)
        self.budgets = Budgets(database, self.ledger, clock)
        self.preferences = Preferences(database, self.ledger, clock)
        self.turned_down = TurnedDowns(database)

    def _keep_review(self) -> None:
        """What is drafted, and what people decide."""
        database, clock = self._database, self._clock
        self.briefs = Briefs(database, clock)
        self.drafts = Drafts(database)
        self.proposals = Proposals(database)
        self.board_rows = BoardRows(database)
        self.publications = Outbox(database, self.ledger, clock)
        self.quarantines = Quarantines(database, clock)
        self.decisions = Decisions(database, self.ledger, self.publications, clock)
        self.grounds = Grounds(database, self.files, self.facts, clock)
        self.voiding = Voiding(database, self.ledger, self.publications, clock)
        self.segments = SegmentReviews(database, self.ledger, clock)
        self.translations = TranslationMemory(database, clock)

    def _keep_what_goes_out(self) -> None:
        """Accounts, times and a newsletter's list."""
        database, clock = self._database, self._clock
        self.connections = Connections(database, self.ledger, clock)
        self.known_accounts = KnownAccounts(database, clock)
        self.series = SeriesBook(database, clock)
        self.timing = Timings(database)
        self.embargoes = Embargoes(database, self.ledger, clock)
        self.feeds = Feeds(database, self.ledger, clock)
        self.heartbeats = Heartbeats(database, clock)
        self.subscribers = Subscribers(database, self.home, self.ledger, clock)
        self.mailings = Mailings(database, self.ledger, clock)

    def _keep_doors(self) -> None:
        """Who has come in, by which door, and what was told there."""
        database, clock = self._database, self._clock
        self.tokens = Tokens(database, self.ledger, clock, self.home)
        self.sessions = Sessions(database, clock)
        self.logins = Logins(database, clock)
        self.identities = Identities(database, self.ledger, clock)
        self.slack_notes = SlackNotes(database, clock)

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
        if database_url is None:
            refuse_moved(home)
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

    def pulse(self) -> Pulse:
        """Return how the database answers."""
        return pulse(self._database)

    @cached_property
    def recall(self) -> "Recall":
        """Call it: the works of a workspace that fit a query, best first, with their signals and passages."""
        from memory.recall import Recall

        return Recall(self._database, self.index, lambda: self.embedder, self._clock)

    @cached_property
    def own_tags(self) -> "OwnTags":
        """Call it: the creator's own tags that fit a text, best first."""
        from memory.own_tags import OwnTags

        return OwnTags(self._database, lambda: self.embedder, self.recall, self._clock)

    @cached_property
    def own_usage(self) -> "OwnUsage":
        """Call it: how words are used in a workspace's works."""
        from memory.own_usage import OwnUsage

        return OwnUsage(self._database)

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
        from memory.embedding import is_hosted, open_embedder

        opened = open_embedder(model, self._cache, endpoint=self._endpoint)
        if not is_hosted(model):
            return opened
        from memory.embedding.guarded import Guarded

        return Guarded(opened, self.privacy.everywhere)

    @property
    def embedding_model(self) -> str:
        """The name of the model in use, as it is opened."""
        chosen = self.embedding_choices.current()
        return chosen.model if chosen else self._embedding_model

    def distances(self, workspace: str, work_ids: Sequence[str]) -> dict[tuple[str, str], float]:
        """Return how far apart each two works are, 0 to 2, by the vectors kept; see `memory/recall/apart.py`."""
        from memory.recall.apart import distances

        embedder = self.embedder
        return distances(self._database, workspace, work_ids, model=embedder.name, dim=embedder.dim)

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
