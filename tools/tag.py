"""Tag a text: the creator's own vocabulary first, then what the text is about in its own words."""

from dataclasses import dataclass
from typing import Any

from core.metadata import metadata_of
from tools.context import Context
from tools.keyphrases import keyphrases, stems

OWN, KEYPHRASE = "own", "keyphrase"


@dataclass(frozen=True)
class Tag:
    """A tag, how well it fits (0..1 relative to the best of its source), where it is from, and why it is there."""

    tag: str
    score: float
    source: str
    why: str = ""


def tag(context: Context, workspace: str, text: str, k: int = 10) -> list[Tag]:
    """Return up to `k` tags: the creator's own take the first half at most, unless the text gives too few others."""
    own = own_tags(context, workspace, text, k)
    mine = {stems(each.tag) for each in own}
    new = [each for each in _keyphrases(context, text, k + len(own)) if stems(each.tag) not in mine]
    first = own[: max((k + 1) // 2, k - len(new))]
    return [*first, *new[: k - len(first)]]


def own_tags(context: Context, workspace: str, text: str, k: int = 10) -> list[Tag]:
    """Return up to `k` of the creator's own tags, best first; none where there is no vocabulary yet."""
    found = context.memory.own_tags(workspace, text, k=k)
    reasons = ("your tag, on similar pieces", "your tag, named in the text")
    return [Tag(each.tag, each.score, OWN, reasons[each.named > 0]) for each in found]


def _keyphrases(context: Context, text: str, k: int) -> list[Tag]:
    found = keyphrases(context.memory.embed, text, k)
    if not found:
        return []
    best, worst = found[0].score, min(0.0, found[-1].score)
    span = (best - worst) or 1.0
    why = "says what the text is about"
    return [Tag(each.text, round((each.score - worst) / span, 3), KEYPHRASE, why) for each in found]


def metadata(text: str) -> dict[str, Any]:
    """Return what can be said about a text without a model."""
    return metadata_of(text).model_dump(mode="json")
