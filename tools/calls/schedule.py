"""Propose a time, and look at one that somebody named."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from core.errors import BadInput
from core.proposals import Proposal
from core.proposed_times import Conflict, TimeProposal
from core.whens import understand
from tools.calls.hand import Hand, as_json
from tools.schedule import Asked, asked_about, look_at, propose_time

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

OTHERS = 2
"""How many other days are told beside the proposed time."""


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
        space = hand.context.memory.workspaces.get(hand.workspace)
        asked = asked_about(hand.context, space, proposal)
        return as_json(_looked_at(hand, proposal, asked, when) if when.strip() else _proposed(hand, proposal, asked))

    return schedule


def _proposed(hand: Hand, proposal: Proposal, asked: Asked) -> dict[str, Any]:
    space = hand.context.memory.workspaces.get(hand.workspace)
    found: TimeProposal = propose_time(hand.context, space, asked, others=OTHERS)
    told = found.model_dump(mode="json", include={"zone", "wall", "words", "reason", "enough", "needed", "not_before"})
    others = [each.model_dump(mode="json", include={"at", "words", "reason"}) for each in found.alternatives]
    conflicts = {"conflicts": _told(found.conflicts), "alternatives": others}
    return {"id": proposal.id, "suggested_at": found.at.isoformat(), **told, **conflicts}


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
