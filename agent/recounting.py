"""What a model is shown of a conversation: the last exchanges as they were, and in short what came before them."""

from collections.abc import Callable, Sequence
from typing import Any

from core.conversation import Told, digest
from core.errors import GreenroomError
from core.ids import PROPOSAL, ids_in
from models import Meter, Switchboard, ask
from models.tasks import SaidTurn, SummaryAnswer, SummaryRequest

KEPT_MESSAGES = 40
"""From so many on the older ones are told in short; proposals and decisions are rows, not memories of the model."""

KEPT_CHARACTERS = 60_000
LEFT_MESSAGES = 16
"""About how many stay as they were."""

OLDER_RESULT = 1200
"""Characters of a tool's result that are shown once the person has gone on."""

Summarise = Callable[[str, Sequence[Any]], str]
"""Takes what was told in short before, and the messages that are to be told in short now."""


def border(messages: Sequence[Any], done: int) -> int:
    """Return up to which message a conversation is to be told in short: `done` where it is short enough as it is.

    The border stands before something that a person said: a tool's result never stands without its call.
    """
    open_ = messages[done:]
    if len(open_) <= KEPT_MESSAGES and sum(len(str(each.text)) for each in open_) <= KEPT_CHARACTERS:
        return done
    people = [done + place for place, each in enumerate(open_) if each.type == "human"]
    fitting = [place for place in people if place <= len(messages) - LEFT_MESSAGES]
    return max([*fitting[-1:], done]) if fitting else max([*people[-1:], done])


def whole(messages: Sequence[Any]) -> list[Any]:
    """Return messages in which every call is followed by its results, and no result stands alone.

    A conversation that was cut off between a call and its result would be refused by servers ever after.
    """
    kept: list[Any] = []
    waiting: dict[str, Any] = {}
    for message in messages:
        if message.type == "tool":
            if waiting.pop(str(message.tool_call_id), None) is not None:
                kept.append(message)
            continue
        kept += _cut_off(waiting)
        waiting = {str(call["id"]): call for call in getattr(message, "tool_calls", None) or ()}
        kept.append(message)
    return kept + _cut_off(waiting)


def shown(messages: Sequence[Any], done: int) -> list[Any]:
    """Return the messages that a model is shown as they were, long results of earlier exchanges in short."""
    kept = whole(messages[done:])
    last = max((place for place, each in enumerate(kept) if each.type == "human"), default=0)
    return [_shorter(each) if place < last else each for place, each in enumerate(kept)]


def proposals_in(messages: Sequence[Any]) -> list[str]:
    """Return the id of every proposal that a conversation names, each once, the first first."""
    found = [name for each in messages for name in ids_in(PROPOSAL, f"{each.text} {_called(each)}")]
    return list(dict.fromkeys(found))


def summariser(model: Switchboard, meter: Meter) -> Summarise:
    """Return what tells a conversation in short: the model where there is one, else `core.conversation`."""

    def summarise(before: str, messages: Sequence[Any]) -> str:
        turns = told(messages)
        if model.is_rehearsal:
            return digest(before, turns)
        request = SummaryRequest(before=before, turns=tuple(SaidTurn(who=each.who, text=each.text) for each in turns))
        try:
            return ask(model, "summarise", request, SummaryAnswer, meter=meter, stage="summary").text
        except GreenroomError:  # a failure or a budget: what was said is told by rule, and the conversation goes on
            return digest(before, turns)

    return summarise


def told(messages: Sequence[Any]) -> list[Told]:
    """Return messages as plain turns: who spoke, and the words; of tools, what was called and what it brought."""
    found: list[Told] = []
    for message in messages:
        if message.type == "human":
            found.append(Told("person", str(message.text)))
        elif message.type == "tool":
            found.append(Told("tool", f"{message.name}: {str(message.text)[:OLDER_RESULT]}"))
        elif str(message.text).strip():
            found.append(Told("Greenroom", str(message.text)))
    return found


def _called(message: Any) -> str:
    return " ".join(str(call["args"]) for call in getattr(message, "tool_calls", None) or ())


def _shorter(message: Any) -> Any:
    if message.type != "tool" or len(str(message.text)) <= OLDER_RESULT:
        return message
    return message.model_copy(update={"content": f"{str(message.text)[:OLDER_RESULT]} … (in short)"})


def _cut_off(waiting: dict[str, Any]) -> list[Any]:
    from langchain_core.messages import ToolMessage

    words = "This was cut off; what it did is not known here. Look before you do it again."
    return [ToolMessage(words, tool_call_id=name, name=call["name"], status="error") for name, call in waiting.items()]
