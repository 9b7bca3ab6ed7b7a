"""The tools that an IDE's model may call: the conversation's own, by name, with what each takes and answers.

None of them decides: they hold a `Hand`, from which no way leads to a decision or to a sender.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from typing import Any, cast

from pydantic import BaseModel

from app.callers import Caller
from app.ide.pages import PAGE, page
from app.results import ChatEvent
from core.errors import BadInput

LONGEST = 400_000
"""Characters that a call may carry."""

Schema = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """One tool: its name here, what it is called in a conversation, and whether it makes drafts or only looks."""

    name: str
    title: str
    call: str
    result: str = "Result"
    makes: bool = False
    listed: str = ""  # the list in its answer that comes a page at a time

    @property
    def module(self) -> Any:
        """The conversation's tool."""
        return import_module(f"tools.calls.{self.call}")

    def takes(self) -> Schema:
        """Return the schema of its arguments; no other one is taken."""
        taken: type[BaseModel] | None = getattr(self.module, "Arguments", None)
        schema: Schema = taken.model_json_schema() if taken else {"type": "object", "properties": {}}
        if self.listed:
            schema["properties"] |= _PAGING
        schema.pop("description", None)  # of the class: nothing for a model
        return {**schema, "additionalProperties": False}

    def answers(self) -> Schema:
        """Return the schema of what it answers."""
        module = import_module("app.ide.shapes") if self.result in _SHAPED else self.module
        schema: Schema = getattr(module, self.result).model_json_schema(mode="serialization")
        if self.listed:
            schema["properties"]["next_cursor"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
        return schema

    def describes(self) -> str:
        """Return what the conversation's model is told of it: written once, for both."""
        return cleandoc(str(self.module.tool(cast("Any", None)).description))


_PAGING: Schema = {
    "cursor": {"type": "string", "description": "`next_cursor` of the page before"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "description": "how many at most"},
}
_SHAPED = ("Card", "Status", "Time", "Voice")

OFFERS = (
    Offer("recall", "Find past works", "recall"),
    Offer("brief", "Draft for the channels", "brief", makes=True),
    Offer("drafts", "What waits for a decision", "pending", listed="proposals"),
    Offer("draft_status", "One draft and how it stands", "show", "Status"),
    Offer("explain", "Why a draft is as it is", "explain"),
    Offer("revise", "A new version of a waiting draft", "revise", "Card", makes=True),
    Offer("tag", "Tags for a text", "tag"),
    Offer("localize", "A draft in another language", "localize"),
    Offer("check", "Check a text for a channel", "check"),
    Offer("voice_score", "How much a text sounds like the creator", "voice_score", "Voice"),
    Offer("calendar", "What goes out when", "calendar", listed="publications"),
    Offer("propose_time", "A good time for a draft", "schedule", "Time"),
)
NAMED = {offer.name: offer for offer in OFFERS}


def run(caller: Caller, offer: Offer, arguments: Schema, put: Callable[[ChatEvent], None]) -> Schema:
    """Call a tool for a program and return what it may read of the answer. Steps of long work go to `put`."""
    refuse_too_long(arguments)
    if offer.makes:
        caller.refuse_viewers()
    asked = dict(arguments)
    cursor, limit = (asked.pop("cursor", None), asked.pop("limit", PAGE)) if offer.listed else (None, PAGE)
    studio = caller.studio
    hand = studio.talk.hand(put, studio.crew.context.meter_for(studio.workspace.id, None))
    answer: Schema = json.loads(offer.module.tool(hand).invoke(asked))
    if offer.result == "Status":
        from app.ide.shapes import status

        answer |= status(studio, answer["id"])
    shown: Schema = caller.show(answer)
    if offer.listed:
        shown[offer.listed], shown["next_cursor"] = page(shown[offer.listed], cursor, limit)
    return shown


def refuse_too_long(arguments: Schema) -> None:
    """Raise BadInput for more than a call may carry, and for what is no text."""
    try:
        size = len(json.dumps(arguments, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        raise BadInput("The call holds half a character (a lone surrogate).", "Nothing was done.") from None
    if size > LONGEST:
        raise BadInput(f"The call carries {size} bytes; at most {LONGEST} are read.", "Import it as a file instead.")
