"""The one wiring, and the one face that every door uses."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from app.results import BriefResult, ChatEvent, DecideResult, ImportReport
from app.settings import Settings, embedding_endpoint, keep_prompts_here
from core.drafts import Finding, VoiceScore
from core.errors import NotFound
from core.proposals import OPEN_STATES, Proposal, State
from core.publications import Publication, PublicationState
from core.usage import UsageTotal
from core.works import Recalled, Work, Workspace
from memory import Memory

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.crew import Crew
    from agent.threads import ReviewThreads
    from app.briefing import Briefing, Progress
    from app.chatting import Talk
    from app.conversing import Along, Conversing
    from app.remembering import Remembering
    from app.reviewing import Reviewing
    from app.revising import Revision, Wish
    from app.starting import Wished
    from memory.ledger import LedgerCheck
    from models import Meter, Switchboard
    from publishing import Desk
    from publishing.credentials import Vault
    from publishing.report import DispatchReport
    from tools.context import Part

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class Studio:
    """Everything a door may do, in one workspace. Parts are made when they are first used: cold starts count."""

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        *,
        model: "BaseChatModel | None" = None,
        clock: Clock,
        without: "Iterable[Part]" = (),
    ) -> None:
        self.settings = settings
        self.memory = memory
        self.clock = clock
        self.given_model = model
        self.without = frozenset(without)

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        model: "BaseChatModel | None" = None,
        clock: Clock = utc_now,
        without: "Iterable[Part]" = (),
    ) -> "Studio":
        """Open the home that the settings name; tests hand in a model and a clock, evaluations what to leave out."""
        keep_prompts_here(settings)
        memory = Memory.open(
            settings.home,
            database_url=settings.database_url,
            chroma_url=settings.chroma_url,
            embedding_model=settings.embedding_model,
            endpoint=embedding_endpoint(settings),
            cache=settings.cache,
            clock=clock,
        )
        return cls(settings, memory, model=model, clock=clock, without=without)

    def close(self) -> None:
        """Let go of the database and the index."""
        self.memory.close()

    # the workspace

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace that the settings name, or the one chosen last."""
        name = self.settings.workspace or self.memory.workspaces.current()
        if name is None:
            raise NotFound("There is no workspace yet.", "Make one with: greenroom init")
        return self.memory.workspaces.get(name)

    # the parts

    @cached_property
    def model(self) -> "Switchboard":
        """The chat models that the settings name, else the rehearsal model."""
        from app.modelling import open_switchboard

        return open_switchboard(self.settings, self.memory, self.given_model)

    @cached_property
    def crew(self) -> "Crew":
        """Who the graphs work with."""
        from agent.crew import Crew
        from app.translating import translator_of
        from publishing import FrontDesk
        from tools.context import Context

        translator = translator_of(self.settings)
        context = Context(
            self.memory, self.model, self._meter, now=self.clock, translator=translator, without=self.without
        )
        front = FrontDesk(self.memory, self.clock)
        return Crew(context=context, desk=front, go_on=lambda brief_id: void(self.briefing.run(brief_id)))

    @cached_property
    def desk(self) -> "Desk":
        """The publishing desk with its senders and their credentials: for the process that sends, and no other."""
        from publishing import open_desk

        return open_desk(self.memory, self.credentials, home=self.settings.home, clock=self.clock)

    @cached_property
    def credentials(self) -> "Vault":
        """The secrets of connected accounts: for the desk, and for `app.connecting`."""
        from publishing.credentials import open_credentials

        s = self.settings
        return open_credentials(self.memory, s.home, clock=self.clock, where=s.credentials, key=s.vault_key)

    @cached_property
    def threads(self) -> "ReviewThreads":
        """The review threads."""
        from agent.graph import build_review
        from agent.threads import ReviewThreads

        return ReviewThreads(build_review(self.crew, self.memory.checkpointer()))

    @cached_property
    def briefing(self) -> "Briefing":
        """What starts briefs."""
        from app.briefing import Briefing

        return Briefing(self.crew, self.threads)

    @cached_property
    def reviewing(self) -> "Reviewing":
        """What takes decisions."""
        from app.reviewing import Reviewing

        return Reviewing(self.crew, self.threads)

    @cached_property
    def conversing(self) -> "Conversing":
        """What speaks."""
        from app.conversing import Conversing

        return Conversing(self.talk.graph, self.remembering)

    @cached_property
    def remembering(self) -> "Remembering":
        """What keeps what is said."""
        from app.remembering import Remembering

        return Remembering(self.memory, self.workspace.id, self.settings.user, self.clock)

    @cached_property
    def talk(self) -> "Talk":
        """The conversation's tools and words."""
        from app.chatting import Talk

        return Talk(crew=self.crew, workspace=self.workspace, start=self.start, revise=self.reviewing.revise)

    # what a creator has

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        since: datetime | None = None,
        as_of: datetime | None = None,
        progress: Callable[[str, int, int], None] | None = None,
        private: bool = False,
    ) -> ImportReport:
        """Remember what the files hold, then index it. SQL comes first: an interrupted import keeps what is done."""
        from app.importing import import_paths

        who, proof = self.speaker()
        return import_paths(
            self.memory,
            self.workspace.id,
            paths,
            since=since,
            as_of=as_of,
            by=who,
            tell=progress or (lambda _what, _done, _total: None),
            private=private,
            secret=proof,
        )

    def works(self, limit: int | None = None) -> list[Work]:
        """Return the workspace's works, newest first."""
        return self.memory.works.list(self.workspace.id, limit=limit)

    def recall(self, query: str, **scope: Any) -> list[Recalled]:
        """Return past works that fit the query, best first (`Memory.recall` names the scope)."""
        return self.memory.recall(self.workspace.id, query, **scope)

    def score(self, text: str) -> VoiceScore:
        """Return how much a text sounds like the creator."""
        return self.memory.voice.score(self.workspace.id, text)

    def check(self, document: str, channel: str) -> tuple[Finding, ...]:
        """Return what the checks find in a document meant for a channel."""
        from core.documents import from_document
        from tools.check import check_text

        return check_text(self.crew.context, self.workspace.id, channel, from_document(channel, document))

    # a brief and what waits

    def start(self, ask: str, *, progress: "Progress | None" = None, **wished: "Unpack[Wished]") -> BriefResult:
        """Take a brief through the agent until proposals wait; `app.starting.Wished` says what may be wished."""
        from app.starting import start

        return start(self, ask, wished, progress)

    def resume(self, brief_id: str, progress: "Progress | None" = None) -> BriefResult:
        """Go on with a brief that was cut off."""
        return self.briefing.run(brief_id, progress)

    def pending(self) -> list[Proposal]:
        """Return the proposals that a person can decide, oldest first."""
        return self._told(self.memory.proposals.list(self.workspace.id, states=OPEN_STATES))

    def proposals(self, **which: Any) -> list[Proposal]:
        """Return proposals by state or brief."""
        return self._told(self.memory.proposals.list(self.workspace.id, **which))

    def planned(self, states: Sequence[State], limit: int, offset: int = 0) -> list[Proposal]:
        """Return what has a time, or is proposed one, the soonest first."""
        return self._told(list(self.memory.proposals.planned(self.workspace.id, states, limit, offset)))

    def show(self, proposal_id: str) -> Proposal:
        """Return one proposal."""
        return self._told([self.memory.proposals.get(self.workspace.id, proposal_id)])[0]

    def document(self, proposal_id: str) -> str:
        """Return what a person edits."""
        return self.reviewing.document(self.show(proposal_id))

    def decide(
        self,
        proposal_id: str,
        verb: str,
        sha: str,
        *,
        by: str | None = None,
        note: str = "",
        body: str | None = None,
        secret: str | None = None,
    ) -> DecideResult:
        """Decide a proposal by the hash that was shown; `secret` is the decider's own, where they have one."""
        who, proof = self.speaker(by, secret)
        return self.reviewing.decide(
            self.workspace.id, proposal_id, verb, sha, by=who, note=note, body=body, secret=proof
        )

    def revise(self, proposal_id: str, wish: "Wish", *, by: str | None = None, secret: str | None = None) -> "Revision":
        """Put a new waiting version in a proposal's place, and void what was approved."""
        from app.revising import Revising

        who, proof = self.speaker(by, secret)
        return Revising(self.crew, self.threads).revise(self.workspace.id, proposal_id, wish, by=who, secret=proof)

    def speaker(self, by: str | None = None, secret: str | None = None) -> tuple[str, str | None]:
        """Return who speaks and their secret: the settings' user, or a member whose secret is given."""
        from app.speaking import speaker

        return speaker(self.settings, self.memory, self.workspace.id, by, secret)

    def undo(self, decision_id: str, *, by: str | None = None, secret: str | None = None) -> Proposal:
        """Take a decision back while that is still possible; return the proposal, which waits again."""
        who, proof = self.speaker(by, secret)
        self.memory.decisions.undo(self.workspace.id, decision_id, who, secret=proof)
        proposal = self.show(self.memory.decisions.get(decision_id).proposal_id)
        self.threads.open(proposal)
        return proposal

    # what goes out

    def publish_due(self) -> "DispatchReport":
        """Carry out what was decided, then publish what is due, in every workspace of this home."""
        notes = self.recover()
        report = self.desk.publish_due()
        return report.model_copy(update={"notes": (*report.notes, *notes)})

    def preview_due(self, now: datetime | None = None) -> "DispatchReport":
        """Return what would be published at `now`, without publishing."""
        return self.desk.preview_due(now or self.clock())

    def tend_index(self) -> int:
        """Index what any process imported, in every workspace; return how many passages were new."""
        spaces = self.memory.workspaces.list()
        return sum(self.memory.index.bring_up_to_date(space.id) for space in spaces)

    def recover(self) -> list[str]:
        """Carry out decisions that a crash cut off, and say which could not be. Cheap when there are none."""
        return self.reviewing.recover() if self.memory.decisions.unresumed() else []

    def publications(self, states: Sequence[PublicationState] | None = None) -> list[Publication]:
        """Return the outbox, soonest due first."""
        return self.memory.publications.list(self.workspace.id, states=states)

    def verify_ledger(self) -> "LedgerCheck":
        """Check the ledger's chain, and the decision rows against it."""
        return self.memory.ledger.verify()

    def usage(self, since: datetime | None = None) -> UsageTotal:
        """Return what model calls cost."""
        return self.memory.usage.total(self.workspace.id, since=since)

    # a conversation

    def converse(self, thread_id: str, text: str, along: "Along | None" = None) -> Iterator[ChatEvent]:
        """Yield what the agent says and does in answer to a person; `along`: the pictures they gave with it."""
        return self.conversing.say(thread_id, text, along)

    # wiring

    def _told(self, proposals: list[Proposal]) -> list[Proposal]:
        from app.branding import refreshed

        return refreshed(self.memory, proposals, self.clock())

    def _meter(self, workspace: str, brief_id: str | None, **about: Any) -> "Meter":
        from app.modelling import meter

        return meter(self, workspace, brief_id, **about)


def void(_result: object) -> None:
    """Drop a result where only the doing counts."""


def as_proposals(proposals: Iterable[Proposal]) -> dict[str, Any]:
    """Return the object that lists of proposals print."""
    return {"proposals": [proposal.as_json() for proposal in proposals]}
