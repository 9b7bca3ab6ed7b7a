"""Runs what a model called: each call once, what makes something one by one, and no call without an answer."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from core.errors import GreenroomError

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, ToolMessage
    from langchain_core.tools import BaseTool

MOST = 8
"""How many calls of one message are run; the others are told so."""

MAKES = frozenset({"angles", "brief", "revise"})
"""Tools that put something before a person: two at once could make it twice, or each undo the other."""

DECIDES = frozenset(
    (
        *("publish", "publish_due", "post", "send", "approve", "decide", "reject", "hold"),
        *("undo", "release", "cancel", "retry", "schedule_post", "book"),
    )
)
"""What models call where no such tool is."""

YOU_DECIDE = (
    "No tool publishes, books or decides, and none will. Tell the person that they decide: on the card, or with "
    "`greenroom decide ID approve --sha SHA`."
)
TOO_MANY = f"Not run: more than {MOST} calls at once. Call it again if it is still needed."
NOT_JSON = "Not run: the arguments are not valid JSON ({error}). Call it again with arguments that fit its schema."
UNREADABLE = "greenroom_unreadable"
"""Where a message notes which of its calls had no readable arguments, and why; it is sent to no server."""

AS_BEFORE = "Not run again: the same call was made for this message of the person, and this is what it brought."


def to_model(error: GreenroomError) -> str:
    """Give an error back to the model as a result it can act on."""
    return f"That did not work: {error.message} {error.hint}".strip()


def act(messages: Sequence[Any], tools: Sequence["BaseTool"], state: Any) -> "list[ToolMessage]":
    """Return a result for every call of the last message, in the order of the calls.

    What only looks runs in parallel; what makes something runs after it, one by one. The same call twice is run once.
    """
    said: AIMessage = messages[-1]
    made = _made_before(messages)
    unreadable = said.additional_kwargs.get(UNREADABLE, {})
    refused = {str(call["id"]): words for call in said.tool_calls if (words := _refusal(call, tools, unreadable))}
    wanted = [call for call in said.tool_calls if str(call["id"]) not in refused]
    refused |= {str(call["id"]): TOO_MANY for call in wanted[MOST:]}
    firsts: dict[str, Any] = {}
    for call in wanted[:MOST]:
        firsts.setdefault(key(call), call)
    fresh = [call for name, call in firsts.items() if name not in made]
    brought = {name: f"{AS_BEFORE}\n{result}" for name, result in made.items()} | _run(fresh, tools, state)
    return [_answer(call, refused.get(str(call["id"])) or brought[key(call)]) for call in said.tool_calls]


def sound(said: "AIMessage", before: Sequence[Any]) -> "AIMessage":
    """Return a model's message whose calls can all be answered: each has an id of its own, and readable arguments.

    What was not valid JSON stands there as a call without arguments, and is answered with the reason: sent back as it
    came, some servers would refuse the whole conversation.
    """
    if not said.tool_calls and not said.invalid_tool_calls:
        return said
    used = {str(call["id"]) for each in before for call in getattr(each, "tool_calls", None) or ()}
    calls: list[Any] = []
    unreadable: dict[str, str] = {}
    for call in [*said.tool_calls, *said.invalid_tool_calls]:
        name = _own_id(call, len(calls), used)
        used.add(name)
        if call["type"] == "invalid_tool_call":
            unreadable[name] = " ".join(str(call.get("error") or "no object").split())[:200]
        args = {} if name in unreadable else call["args"]
        calls.append({"type": "tool_call", "name": call["name"] or "", "args": args, "id": name})
    kept = {name: value for name, value in said.additional_kwargs.items() if name not in ("tool_calls", UNREADABLE)}
    more = {UNREADABLE: unreadable} if unreadable else {}
    changed = {"tool_calls": calls, "invalid_tool_calls": [], "additional_kwargs": {**kept, **more}}
    return said.model_copy(update=changed)


def _own_id(call: Any, place: int, used: set[str]) -> str:
    """Return the call's id; another one where it has none, or one that stands in the conversation already."""
    given = str(call["id"] or "")
    number = len(used) + place
    while not given or given in used:
        given = hashlib.sha256(f"{number} {key(call)}".encode()).hexdigest()[:9]  # the shape that every server takes
        number += 1
    return given


def key(call: Any) -> str:
    """Return what two calls have in common that would do the same."""
    return f"{call['name']} {json.dumps(call['args'], sort_keys=True, default=str)}"


def _refusal(call: Any, tools: Sequence["BaseTool"], unreadable: dict[str, str]) -> str:
    """Return why a call can't be run, empty where it can."""
    if call["id"] in unreadable:
        return NOT_JSON.format(error=unreadable[call["id"]])
    names = [tool.name for tool in tools]
    if call["name"] in names:
        return ""
    if call["name"].casefold() in DECIDES:
        return YOU_DECIDE
    return f"There is no tool called {call['name']!r}. There are: {', '.join(names)}."


def _run(calls: Sequence[Any], tools: Sequence["BaseTool"], state: Any) -> dict[str, "str | ToolMessage"]:
    looks = [call for call in calls if call["name"] not in MAKES]
    makes = [[call] for call in calls if call["name"] in MAKES]
    brought: dict[str, str | ToolMessage] = {}
    for batch in filter(None, (looks, *makes)):
        results = {str(each.tool_call_id): each for each in _together(batch, tools, state)}
        brought |= {key(call): results[str(call["id"])] for call in batch}
    return brought


def _together(calls: Sequence[Any], tools: Sequence["BaseTool"], state: Any) -> "Iterable[ToolMessage]":
    from langchain_core.messages import AIMessage
    from langgraph.prebuilt import ToolNode
    from langgraph.prebuilt.tool_node import ToolInvocationError

    def told(error: GreenroomError | ToolInvocationError) -> str:
        """Give back what the model can mend: our errors, and arguments that don't fit; all else is a bug."""
        return to_model(error) if isinstance(error, GreenroomError) else error.message

    asked = {**state, "messages": [*state["messages"][:-1], AIMessage("", tool_calls=list(calls))]}
    done: list[ToolMessage] = ToolNode(list(tools), handle_tool_errors=told).invoke(asked)["messages"]
    return done


def _made_before(messages: Sequence[Any]) -> dict[str, str]:
    """Return what was made already for the person's last words: a model that repeats itself makes nothing twice."""
    start = next((place for place in range(len(messages) - 1, -1, -1) if messages[place].type == "human"), 0)
    earlier = messages[start : len(messages) - 1]
    results = {each.tool_call_id: each for each in earlier if each.type == "tool" and each.status != "error"}
    calls = [call for each in earlier for call in getattr(each, "tool_calls", None) or () if call["name"] in MAKES]
    return {key(call): str(results[call["id"]].text) for call in calls if call["id"] in results}


def _answer(call: Any, result: "str | ToolMessage") -> "ToolMessage":
    from langchain_core.messages import ToolMessage

    if not isinstance(result, str):
        text, status = result.content, result.status
    else:
        text, status = result, "success" if result.startswith(AS_BEFORE) else "error"
    return ToolMessage(text, tool_call_id=call["id"], name=call["name"], status=status)
