"""Wires a conversation: its tools, its words, and where its events go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.chat_nodes import ChatNodes
from agent.crew import Crew
from agent.graph import build_chat
from agent.standing import standing
from app.briefing import DEFAULT_CHANNELS
from app.conversing import Along
from app.results import BriefResult, ChatEvent
from core.drafts import Dimension
from core.errors import PrivateMaterial
from core.policy import policy_of
from core.proposals import Proposal
from core.works import Workspace
from models import Meter
from prompts import render
from tools.calls import Hand, build

AGENT = "agent"
"""Who asked, where a conversation started the brief: the agent may ask, it may never decide."""

Put = Callable[[ChatEvent], None]


@dataclass(frozen=True)
class Talk:
    """One workspace's conversation, and the two ways it has to make a proposal: start a brief, revise a draft."""

    crew: Crew
    workspace: Workspace
    start: Callable[..., BriefResult]
    revise: Callable[[str, str, str], Proposal]  # (workspace id, proposal id, wish)

    def graph(self, put: Put, along: Along | None = None) -> Any:
        """Return the conversation's graph, whose events go to `put`; `along`: what the person gave with their words."""
        return build_chat(self.nodes(put, along), self.crew.memory.checkpointer())

    def nodes(self, put: Put, along: Along | None = None) -> ChatNodes:
        """Return the nodes of a conversation whose events go to `put`."""
        meter = self.crew.context.meter_for(self.workspace.id, None)
        return ChatNodes(
            model=self.crew.context.model,
            tools=build(self.hand(put, meter, along)),
            system_prompt=self.system_prompt,
            meter=meter,
            standing=lambda ids: standing(self.crew.memory, self.workspace.id, ids),
            pictures=lambda: len(along.left) if along else 0,
        )

    def system_prompt(self) -> str:
        """Return the words that every answer of the conversation begins from."""
        return render(
            "chat",
            workspace=self.workspace.name,
            channels=policy_of(self.workspace).channels or DEFAULT_CHANNELS,
            locale=self.workspace.locale,
            today=self.crew.context.now().date().isoformat(),
        )

    def hand(self, put: Put, meter: Meter, along: Along | None = None) -> Hand:
        """Return what the tools hold: this workspace, and the two ways to make a proposal."""
        making = _Making(self, put, meter, along)
        return Hand(context=self.crew.context, workspace=self.workspace.id, start=making.start, revise=making.revise)


@dataclass(frozen=True)
class _Making:
    """How the tools of one answer make proposals. The pictures that go `along` are the person's: no tool names one."""

    talk: Talk
    put: Put
    meter: Meter
    along: Along | None

    @property
    def is_private(self) -> bool:
        """Whether this answer is about something private: what the model asks for may retell it."""
        return self.meter.errand("").private

    def start(
        self,
        ask: str,
        *,
        source: str | None,
        channels: Sequence[str] | None,
        locales: Sequence[str] | None,
        variants: int,
        vary: Dimension | None = None,
        stop_at: Literal["angles"] | None = None,
    ) -> tuple[list[Proposal], list[str]]:
        """Draft for a new brief; return its proposals, and what the person should know."""
        pictures = self.along.left if self.along else ()
        result = self.talk.start(
            ask,
            pictures=pictures,
            from_=source,
            channels=channels,
            locales=locales,
            variants=variants,
            vary=vary,
            stop_at=stop_at,
            by=AGENT,
            private=self.is_private,
            progress=lambda name, done: self.put(ChatEvent("step", name=name, done=done)),
            said_by_a_model=True,
        )
        if self.along and pictures:
            self.along.brief_id = result.brief_id
        self.put(ChatEvent("proposals", proposals=tuple(result.proposals)))
        return result.proposals, result.notices

    def revise(self, proposal_id: str, wish: str) -> Proposal:
        """Make a new version of a draft. Raises PrivateMaterial where an open brief might be told what is private."""
        memory, space = self.talk.crew.memory, self.talk.workspace.id
        if self.is_private and not memory.privacy.is_private(space, memory.proposals.get(space, proposal_id).brief_id):
            raise PrivateMaterial(
                "What was said here is private, and this draft's brief is open. Nothing was changed or sent.",
                "Say the change without it, or with: greenroom revise",
            )
        new = self.talk.revise(space, proposal_id, wish)
        self.put(ChatEvent("proposals", proposals=(new,)))
        return new
