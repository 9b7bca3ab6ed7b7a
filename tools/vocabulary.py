"""The creator's own tags: which of them fit a text, and which a model may be told."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

from core.works import Recalled
from tools.context import Context

NEAR = 1.0  # a tag on the nearest work; on the n-th nearest it weighs 1/n
MENTION = 1.5  # a tag that the text names
_AS_ASCII = str.maketrans("\u0130\u0131\u017f\u212a", "iisk")


def withheld(context: Context, workspace: str) -> frozenset[str]:
    """Return the works whose tags are told to no model: without consent, and private ones where one may be hosted."""
    revoked = frozenset(context.memory.consents.revoked_works(workspace))
    return revoked | context.memory.privacy.works(workspace) if context.model.is_hosted else revoked


def told_tags(context: Context, workspace: str) -> Callable[[str], bool]:
    """Return whether a model may be told a tag, as a question: one that private works alone have names what they are.

    Where no model is hosted, each may be.
    """
    if not context.model.is_hosted or not context.memory.privacy.works(workspace):
        return lambda _: True
    kept_out = withheld(context, workspace)
    works = (work for work in context.memory.works.list(workspace) if work.id not in kept_out)
    told = {tag.casefold() for work in works for tag in work.tags}
    return lambda tag: tag.casefold() in told


def own_tags(
    context: Context, workspace: str, text: str, recalled: Sequence[Recalled], *, private: bool = False
) -> list[tuple[str, float]]:
    """Return the creator's tags by fit: carried by the nearest works (nearer counts more) and named in the text.

    Works that may not be used lend none; nor do private ones, but for a request that is `private` itself.
    """
    fit: defaultdict[str, float] = defaultdict(float)
    for rank, work in enumerate(recalled, start=1):
        for tag in work.tags:
            fit[tag] += NEAR / rank
    kept_out = context.memory.consents.revoked_works(workspace) if private else withheld(context, workspace)
    usable = (work for work in context.memory.works.list(workspace) if work.id not in kept_out)
    for tag in {tag for work in usable for tag in work.tags}:
        if names(text, tag):
            fit[tag] += MENTION
    return sorted(fit.items(), key=lambda item: (-item[1], item[0]))


def names(text: str, tag: str) -> bool:
    """Say whether the text names the tag as a whole word or phrase, in any case."""
    if tag.isascii() and tag.lower() not in _lower(text):
        return False  # most of ten thousand tags: a pattern for each would take a second for each brief
    return re.search(rf"(?<!\w){re.escape(tag)}(?!\w)", text, re.IGNORECASE) is not None


@lru_cache(maxsize=8)
def _lower(text: str) -> str:
    """Return a text as a pattern sees it that knows no case: four letters of other alphabets count as ASCII's."""
    return text.translate(_AS_ASCII).lower()
