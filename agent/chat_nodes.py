"""The steps of a conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import prompts
from agent import acting, recounting, slash
from agent.state import ChatState
from core.asks import accepts, declines
from models import Meter, Switchboard
from models.rehearsal.replies import reply
from tools.calls.asking import ASKS, asked_already, result

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_core.tools import BaseTool

SAY_WHAT = "Then say in a sentence what it should be about, and I begin."
NO_WORDS = "The model gave no answer. Nothing was decided or sent. Ask again, or say it another way."
REFUSED = "The model refused: “{}” Nothing was decided or sent. Say it another way."
TYPED = "greenroom_typed"
"""Marks what was answered by rule, to a command or a single key: no model was asked."""


def _none(_ids: Sequence[str]) -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class ChatNodes:
    """The nodes of one conversation, with the tools the model may call. None of them decides or publishes."""

    model: Switchboard
    tools: Sequence["BaseTool"]
    system_prompt: Callable[[], str]
    meter: Meter
    standing: Callable[[Sequence[str]], Sequence[str]] = _none  # proposal ids -> how they stand, from the records
    pictures: Callable[[], int] = int  # how many of the person's go with the next brief

    def think(self, state: ChatState) -> ChatState:
        """Let the model answer or call tools; what is typed as a command, or as yes, needs none."""
        from langchain_core.messages import SystemMessage

        messages = state["messages"]
        if by_rule := self._by_rule(messages):
            return {"messages": [by_rule]}
        kept = self._kept(state)
        words = SystemMessage(self._words(messages, kept.get("summary", "")))
        said = self.model.converse(
            [words, *recounting.shown(messages, kept.get("summarised", 0))], self.tools, self.meter
        )
        return {**kept, "messages": [_worded(acting.sound(said, messages))]}

    def act(self, state: ChatState) -> ChatState:
        """Run the tools that were called."""
        return {"messages": acting.act(state["messages"], self.tools, state)}

    def calls_a_tool(self, state: ChatState) -> bool:
        """Say whether the last word was a call."""
        return bool(getattr(state["messages"][-1], "tool_calls", None))

    def _kept(self, state: ChatState) -> ChatState:
        """Return what is told in short, brought up to date where the conversation grew too long."""
        before, done = state.get("summary", ""), state.get("summarised", 0)
        edge = recounting.border(state["messages"], done)
        if edge == done:
            return {"summary": before, "summarised": done} if before else {}
        summarise = recounting.summariser(self.model, self.meter)
        return {"summary": summarise(before, state["messages"][done:edge]), "summarised": edge}

    def _words(self, messages: Sequence[Any], summary: str) -> str:
        """Return the system's words: what never changes first, what changes with every answer last."""
        standing = list(self.standing(recounting.proposals_in(messages)))
        now = prompts.render(
            "conversation", summary=summary, standing=standing, asked=has_asked(messages), pictures=self.pictures()
        )
        return f"{self.system_prompt()}\n\n{now}".strip()

    def _by_rule(self, messages: Sequence[Any]) -> "AIMessage | None":
        """Return the answer to a command or a single key, and to what its call brought; None: a model must think."""
        last = messages[-1]
        if last.type == "tool":
            return _told(messages)
        if last.type != "human":
            return None
        if (typed := slash.read(str(last.text))) is not None:
            return _call(typed.tool, typed.arguments, messages) if typed.tool else _say(typed.words)
        offered = offer(messages[:-1])
        if offered and accepts(str(last.text)):
            return _call(*offered, messages)
        return _say(SAY_WHAT) if offered and declines(str(last.text)) else None


def offer(messages: Sequence[Any]) -> tuple[str, dict[str, Any]] | None:
    """Return the call that was proposed and waits for a yes: the tool and its arguments; None where none does."""
    last = next((each for each in reversed(messages) if each.type in ("tool", "human")), None)
    if last is None or last.type != "tool" or last.name not in ASKS:
        return None
    found = result(last)
    return (last.name, dict(found["default"])) if found.get("question") and found.get("default") else None


def has_asked(messages: Sequence[Any]) -> bool:
    """Say whether a question about a brief was asked and no brief has come of it yet: one is enough.

    A question of the model's own counts while it is the last thing that it said.
    """
    said = [each for each in messages if each.type == "ai" and not each.tool_calls]
    own = bool(said and str(said[-1].text).rstrip().endswith("?") and messages[-1].type == "human")
    return own or asked_already(messages)


def _told(messages: Sequence[Any]) -> "AIMessage | None":
    """Return what a call by rule brought, in words; None where a model made the call and goes on by itself."""
    calling = next(each for each in reversed(messages) if each.type == "ai")
    if not calling.additional_kwargs.get(TYPED):
        return None
    call = calling.tool_calls[0]
    return _say(reply(call["name"], str(messages[-1].text), str(call["args"].get("query", ""))))


def _call(tool: str, arguments: dict[str, Any], messages: Sequence[Any]) -> "AIMessage":
    from langchain_core.messages import AIMessage

    call: Any = {"type": "tool_call", "name": tool, "args": arguments, "id": ""}
    return acting.sound(AIMessage("", tool_calls=[call], additional_kwargs={TYPED: True}), messages)


def _worded(said: "AIMessage") -> "AIMessage":
    """Return an answer that says something: a person who reads nothing can't know that nothing was done.

    Another message, without the first one's id: what was streamed of that is not shown again.
    """
    if said.tool_calls or str(said.text).strip():
        return said
    refusal = " ".join(str(said.additional_kwargs.get("refusal") or "").split())[:500]
    words = REFUSED.format(refusal) if refusal else NO_WORDS
    return said.model_copy(update={"content": words, "id": None})


def _say(words: str) -> "AIMessage":
    from langchain_core.messages import AIMessage

    return AIMessage(words, additional_kwargs={TYPED: True})
