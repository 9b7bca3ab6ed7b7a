"""A translation that says one thing twice where its source says two: a segment was doubled, and another one lost."""

from collections.abc import Sequence

from core.drafts import Finding
from core.translated import Segment

LEAST_REPEATED, LEAST_CHARACTERS = 3, 8
"""Words, or characters where none are spaced, from which two equal translations of two sources are no chance."""


def repeated(segments: Sequence[Segment]) -> dict[str, Finding]:
    """Return, by segment, that its translation is one before it again, where their sources are not: one got lost."""
    first: dict[str, tuple[int, str]] = {}
    found: dict[str, Finding] = {}
    for number, each in enumerate(segments, start=1):
        target, source = _folded(each.target), _folded(each.source)
        if len(target.split()) < LEAST_REPEATED and len(target) < LEAST_CHARACTERS:
            continue
        before, said = first.setdefault(target, (number, source))
        if said != source and _letters(said) != _letters(source):
            words = f"The translation is that of segment {before} again, and their sources differ."
            found[each.id] = Finding(rule="repeated_segment", severity="error", message=words)
    return found


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
