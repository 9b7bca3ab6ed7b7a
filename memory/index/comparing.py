"""Two embedding models over the same works: how alike is what they find for the same questions?"""

from collections.abc import Sequence

from core.base import Noun

DEPTH = 25
"""Works looked at for each question."""


class Comparison(Noun):
    """How alike two models' answers are. `same_first`: share of questions whose best work is the same."""

    questions: int
    overlap: float  # mean share of the first DEPTH works that both find
    same_first: float


def compare(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> Comparison:
    """Compare two lists of found ids for each question, best first."""
    pairs = list(zip(old, new, strict=True))
    if not pairs:
        return Comparison(questions=0, overlap=1.0, same_first=1.0)
    overlaps = [len(set(a) & set(b)) / max(len(a), len(b), 1) if a or b else 1.0 for a, b in pairs]
    return Comparison(
        questions=len(pairs),
        overlap=round(sum(overlaps) / len(pairs), 4),
        same_first=round(sum(list(a[:1]) == list(b[:1]) for a, b in pairs) / len(pairs), 4),
    )
