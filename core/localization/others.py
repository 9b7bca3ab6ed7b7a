"""A translation that is none of its source: it belongs to another segment, or most of it is missing.

Then everything else that differs follows from that: one finding says more than five.
"""

import math
from collections.abc import Iterable

from core.drafts import Finding
from core.localization import lengths
from core.localization.pair import Pair

FAR = 1.0
"""Log ratio to the usual length from which a translation is not merely short or long: a third of it, or three times."""

FEWEST = 25  # letters of the source, below which most of it may be a name
MORE = 60  # letters that a translation must have more than usual

_FOLLOWS = frozenset({"end_punctuation", "added_number", "added_link", "localized_link", "kept_less_often", "spacing"})
"""What follows from a translation that is of something else."""

_FOLLOWS_FROM_LITTLE = _FOLLOWS | {"do_not_translate", "glossary", "markup", "truncation"}
"""And from one of which most is missing. What has to be put in as it is (links, placeholders …) is still named."""


def told_once(pair: Pair, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a pair; where it is hardly one, that is said, and not what follows from it."""
    before, after = lengths.size(pair, pair.source), lengths.size(pair, pair.target)
    usual = lengths.usual(pair, before)
    far = math.log(max(after, 1) / usual) if usual else 0.0
    if before >= FEWEST and far <= -FAR:
        message = "Most of the source is missing in the translation: was it cut, or is it another segment's?"
        return _instead(found, _FOLLOWS_FROM_LITTLE, Finding(rule="truncation", severity="error", message=message))
    if far >= FAR and after - usual >= MORE:
        message = "The translation says far more than its source: does it belong to another segment?"
        return _instead(found, _FOLLOWS, Finding(rule="other_text", severity="warning", message=message))
    return tuple(found)


def _instead(found: Iterable[Finding], following: frozenset[str], said: Finding) -> tuple[Finding, ...]:
    return (*(each for each in found if each.rule not in following), said)
