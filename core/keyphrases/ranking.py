"""Which phrases say what a text is about: near its meaning, said early, more than one word, not too many, rare."""

from collections.abc import Sequence
from statistics import fmean, pstdev

from core.keyphrases.chunks import Phrase
from core.keyphrases.usage import Usage

NEAR, TIMES, LATE, SINGLE, RARE, LONG, PART = 1.0, 0.2, -1.1, -1.0, 0.2, -1.35, -0.6
"""The recipe's weights: few and round."""

MANY_WORDS = 4
"""Words from which a phrase is long."""


def order(found: Sequence[Phrase], near: Sequence[float], usage: Usage, words: int) -> list[tuple[Phrase, float]]:
    """Return phrases with their scores, best first. `near` is the cosine of each with the text, `words` its length."""
    if not found:
        return []
    scores = [
        NEAR * z + _score(phrase, usage, words) + PART * _is_part(phrase, found)
        for phrase, z in zip(found, _standard(near), strict=True)
    ]
    return sorted(zip(found, scores, strict=True), key=lambda pair: (-pair[1], pair[0].starts[0]))


def _score(phrase: Phrase, usage: Usage, words: int) -> float:
    parts = phrase.key.split()
    rarity = fmean(usage.rarity(part) for part in parts)
    return (
        TIMES * len(phrase.starts)
        + LATE * phrase.starts[0] / max(1, words)
        + SINGLE * (len(parts) == 1)
        + RARE * rarity
        + LONG * (len(parts) >= MANY_WORDS)
    )


def _is_part(phrase: Phrase, found: Sequence[Phrase]) -> bool:
    inside = f" {phrase.key} "
    return any(inside in f" {other.key} " for other in found if other is not phrase)


def _standard(values: Sequence[float]) -> list[float]:
    mean, spread = fmean(values), pstdev(values)
    return [(value - mean) / spread if spread else 0.0 for value in values]
