"""Explain a draft: what it rests on, what was found, its time, its angle, its cost."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from core.base import Instant, Noun
from core.drafts import Draft, Finding
from core.proposals import Proposal
from core.usage import UsageShare
from memory.usage import shares
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

About = Literal["draft", "findings", "time", "angle", "cost"]
PASSED = {
    "error": "It can't be approved as it is: change it, or reject it.",
    "warning": "It can be approved all the same: a person judges.",
    "note": "For your information.",
}


class Arguments(BaseModel):
    """What the tool takes."""

    proposal_id: str = Field(description="the draft's id")
    about: About = Field(default="draft", description="what is to be explained")


class LeansOn(Noun):
    """A sentence of the draft, and the words that it rests on."""

    line: str  # empty: the draft as a whole
    title: str
    quote: str
    origin: str


class Found(Noun):
    """A finding, the words it is about, and what it means for an approval."""

    rule: str
    severity: str
    message: str
    words: str
    means: str


class Result(Noun):
    """The explanation; what was not asked for is empty."""

    id: str
    channel: str
    state: str
    model: str
    leans_on: tuple[LeansOn, ...] = ()
    voice: dict[str, Any] | None = None
    findings: tuple[Found, ...] = ()
    suggested_at: Instant | None = None
    suggested_reason: str = ""
    at: Instant | None = None  # the time that an approval covers, where one was set
    not_before: Instant | None = None
    angle: dict[str, Any] | None = None
    versions: tuple[str, ...] = ()  # what a self-revision was for, or why it was not kept
    cost: tuple[UsageShare, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def explain(proposal_id: str, about: About = "draft") -> str:
        """Explain why a draft is as it is.

        `about`: "draft" (what each line rests on, voice, model), "findings" (each with its words and what it means for
        an approval), "time" (the proposed time and why), "angle" (what it leads with), "cost" (what its calls came to).
        """
        return as_json(explained(hand, hand.proposal(proposal_id), about))

    return explain


def explained(hand: Hand, proposal: Proposal, about: About) -> Result:
    """Return what is asked about a proposal."""
    whole = Result(
        id=proposal.id,
        channel=proposal.channel,
        state=proposal.state,
        model=proposal.provenance.model,
        **_time(proposal),
    )
    draft = hand.context.memory.drafts.get(proposal.draft_id) if proposal.draft_id else None
    if about == "time":
        return whole
    if about == "findings":
        return whole.model_copy(update={"findings": _findings(proposal, draft)})
    if about == "angle":
        return whole.model_copy(update={"angle": _angle(hand, proposal, draft)})
    if about == "cost":
        return whole.model_copy(update={"cost": _cost(hand, proposal)})
    voice = proposal.voice.model_dump(mode="json") if proposal.voice else None
    leans = tuple(_leans(proposal, draft))
    return whole.model_copy(update={"leans_on": leans, "voice": voice, "findings": _findings(proposal, draft)})


def _time(proposal: Proposal) -> dict[str, Any]:
    kept = ("suggested_at", "suggested_reason", "at", "not_before")
    return {name: getattr(proposal, name) for name in kept}


def _leans(proposal: Proposal, draft: Draft | None) -> list[LeansOn]:
    text = draft.content.text if draft else proposal.text
    return [
        LeansOn(
            line=text[slice(*each.span)] if each.span else "", title=each.title, quote=each.quote, origin=each.origin
        )
        for each in proposal.receipts
    ]


def _findings(proposal: Proposal, draft: Draft | None) -> tuple[Found, ...]:
    return tuple(
        Found(
            rule=each.rule,
            severity=each.severity,
            message=each.message,
            words=_words(each, draft),
            means=PASSED[each.severity],
        )
        for each in proposal.findings
    )


def _words(finding: Finding, draft: Draft | None) -> str:
    whole = getattr(draft.content, finding.field, "") if draft else ""
    return str(whole)[slice(*finding.span)] if finding.span and isinstance(whole, str) else ""


def _angle(hand: Hand, proposal: Proposal, draft: Draft | None) -> dict[str, Any] | None:
    plan = hand.context.memory.briefs.plan(proposal.brief_id)
    named = draft.angle_id if draft else None
    found = next((each for each in plan.angles if each.id == named), None) if plan else None
    return found.model_dump(mode="json", exclude={"id"}) if found else None


def _cost(hand: Hand, proposal: Proposal) -> tuple[UsageShare, ...]:
    memory = hand.context.memory
    rows = memory.usage.list(hand.workspace, proposal.brief_id)
    each = shares(rows, "proposal", proposals=memory.proposals.list(hand.workspace, brief_id=proposal.brief_id))
    return tuple(share for share in each if share.key == proposal.id)
