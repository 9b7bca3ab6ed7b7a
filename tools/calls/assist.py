"""Suggest places to change in a text."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.base import Noun
from core.errors import WrongUse
from core.proposals import Proposal
from models.assist_tasks import Do
from tools.assist import assist as suggest
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

BY_HAND = "greenroom assist {id} --do {do}"
_FIELDS = ("title", "subject", "preheader", "summary", "text")


class Arguments(BaseModel):
    """What the tool takes: a text, or a draft's id, and the one task."""

    do: Do = Field(default="grammar", description="grammar, style, shorter, clearer, or titles")
    text: str = Field(default="", description="the text, where it is no draft")
    proposal_id: str | None = Field(default=None, description="a draft's id, instead of a text")


class Place(Noun):
    """One place: what stands there, and what could stand there instead (empty: nothing)."""

    number: int
    field: str
    before: str
    after: str | None  # None: it is only named, for a person to word
    rule: str
    why: str
    by: str


class Result(Noun):
    """The places. Nothing was changed. `left_out`: what a model proposed that does not hold."""

    do: Do
    suggestions: tuple[Place, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    accept: str = ""  # the person's own command to look at them and accept some


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def assist(do: Do = "grammar", text: str = "", proposal_id: str | None = None) -> str:
        """Suggest places to change in a text or a draft: grammar, style, shorter, clearer, or titles.

        It changes nothing. The person accepts places by the command in `accept`; or `revise` makes a new version of a
        waiting draft by their wish.
        """
        proposal = hand.proposal(proposal_id) if proposal_id else None
        texts = _texts(hand, proposal) if proposal else {"text": text}
        if not any(each.strip() for each in texts.values()):
            raise WrongUse("There is nothing to look at.", "Give a text, or a draft's id.")
        locale = proposal.locale if proposal else hand.context.memory.workspaces.get(hand.workspace).locale
        about = {"channel": proposal.channel, "locale": locale, "variant": proposal.variant} if proposal else {}
        meter = hand.context.meter_for(hand.workspace, proposal.brief_id if proposal else None, **about)
        channel = proposal.channel if proposal else ""
        found = suggest(hand.context, hand.workspace, texts, do, locale=locale, channel=channel, meter=meter)
        rows = (
            Place(number=at, **each.model_dump(exclude={"start", "end"}))
            for at, each in enumerate(found.suggestions, start=1)
        )
        accept = BY_HAND.format(id=proposal.id, do=do) if proposal else ""
        return as_json(
            Result(do=do, suggestions=tuple(rows), left_out=found.left_out, notes=found.notes, accept=accept)
        )

    return assist


def _texts(hand: Hand, proposal: Proposal) -> dict[str, str]:
    if proposal.draft_id is None:
        raise WrongUse(f"{proposal.id} has no draft: there is no text to help with.")
    content = hand.context.memory.drafts.get(proposal.draft_id).content
    return {name: getattr(content, name) for name in _FIELDS if getattr(content, name)}
