"""The creator's own tags, and which of them fit a text."""

import re
from collections import defaultdict
from collections.abc import Sequence

from core.works import Recalled
from tools.context import Context

NEAR = 1.0  # a tag on the nearest work; on the n-th nearest it weighs 1/n
MENTION = 1.5  # a tag that the text names


def own_tags(context: Context, workspace: str, text: str, recalled: Sequence[Recalled]) -> list[tuple[str, float]]:
    """Return the creator's tags by fit: carried by the nearest works (nearer counts more) and named in the text.

    Works that may not be used lend none.
    """
    fit: defaultdict[str, float] = defaultdict(float)
    for rank, work in enumerate(recalled, start=1):
        for tag in work.tags:
            fit[tag] += NEAR / rank
    revoked = context.memory.consents.revoked_works(workspace)
    usable = (work for work in context.memory.works.list(workspace) if work.id not in revoked)
    for tag in {tag for work in usable for tag in work.tags}:
        if names(text, tag):
            fit[tag] += MENTION
    return sorted(fit.items(), key=lambda item: (-item[1], item[0]))


def names(text: str, tag: str) -> bool:
    """Say whether the text names the tag as a whole word or phrase, in any case."""
    return re.search(rf"(?<!\w){re.escape(tag)}(?!\w)", text, re.IGNORECASE) is not None
