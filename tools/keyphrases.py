"""What a text is about, in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.keyphrases import Phrase, Usage, order, phrases, shipped
from core.languages import detect
from models.open import Embed

_ABOUT_WORDS = 200  # of a text are embedded: what the model reads at once
_MOST = 120  # candidates that are embedded: those said early and often


@dataclass(frozen=True)
class Keyphrase:
    """A phrase as it stands in the text, how well it says what the text is about, and where it stands."""

    text: str
    score: float
    spans: tuple[tuple[int, int], ...]


def keyphrases(
    embed: Embed, text: str, k: int = 10, *, language: str | None = None, usage: Usage | None = None
) -> list[Keyphrase]:
    """Return up to `k` phrases of a text, best first, no two of one stem; none in a language that can't be cut.

    `usage` is how words are used in the creator's own works, besides what ships.
    """
    spoken = language or detect(text) or "en"
    known = shipped().with_(usage) if usage else shipped()
    found = _worth_embedding(phrases(text, known, spoken.split("-", maxsplit=1)[0].lower()))
    if not found:
        return []
    ranked = order(found, nearness(embed, text, [phrase.text for phrase in found]), known, len(text.split()))
    return _once(ranked)[:k]


def nearness(embed: Embed, text: str, names: Sequence[str]) -> list[float]:
    """Return the cosine of each name with how the text begins."""
    about: Any = embed([" ".join(text.split()[:_ABOUT_WORDS]), *names])
    return [float(value) for value in about[1:] @ about[0]]


def stems(phrase: str) -> str:
    """Return a phrase with each word's stem, by Porter's rules for English, in lower case."""
    stemmer = _stemmer()
    return " ".join(stemmer.stemWord(word) for word in phrase.lower().split())


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("porter")


def _worth_embedding(found: list[Phrase]) -> list[Phrase]:
    """Return the candidates of a long text that may win: those said often, and else those said first."""
    if len(found) <= _MOST:
        return found
    kept = sorted(found, key=lambda phrase: (-len(phrase.starts), phrase.starts[0]))[:_MOST]
    return sorted(kept, key=lambda phrase: phrase.starts[0])


def _once(ranked: Sequence[tuple[Phrase, float]]) -> list[Keyphrase]:
    best: dict[str, Keyphrase] = {}
    for phrase, score in ranked:
        best.setdefault(stems(phrase.key), Keyphrase(phrase.text, round(score, 4), phrase.spans))
    return list(best.values())
