"""Tag a text with the creator's own vocabulary."""

from dataclasses import dataclass
from typing import Any

from tools.context import Context
from tools.vocabulary import names, own_tags

_QUERY_WORDS = 120
_WORDS_A_MINUTE = 230


@dataclass(frozen=True)
class Tag:
    """A tag, how well it fits (0..1 relative to the best), and why it is there."""

    tag: str
    score: float
    source: str


def tag(context: Context, workspace: str, text: str, k: int = 10) -> list[Tag]:
    """Return up to `k` of the creator's own tags for a text, best first; nothing where there is no vocabulary yet."""
    query = " ".join(text.split()[:_QUERY_WORDS])
    if not query:
        return []
    ranked = own_tags(context, workspace, text, context.memory.recall(workspace, query, k=10))[:k]
    best = ranked[0][1] if ranked else 1.0
    return [Tag(name, round(score / best, 3), _why(text, name)) for name, score in ranked]


def _why(text: str, name: str) -> str:
    return "your tag, named in the text" if names(text, name) else "your tag, on similar pieces"


def metadata(text: str) -> dict[str, Any]:
    """Return what can be counted without a model: words, and minutes to read."""
    words = len(text.split())
    return {"words": words, "reading_minutes": max(1, round(words / _WORDS_A_MINUTE)) if words else 0}
