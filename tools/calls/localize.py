"""Translate a draft's text."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.base import Noun
from core.errors import WrongUse
from tools.calls.hand import Hand, as_json
from tools.localize import localize as translate

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Arguments(BaseModel):
    """What the tool takes."""

    proposal_id: str = Field(description="the draft's id")
    locale: str = Field(description='a BCP 47 code such as "es" or "pt-BR"')


class Pair(Noun):
    """One segment, and what it became."""

    source: str
    target: str


class Result(Noun):
    """The translation as a whole and by segment, and what its checks found."""

    locale: str
    text: str
    segments: tuple[Pair, ...] = ()
    findings: tuple[str, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def localize(proposal_id: str, locale: str) -> str:
        """Translate a draft's text for the person to read. Nothing is stored.

        `locale` is a BCP 47 code such as "es". A translation that is to go out is asked for in `brief`, as a locale.
        """
        proposal = hand.proposal(proposal_id)
        if proposal.draft_id is None:
            raise WrongUse(f"{proposal.id} has no draft to translate.")
        draft = hand.context.memory.drafts.get(proposal.draft_id)
        made = translate(hand.context, hand.context.memory.briefs.get(proposal.brief_id), draft, locale)
        return as_json(
            Result(
                locale=made.locale,
                text=made.content.text,
                segments=tuple(Pair(source=each.source, target=each.target) for each in made.segments),
                findings=tuple(each.message for each in made.findings),
            )
        )

    return localize
