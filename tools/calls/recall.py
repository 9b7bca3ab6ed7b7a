"""Find past works."""

from typing import TYPE_CHECKING

from core.works import Recalled
from tools.calls.hand import Hand, as_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def recall(query: str, k: int = 5) -> str:
        """Search the creator's own past work by meaning and words.

        Use it for every question about what they made or said. Returns works, best first, with id, title, date, score
        and the passages that fit; `did` is how one did, where that is known. `k` is how many works, 1 to 20.
        """
        works = hand.context.memory.recall(hand.workspace, query, k=max(1, min(k, MOST)))
        did = hand.context.memory.outcomes.in_words(hand.workspace, [work.work_id for work in works])
        return as_json({"results": [_result(work, did[work.work_id]) for work in works]})

    return recall


MOST = 20


def _result(work: Recalled, did: str) -> dict[str, object]:
    return {
        "work_id": work.work_id,
        "title": work.title,
        "published_at": work.published_at.date().isoformat() if work.published_at else None,
        "score": round(work.score, 3),
        "did": did or None,
        "passages": [passage.text for passage in work.passages[:2]],
    }
