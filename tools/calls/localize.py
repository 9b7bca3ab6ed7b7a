"""Translate a draft's text."""

from typing import TYPE_CHECKING

from core.errors import WrongUse
from tools.calls.hand import Hand, as_json
from tools.localize import localize as translate

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def localize(proposal_id: str, locale: str) -> str:
        """Translate a draft's text for the person to read. Nothing is stored.

        `locale` is a BCP 47 code such as "es".
        """
        proposal = hand.proposal(proposal_id)
        if proposal.draft_id is None:
            raise WrongUse(f"{proposal.id} has no draft to translate.")
        draft = hand.context.memory.drafts.get(proposal.draft_id)
        made = translate(hand.context, hand.context.memory.briefs.get(proposal.brief_id), draft, locale)
        return as_json({"text": made.content.text, "findings": [f.message for f in made.findings]})

    return localize
