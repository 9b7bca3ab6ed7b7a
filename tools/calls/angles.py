"""Find angles, before anything is drafted."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from core.base import Noun
from core.errors import WrongUse
from core.proposals import Proposal
from tools.calls.asking import Default, question_for
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Arguments(BaseModel):
    """What the tool takes."""

    ask: str = Field(default="", description="what to announce or tell, in the person's own words")
    source: str | None = Field(default=None, description="the id of a past work, or the material itself")
    channels: list[str] | None = Field(default=None, description="only if the person named them")
    locales: list[str] | None = Field(default=None, description="only if the person named languages")


class Way(Noun):
    """One angle."""

    id: str
    title: str
    premise: str
    work_ids: tuple[str, ...] = ()
    kind: str = ""  # remix: it crosses two works that are far apart


class Result(Noun):
    """The angles, and the proposal on whose card a person chooses; or a question with its default."""

    proposal_id: str = ""
    angles: tuple[Way, ...] = ()
    notices: tuple[str, ...] = ()
    question: str = ""
    default: Default | None = None
    proposals: tuple[str, ...] = ()  # the ids of what waits


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make
    from langgraph.prebuilt import InjectedState

    class Called(Arguments):
        state: Annotated[dict[str, Any] | None, InjectedState] = None

    @make(args_schema=Called)
    def angles(
        ask: str = "",
        source: str | None = None,
        channels: list[str] | None = None,
        locales: list[str] | None = None,
        state: dict[str, Any] | None = None,
    ) -> str:
        """Find three ways to tell it, each with the past pieces it leans on, before anything is drafted.

        Use it where the person wants to choose first. They choose on the angles' card; the drafts come of that. Where
        the ask says too little it returns a `question` and a `default`, as `brief` does.
        """
        needed = question_for(hand, ask, source, (state or {}).get("messages", ()))
        if needed and needed.question:
            return as_json(Result(question=needed.question, default=needed.default))
        if needed and needed.default is None:
            raise WrongUse("There is nothing to find angles for: the ask names nothing, and there is no past work.")
        taken = needed.default if needed else None
        proposals, notices = hand.start(
            taken.ask if taken else ask,
            source=taken.source if taken else source,
            channels=channels,
            locales=locales,
            variants=1,
            stop_at="angles",
        )
        return as_json(_result(proposals, notices))

    return angles


def _result(proposals: list[Proposal], notices: list[str]) -> Result:
    proposal = proposals[0]
    ways = tuple(
        Way.model_validate({name: value for name, value in each.items() if name in Way.model_fields})
        for each in proposal.payload["angles"]
    )
    return Result(proposal_id=proposal.id, angles=ways, notices=tuple(notices), proposals=(proposal.id,))
