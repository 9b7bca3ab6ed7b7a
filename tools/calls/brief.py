"""Start a brief, or ask the one question that it needs."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from core.base import Noun
from core.drafts import Dimension
from core.errors import WrongUse
from tools.calls.asking import Default, question_for
from tools.calls.hand import Card, Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


class Arguments(BaseModel):
    """What the tool takes."""

    ask: str = Field(default="", description="what to announce or tell, in the person's own words")
    source: str | None = Field(
        default=None, description="the id of a past work, or the material itself (a transcript, an article)"
    )
    channels: list[str] | None = Field(default=None, description="only if the person named them")
    locales: list[str] | None = Field(default=None, description="BCP 47 codes, only if the person named languages")
    variants: int = Field(default=1, ge=1, le=5, description="how many versions of each draft")
    vary: Dimension | None = Field(default=None, description="what the versions differ in, and nothing else")


class Result(Noun):
    """What it came to: drafts that wait, or a question with the default that is proposed."""

    proposals: tuple[Card, ...] = ()
    notices: tuple[str, ...] = ()
    question: str = ""
    default: Default | None = None


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make
    from langgraph.prebuilt import InjectedState

    class Called(Arguments):
        state: Annotated[dict[str, Any] | None, InjectedState] = None

    @make(args_schema=Called)
    def brief(
        ask: str = "",
        source: str | None = None,
        channels: list[str] | None = None,
        locales: list[str] | None = None,
        variants: int = 1,
        vary: Dimension | None = None,
        state: dict[str, Any] | None = None,
    ) -> str:
        """Draft for the creator's channels from what they want to announce or tell. The drafts wait for a person.

        Call it even where the ask says too little: it then returns one `question` to ask the person, with the `default`
        that you propose. Ask it in those words; a yes starts the default. It asks once, then takes the default.
        """
        asked = Arguments(ask=ask, source=source, channels=channels, locales=locales, variants=variants, vary=vary)
        needed = question_for(hand, asked.ask, asked.source, (state or {}).get("messages", ()))
        if needed and needed.question:
            return as_json(Result(question=needed.question, default=needed.default))
        if needed and needed.default is None:
            raise WrongUse("There is nothing to draft from: the ask names nothing, and there is no past work.")
        taken = needed.default if needed else None
        proposals, notices = hand.start(
            taken.ask if taken else asked.ask,
            source=taken.source if taken else asked.source,
            channels=asked.channels,
            locales=asked.locales,
            variants=asked.variants,
            vary=asked.vary,
        )
        return as_json(Result(proposals=tuple(map(card, proposals)), notices=tuple(notices)))

    return brief
