"""What a hosted model may be shown: private material is taken out where the task can do without, else nothing goes."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import prompts
from core.privacy import LEFT_OUT, Secrets
from models.errors import Tainted

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage, ToolMessage


PRIVATE = "greenroom_private"
"""Marks what a model said to private material, which it may have put into words of its own."""


def cleared(messages: "Sequence[BaseMessage]", secrets: Secrets) -> "list[BaseMessage]":
    """Return the messages without what is private. Raises Tainted where the task itself is about it.

    Out of a request's supporting lists (works, exemplars, edits …), tools' results and a conversation's past and
    records, private items are left out. What a person asks for now, and the material to work on, is never changed.
    Whatever was done, the whole is looked through once more at the end.
    """
    if not secrets:
        return list(messages)
    last = max((at for at, each in enumerate(messages) if each.type == "human"), default=-1)
    kept = [_cleared(each, secrets, is_wish=at == last) for at, each in enumerate(messages)]
    if any(secrets.found_in(text) for message in kept for text in _texts(message)):
        raise Tainted
    return kept


def _cleared(message: "BaseMessage", secrets: Secrets, *, is_wish: bool) -> "BaseMessage":
    match message.type:
        case "tool":
            kept: BaseMessage = _result(message, secrets)  # type: ignore[arg-type]
        case "ai":
            kept = _spoken(message, secrets)  # type: ignore[arg-type]
        case "system":
            kept = _told(message, secrets)
        case "human":
            kept = _asked(message, secrets, is_wish=is_wish)
        case _:
            kept = message
    return kept


def _asked(message: "BaseMessage", secrets: Secrets, *, is_wish: bool) -> "BaseMessage":
    request = prompts.parse_request(message.text)
    if request is not None:
        data = secrets.without(request[1])
        return message if data == request[1] else message.model_copy(update={"content": _put(message.text, data)})
    if not is_wish and secrets.found_in(message.text):
        return message.model_copy(update={"content": LEFT_OUT})
    return message


def _told(message: "BaseMessage", secrets: Secrets) -> "BaseMessage":
    """The words that a conversation begins from may hold records of it, a line each."""
    text = str(message.text)
    if not secrets.found_in(text):
        return message
    lines = (f"- {LEFT_OUT}" if secrets.found_in(line) else line for line in text.split("\n"))
    return message.model_copy(update={"content": "\n".join(lines)})


def _put(text: str, data: dict[str, Any]) -> str:
    """Return the text with other data in its request block."""
    block = prompts.request("x", data).split("\n")[1]
    head, _, rest = text.partition(">\n")
    return f"{head}>\n{block}\n{rest[rest.index('</request>') :]}"


def _result(message: "ToolMessage", secrets: Secrets) -> "ToolMessage":
    """A tool's result: the smallest objects that are private become a note, the others stay."""
    text = str(message.text)
    try:
        value = json.loads(text)
    except ValueError:
        return message.model_copy(update={"content": LEFT_OUT}) if secrets.taints(text) else message
    if not secrets.taints(value):
        return message
    return message.model_copy(update={"content": json.dumps(_redacted(value, secrets), ensure_ascii=False)})


def _redacted(value: Any, secrets: Secrets) -> Any:
    if isinstance(value, dict):
        own = {key: each for key, each in value.items() if not _holds_objects(each)}
        if secrets.taints(own):
            return {"left_out": LEFT_OUT}
        return {key: _redacted(each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [_redacted(each, secrets) for each in value]
    return LEFT_OUT if isinstance(value, str) and secrets.taints(value) else value


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) for each in value)


def _spoken(message: "AIMessage", secrets: Secrets) -> "AIMessage":
    """What a model said before: another one may have, on the own premises."""
    changes: dict[str, Any] = {}
    is_private = bool(message.additional_kwargs.get(PRIVATE))
    if is_private or secrets.found_in(str(message.text)):
        changes["content"] = LEFT_OUT
    if is_private or any(secrets.found_in(text) for call in message.tool_calls for text in _strings(call["args"])):
        changes["tool_calls"] = [{**call, "args": {}} for call in message.tool_calls]
        changes["additional_kwargs"] = {}
    return message.model_copy(update=changes) if changes else message


def _texts(message: "BaseMessage") -> list[str]:
    """Every text of a message as it will be sent; a request's material as it reads, not as it is escaped."""
    request = prompts.parse_request(str(message.text)) if message.type == "human" else None
    calls = [text for call in getattr(message, "tool_calls", ()) for text in _strings(call["args"])]
    if request is None:
        return [str(message.text), *calls]
    around = str(message.text).partition("<request")[0] + str(message.text).rpartition("</request>")[2]
    return [*_strings(request[1]), around]


def _strings(value: Any) -> list[str]:
    from core.privacy import texts_in

    return list(texts_in(value))
