"""Converses: turns a known request into a tool call, and a tool's result into a short plain answer."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.base import Noun
from models.rehearsal.replies import WHAT_IT_IS, reply
from models.rehearsal.understanding import ID, Understood, summary, understand

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage, ToolCall, ToolMessage

NEEDS_ID = {"explain", "localize", "revise", "schedule", "show"}


class Call(Noun):
    """One tool call."""

    name: str
    arguments: dict[str, Any]
    id: str


class Turn(Noun):
    """What the model says next: words, or tool calls."""

    text: str = ""
    tools: tuple[Call, ...] = ()

    def calls(self) -> "list[ToolCall]":
        """Return the tool calls as LangChain has them."""
        from langchain_core.messages.tool import tool_call

        return [tool_call(name=call.name, args=call.arguments, id=call.id) for call in self.tools]


def converse(messages: "Sequence[BaseMessage]", tool_names: Sequence[str]) -> Turn:
    """Return the next turn of a conversation; the same conversation gives the same turn."""
    if not messages:
        return Turn(text=_help())
    results = _results(messages)
    if results:
        return Turn(text="\n\n".join(reply(str(result.name), str(result.text)) for result in results))
    said = str(messages[-1].text)
    understood = understand(said)
    if understood is None:
        return Turn(text=f"I did not understand that. {_help()}")
    if understood.tool is None:
        return _own_answer(understood, messages, tool_names)
    return _call(understood, messages, tool_names)


def _own_answer(understood: Understood, messages: "Sequence[BaseMessage]", tool_names: Sequence[str]) -> Turn:
    if understood.request == "pending":
        return _call(understood.model_copy(update={"tool": "pending"}), messages, tool_names)
    if understood.request == "publish":
        return Turn(text=_refusal(str(messages[-1].text)))
    if understood.request == "greeting":
        return Turn(
            text="Say what you want to announce or tell, or ask what you wrote about it before. `help` lists it."
        )
    return Turn(text=_help())


def _call(understood: Understood, messages: "Sequence[BaseMessage]", tool_names: Sequence[str]) -> Turn:
    tool = understood.tool or ""
    if tool not in tool_names:
        return Turn(text=f"I understood “{understood.request}”, but that tool is not connected in this conversation.")
    arguments = dict(understood.arguments)
    if tool in NEEDS_ID and not re.fullmatch(ID, str(arguments.get("proposal_id", ""))):
        found = _by_channel(messages, str(arguments.get("proposal_id", "")).lower())
        if found is None:
            return Turn(text="Which draft? Name its id; `what waits` lists them.")
        arguments["proposal_id"] = found
    seed = f"{len(messages)} {tool} {json.dumps(arguments, sort_keys=True)}"
    return Turn(
        tools=(Call(name=tool, arguments=arguments, id=f"call_{hashlib.sha256(seed.encode()).hexdigest()[:16]}"),)
    )


def _results(messages: "Sequence[BaseMessage]") -> "list[ToolMessage]":
    """Return the tool results at the end of the conversation, in order."""
    from langchain_core.messages import ToolMessage

    results: list[ToolMessage] = []
    for message in reversed(messages):
        if not isinstance(message, ToolMessage):
            break
        results.insert(0, message)
    return results


def _by_channel(messages: "Sequence[BaseMessage]", channel: str) -> str | None:
    """Return the id of the proposal last shown for a channel."""
    from langchain_core.messages import ToolMessage

    for message in reversed(messages):
        if not isinstance(message, ToolMessage):
            continue
        try:
            shown = json.loads(str(message.text))
        except json.JSONDecodeError:
            continue
        cards = shown.get("proposals", [shown]) if isinstance(shown, dict) else []
        for card in cards:
            if isinstance(card, dict) and str(card.get("channel", "")).lower() == channel and card.get("id"):
                return str(card["id"])
    return None


def _refusal(said: str) -> str:
    named = re.search(rf"\b{ID}\b", said)
    which = named[0] if named else "the draft"
    return (
        f"I can't publish or decide, and no tool of mine can. You decide: on {which}’s card, on the board, "
        f"or with `greenroom decide {named[0] if named else 'ID'} approve --sha …`."
    )


def _help() -> str:
    return f"I am the {WHAT_IT_IS}. I understand:\n\n{summary()}"
