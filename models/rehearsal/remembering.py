"""What a conversation has shown so far: the drafts, what was asked, and what a tool was called with."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage, ToolMessage


def results(messages: "Sequence[BaseMessage]") -> "list[ToolMessage]":
    """Return the tool results at the end of the conversation, in order."""
    from langchain_core.messages import ToolMessage

    found: list[ToolMessage] = []
    for message in reversed(messages):
        if not isinstance(message, ToolMessage):
            break
        found.insert(0, message)
    return found


def said_last(messages: "Sequence[BaseMessage]") -> str:
    """Return the person's last words."""
    return next((str(message.text) for message in reversed(messages) if message.type == "human"), "")


def called_with(messages: "Sequence[BaseMessage]", result: "ToolMessage") -> dict[str, Any]:
    """Return the arguments of the call that a result answers."""
    for message in reversed(messages):
        for call in getattr(message, "tool_calls", None) or ():
            if call["id"] == result.tool_call_id:
                return dict(call["args"])
    return {}


def drafts_shown_last(messages: "Sequence[BaseMessage]") -> dict[str, str]:
    """Return the drafts that were shown or named last, channel by proposal id (channel empty where it was not said)."""
    for message in reversed(messages):
        if message.type == "tool":
            shown = {card["id"]: str(card.get("channel", "")) for card in _cards(message)}
            if shown:
                return shown
        for call in getattr(message, "tool_calls", None) or ():
            if call["args"].get("proposal_id"):
                return {str(call["args"]["proposal_id"]): ""}
    return {}


def several_shown(messages: "Sequence[BaseMessage]") -> dict[str, str]:
    """Return the drafts that were shown together last, channel by proposal id; empty where each was shown alone."""
    for message in reversed(messages):
        shown = {card["id"]: str(card["channel"]) for card in _cards(message)} if message.type == "tool" else {}
        if len(shown) > 1:
            return shown
    return {}


def by_channel(messages: "Sequence[BaseMessage]", channel: str) -> str | None:
    """Return the id of the proposal last shown for a channel."""
    for message in reversed(messages):
        if message.type != "tool":
            continue
        for card in _cards(message):
            if str(card.get("channel", "")).lower() == channel:
                return str(card["id"])
    return None


def _cards(message: "BaseMessage") -> list[dict[str, Any]]:
    try:
        shown = json.loads(str(message.text))
    except json.JSONDecodeError:
        return []
    cards = shown.get("proposals", [shown]) if isinstance(shown, dict) else []
    return [card for card in cards if isinstance(card, dict) and card.get("id") and card.get("channel")]
