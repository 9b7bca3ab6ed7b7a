"""Converses: turns a known request into a tool call, and a tool's result into a short plain answer."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.base import Noun
from models.rehearsal.remembering import by_channel, called_with, drafts_shown_last, results, said_last, several_shown
from models.rehearsal.replies import WHAT_IT_IS, reply
from models.rehearsal.statement import NO_ART
from models.rehearsal.understanding import ID, Understood, named_title, summary, understand, wants_a_week

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage, ToolCall, ToolMessage

NEEDS_ID = {"assist", "explain", "localize", "revise", "schedule", "show"}
WHICH = "Which draft? Name its id; `what waits` lists them."
NOT_THAT = (
    "I understand plain requests, not that one (no language model). "
    "Try: `what waits`, `what did I write about …`, `announce …`. `help` lists all."
)
YOU_DECIDE = "I can't publish or decide, and no tool of mine can. You decide, on {which}’s card"
ABOUT_IT = (
    "That names a draft that is there, and I start no new one from it. I did not understand what to do with it. "
    "Try: `show {which}`, `make {which} shorter`, `check the grammar of {which}`, `when should {which} go out?`."
)
INTO_WHICH = "Into which language? Say, for example, `translate {which} to es`."
ONE_EACH = "I draft one for each channel, not a week of them."


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
    brought = results(messages)
    if brought:
        return _after(brought, messages, tool_names)
    understood = understand(str(messages[-1].text))
    if understood is None:
        return Turn(text=NOT_THAT)
    if understood.tool is None:
        return _own_answer(understood, messages, tool_names)
    title = named_title(understood.arguments) if understood.request == "brief" else None
    if title and "recall" in tool_names:
        return _calling("recall", {"query": title}, messages)
    return _call(understood, messages, tool_names)


def _after(brought: "Sequence[ToolMessage]", messages: "Sequence[BaseMessage]", tool_names: Sequence[str]) -> Turn:
    """Say what the tools brought; after the look for a named title, start the brief that it is the source of."""
    said = said_last(messages)
    understood = understand(said)
    request = understood.request if understood else ""
    if understood and request == "brief" and brought[-1].name == "recall":
        source = _titled(str(brought[-1].text), named_title(understood.arguments) or "")
        arguments = {**understood.arguments, **({"source": source} if source else {})}
        return _call(understood.model_copy(update={"arguments": arguments}), messages, tool_names)
    answers = [
        reply(str(result.name), str(result.text), str(called_with(messages, result).get("query", "")))
        for result in brought
    ]
    if request == "publish":
        answers.insert(0, _refusal(said))
    if request == "brief" and wants_a_week(said):
        answers.append(ONE_EACH)
    return Turn(text="\n\n".join(answers))


def _titled(recalled: str, title: str) -> str | None:
    """Return the id of the recalled work that has exactly this title."""
    try:
        found = json.loads(recalled).get("results", [])
    except (json.JSONDecodeError, AttributeError):
        return None
    same = (str(work["work_id"]) for work in found if _bare(str(work.get("title", ""))) == _bare(title))
    return next(same, None)


def _bare(title: str) -> str:
    return " ".join(title.replace("’", "'").casefold().split()).strip(" .“”\"'")


def _own_answer(understood: Understood, messages: "Sequence[BaseMessage]", tool_names: Sequence[str]) -> Turn:
    said = str(messages[-1].text)
    if understood.request == "publish" and not re.search(rf"\b{ID}\b", said) and "pending" in tool_names:
        return _calling("pending", {}, messages)
    if understood.request == "pending":
        return _call(understood.model_copy(update={"tool": "pending"}), messages, tool_names)
    return Turn(text=_words(understood.request, said))


def _words(request: str, said: str) -> str:
    if request == "publish":
        return _refusal(said)
    if request == "refuse":
        return NO_ART
    if request == "named":
        return ABOUT_IT.format(which=_named(said) or "ID")
    if request == "greeting" and re.search(r"\bthank", said, re.I):
        return "Gladly. Whatever waits stays until you decide."
    if request == "greeting":
        return "Say what you want to announce or tell, or ask what you wrote about it before. `help` lists it."
    return _help()


def _call(understood: Understood, messages: "Sequence[BaseMessage]", tool_names: Sequence[str]) -> Turn:
    tool = understood.tool or ""
    if tool not in tool_names:
        return Turn(text=f"I understood “{understood.request}”, but that tool is not connected in this conversation.")
    arguments = dict(understood.arguments)
    if understood.request in ("revise_last", "assist_last"):
        shown = drafts_shown_last(messages)
        if len(shown) != 1:
            return Turn(text=_which_of(shown))
        arguments["proposal_id"] = next(iter(shown))
    if understood.request == "revise_other":
        several = several_shown(messages)
        one = _one_of(several, str(arguments["proposal_id"]), drafts_shown_last(messages))
        if one is None:
            return Turn(text=_which_of(several))
        arguments["proposal_id"] = one
    if tool == "localize" and "locale" not in arguments:
        return Turn(text=INTO_WHICH.format(which=arguments["proposal_id"]))
    if tool in NEEDS_ID and not re.fullmatch(ID, str(arguments.get("proposal_id", ""))):
        found = by_channel(messages, str(arguments.get("proposal_id", "")).lower())
        if found is None:
            return Turn(text=WHICH)
        arguments["proposal_id"] = found
    return _calling(tool, arguments, messages)


def _one_of(several: dict[str, str], which: str, last: dict[str, str]) -> str | None:
    """Return the draft that "the first one" or "the other one" is; None where that has two readings."""
    shown, named = list(several), [each for each in last if each in several]
    if which == "other":
        others = [each for each in shown if each not in named]
        return others[0] if len(shown) == 2 and len(others) == 1 else None
    if len(shown) < 2:
        return None
    return shown[-1] if which == "last" else shown[("first", "second").index(which)]


def _which_of(shown: dict[str, str]) -> str:
    channels = list(dict.fromkeys(filter(None, shown.values())))
    if not channels:
        return WHICH
    return f"Which one: {', '.join(channels)}? Say, for example, `make the {channels[0]} one shorter`."


def _calling(tool: str, arguments: dict[str, Any], messages: "Sequence[BaseMessage]") -> Turn:
    seed = f"{len(messages)} {tool} {json.dumps(arguments, sort_keys=True)}"
    return Turn(
        tools=(Call(name=tool, arguments=arguments, id=f"call_{hashlib.sha256(seed.encode()).hexdigest()[:16]}"),)
    )


def _refusal(said: str) -> str:
    named = _named(said)
    card = YOU_DECIDE.format(which=named or "the draft")
    return f"{card}, or with `greenroom decide {named or 'ID'} approve --sha …`."


def _named(said: str) -> str:
    found = re.search(rf"\b{ID}\b", said)
    return found[0] if found else ""


def _help() -> str:
    return f"I am the {WHAT_IT_IS}. I understand:\n\n{summary()}"
