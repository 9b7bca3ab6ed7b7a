"""Wires a studio's conversation: its tools, its words, and where its events go."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from agent.chat_nodes import ChatNodes
from agent.graph import build_chat
from app.briefing import DEFAULT_CHANNELS
from app.conversing import Conversing
from app.results import ChatEvent
from core.proposals import Proposal
from prompts import render
from tools.calls import Hand, build

if TYPE_CHECKING:
    from app.studio import Studio

AGENT = "agent"
"""Who asked, where a conversation started the brief: the agent may ask, it may never decide."""


def conversing(studio: "Studio") -> Conversing:
    """Return the conversation of a studio's workspace."""
    return Conversing(lambda put: _graph(studio, put))


def _graph(studio: "Studio", put: Callable[[ChatEvent], None]) -> Any:
    return build_chat(chat_nodes(studio, put), studio.memory.checkpointer())


def chat_nodes(studio: "Studio", put: Callable[[ChatEvent], None]) -> ChatNodes:
    """Return the nodes of a conversation whose events go to `put`."""
    return ChatNodes(
        model=studio.model,
        tools=build(_hand(studio, put)),
        system_prompt=lambda: system_prompt(studio),
        meter=studio.crew.context.meter_for(studio.workspace.id, None),
    )


def system_prompt(studio: "Studio") -> str:
    """Return the words that every answer of the conversation begins from."""
    workspace = studio.workspace
    return render(
        "chat",
        workspace=workspace.name,
        channels=workspace.policy.get("channels") or DEFAULT_CHANNELS,
        locale=workspace.locale,
        today=studio.clock().date().isoformat(),
    )


def _hand(studio: "Studio", put: Callable[[ChatEvent], None]) -> Hand:
    def start(
        ask: str,
        *,
        source: str | None,
        channels: Sequence[str] | None,
        locales: Sequence[str] | None,
        variants: int,
    ) -> tuple[list[Proposal], list[str]]:
        result = studio.start(
            ask,
            from_=source,
            channels=channels,
            locales=locales,
            variants=variants,
            by=AGENT,
            progress=lambda name, done: put(ChatEvent("step", name=name, done=done)),
            said_by_a_model=True,
        )
        put(ChatEvent("proposals", proposals=tuple(result.proposals)))
        return result.proposals, result.notices

    def revise(proposal_id: str, wish: str) -> Proposal:
        new = studio.reviewing.revise(studio.workspace.id, proposal_id, wish)
        put(ChatEvent("proposals", proposals=(new,)))
        return new

    return Hand(context=studio.crew.context, workspace=studio.workspace.id, start=start, revise=revise)
