"""Find past works."""

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.base import Noun
from core.works import Recalled
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

MOST = 20
PASSAGES = 2


class Arguments(BaseModel):
    """What the tool takes."""

    query: str = Field(min_length=1, description="what to look for, in words")
    k: int = Field(default=5, description="how many works, 1 to 20")
    before: date | None = Field(default=None, description="only works that were published before this day")


class Piece(Noun):
    """A past work that fits. `did`: how it did, where that is known."""

    work_id: str
    title: str
    published_at: date | None = None
    url: str | None = None
    score: float
    did: str | None = None
    passages: tuple[str, ...] = ()


class Result(Noun):
    """The works, best first."""

    results: tuple[Piece, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def recall(query: str, k: int = 5, before: date | None = None) -> str:
        """Search the creator's own past work by meaning and words.

        Use it for every question about what they made or said. Returns works, best first, with id, title, date, score
        and the passages that fit; `did` is how one did, where that is known. `k` is how many works, 1 to 20.
        """
        until = datetime.combine(before, time(), UTC) if before else None
        works = hand.context.memory.recall(hand.workspace, query, k=max(1, min(k, MOST)), before=until)
        did = hand.context.memory.outcomes.in_words(hand.workspace, [work.work_id for work in works])
        return as_json(Result(results=tuple(_piece(work, did[work.work_id]) for work in works)))

    return recall


def _piece(work: Recalled, did: str) -> Piece:
    return Piece(
        work_id=work.work_id,
        title=work.title,
        published_at=work.published_at.date() if work.published_at else None,
        url=work.url,
        score=round(work.score, 3),
        did=did or None,
        passages=tuple(passage.text for passage in work.passages[:PASSAGES]),
    )
