"""Wires a conversation: its tools, its words, and where its events go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.chat_nodes import ChatNodes
from agent.crew import Crew
from agent.graph import build_chat
from agent.standing import standing
from app.briefing import DEFAULT_CHANNELS
from app.results import BriefResult, ChatEvent
from core.drafts import Dimension
from core.policy import policy_of
from core.proposals import Proposal
from core.works import Workspace
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

    def graph(self, put: Put) -> Any:
        """Return the conversation's graph, whose events go to `put`."""
        return build_chat(self.nodes(put), self.crew.memory.checkpointer())

    def nodes(self, put: Put) -> ChatNodes:
        """Return the nodes of a conversation whose events go to `put`."""
        return ChatNodes(
            model=self.crew.context.model,
            tools=build(self._hand(put)),
            system_prompt=self.system_prompt,
            meter=self.crew.context.meter_for(self.workspace.id, None),
            standing=lambda ids: standing(self.crew.memory, self.workspace.id, ids),
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

    def _hand(self, put: Put) -> Hand:
        def start(
            ask: str,
            *,
            source: str | None,
            channels: Sequence[str] | None,
            locales: Sequence[str] | None,
            variants: int,
            vary: Dimension | None = None,
            stop_at: Literal["angles"] | None = None,
        ) -> tuple[list[Proposal], list[str]]:
            result = self.start(
                ask,
                from_=source,
                channels=channels,
                locales=locales,
                variants=variants,
                vary=vary,
                stop_at=stop_at,
                by=AGENT,
                progress=lambda name, done: put(ChatEvent("step", name=name, done=done)),
                said_by_a_model=True,
            )
            put(ChatEvent("proposals", proposals=tuple(result.proposals)))
            return result.proposals, result.notices

        def revise(proposal_id: str, wish: str) -> Proposal:
            new = self.revise(self.workspace.id, proposal_id, wish)
            put(ChatEvent("proposals", proposals=(new,)))
            return new

        return Hand(context=self.crew.context, workspace=self.workspace.id, start=start, revise=revise)
