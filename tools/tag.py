"""Tag a text: the creator's own vocabulary first, then what the text is about in its own words."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from core.briefs import Brief
from core.drafts import Draft
from core.errors import NotFound
from core.metadata import metadata_of
from core.tagged import SaidTag as Tag
from tools.context import Context
from tools.keyphrases import Keyphrase, keyphrases, stems
from tools.vocabulary import told_tags

__all__ = ["Tag", "combined", "draft_tags", "metadata", "own_tags", "phrases", "tag"]

LEAST_LIKE = 0.3
"""The cosine with a work that has a tag from which the text is like it at all; a tag that it names needs none."""

_STANDS_THERE = "stands there"


def tag(context: Context, workspace: str, text: str, k: int = 10, *, for_models: bool = False) -> list[Tag]:
    """Return up to `k` tags: the creator's own take the first half at most, unless the text gives too few others."""
    own = own_tags(context, workspace, text, k, for_models=for_models)
    return combined((), own, phrases(context, workspace, text, k + len(own)), k)


def combined(there: Sequence[str], own: Sequence[Tag], found: Sequence[Keyphrase], k: int) -> list[Tag]:
    """Return up to `k` tags: those that stand there all stay; own ones take half of what is left, then phrases."""
    kept = [Tag(tag=each, source="there", why=_STANDS_THERE) for each in there]
    left = max(0, k - len(kept))
    said = {stems(each.tag) for each in kept}
    mine = [each for each in own if stems(each.tag) not in said]
    said |= {stems(each.tag) for each in mine}
    new = [each for each in _as_tags(found) if stems(each.tag) not in said]
    first = mine[: max((left + 1) // 2, left - len(new))][:left]
    return [*kept, *first, *new[: left - len(first)]]


def own_tags(
    context: Context,
    workspace: str,
    text: str,
    k: int = 10,
    *,
    title: str = "",
    authors: Sequence[str] = (),
    for_models: bool = False,
) -> list[Tag]:
    """Return up to `k` of the creator's own tags, best first; none where there is no vocabulary yet.

    `for_models`: only those that a model may be told, as what comes of it is read by one.
    """
    may_be_told = told_tags(context, workspace) if for_models else lambda _: True
    found = [
        each
        for each in context.memory.own_tags(workspace, text, title=title, authors=authors, k=k)
        if (each.named or each.like >= LEAST_LIKE) and may_be_told(each.tag)
    ]
    reasons = ("your tag, on similar pieces", "your tag, named in the text")
    return [Tag(tag=each.tag, score=each.score, source="own", why=reasons[each.named > 0]) for each in found]


def draft_tags(context: Context, brief: Brief, draft: Draft, k: int, *, for_models: bool) -> tuple[str, ...]:
    """Return up to `k` own tags for a draft, ranked with its title and whose material it is made from."""
    content, authors = draft.content, _whose(context, brief)
    found = own_tags(
        context, draft.workspace, content.text, k, title=content.title, authors=authors, for_models=for_models
    )
    return tuple(each.tag for each in found)


def _whose(context: Context, brief: Brief) -> tuple[str, ...]:
    """Return who wrote what a brief is made from, else who asks for it: a name that no work carries weighs nothing."""
    names: tuple[str, ...] = ()
    if brief.source_work_id:
        with suppress(NotFound):  # forgotten meanwhile
            names = context.memory.works.get(brief.workspace, brief.source_work_id).authors
    elif brief.origin and brief.origin.own:
        names = brief.origin.authors
    return names or (brief.requested_by,)


def phrases(context: Context, workspace: str, text: str, k: int, *, language: str | None = None) -> list[Keyphrase]:
    """Return up to `k` keyphrases of a text, with words used as the creator's own works use them."""
    return keyphrases(context.memory.embed, text, k, language=language, usage=context.memory.own_usage(workspace))


def _as_tags(found: Sequence[Keyphrase]) -> list[Tag]:
    if not found:
        return []
    best, worst = found[0].score, min(0.0, found[-1].score)
    span = (best - worst) or 1.0
    why = "says what the text is about"
    return [
        Tag(tag=each.text, score=round((each.score - worst) / span, 3), source="keyphrase", why=why) for each in found
    ]


def metadata(text: str) -> dict[str, Any]:
    """Return what can be said about a text without a model."""
    return metadata_of(text).model_dump(mode="json")
