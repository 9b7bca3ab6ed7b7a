"""Propose a time, and look at one that somebody named."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from core.errors import BadInput
from core.proposals import Proposal
from core.proposed_times import Conflict, TimeProposal
from core.whens import understand
from tools.calls.hand import Hand, as_json
from tools.schedule import Asked, asked_for, look_at, propose_time

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Arguments(BaseModel):
    """What the tool takes."""

    proposal_id: str = Field(description="the draft's id")
    when: str = Field(
        default="", description="a time in the person's own words, to be looked at; empty: propose the next good one"
    )


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def schedule(proposal_id: str, when: str = "") -> str:
        """Propose when a draft should go out, with the reason, or say what speaks against a time. It books nothing."""
        proposal = hand.proposal(proposal_id)
        asked = _asked(hand, proposal)
        return as_json(_looked_at(hand, proposal, asked, when) if when.strip() else _proposed(hand, proposal, asked))

    return schedule


def _asked(hand: Hand, proposal: Proposal) -> Asked:
    memory = hand.context.memory
    space = memory.workspaces.get(hand.workspace)
    if proposal.draft_id is None:
        return Asked(channel=proposal.channel, instead_of=frozenset({proposal.id}))
    brief, draft = memory.briefs.get(proposal.brief_id), memory.drafts.get(proposal.draft_id)
    return asked_for(hand.context, space, brief, draft)._replace(instead_of=frozenset({proposal.id}))


def _proposed(hand: Hand, proposal: Proposal, asked: Asked) -> dict[str, Any]:
    found: TimeProposal = propose_time(hand.context, hand.context.memory.workspaces.get(hand.workspace), asked)
    told = found.model_dump(mode="json", include={"zone", "wall", "words", "reason", "enough", "needed", "not_before"})
    return {"id": proposal.id, "suggested_at": found.at.isoformat(), **told, "conflicts": _told(found.conflicts)}


def _looked_at(hand: Hand, proposal: Proposal, asked: Asked, when: str) -> dict[str, Any]:
    space = hand.context.memory.workspaces.get(hand.workspace)
    try:
        read = understand(when, hand.context.now(), space.timezone, space.locale)
    except BadInput as error:
        return {"id": proposal.id, "not_understood": error.message, "hint": error.hint}
    found = look_at(hand.context, space, asked, read.at)
    return {
        "id": proposal.id,
        **read.model_dump(mode="json"),
        "conflicts": _told(found),
        "booked": False,
        "to_set_it": f"greenroom revise {proposal.id} --at '{read.at.isoformat()}'",
    }


def _told(conflicts: tuple[Conflict, ...]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json", exclude_none=True) for each in conflicts]
