"""The generic-writing risk of a text: 0 to 100, why, and the places that can be mended.

50 is the level that one in twenty of the reference texts reaches: the creator's own where there are enough, else other
people's. It says how a text reads, never who or what wrote it: plenty of people write this way on a bad day.
"""

import math
from typing import Any, Literal

from pydantic import Field

from core.base import Noun
from core.drafts import Finding
from memory.generic.baseline import Usual, between, load
from memory.generic.own import Own
from memory.generic.places import places
from memory.generic.signals import SIGNALS, Array, levels
from memory.voice.measuring import ENGLISH, language_of
from memory.voice.prose import Prose, written

LEAST_WORDS = 40
"""Below this there is no score: single places are all that can be told."""

ONE_IN_TWENTY = 1.645
"""Standard deviations above the usual that one in twenty of the reference texts reaches."""

RAISED, HIGH = 50.0, 80.0
"""From here on a text reads more generic than usual; from here on clearly so."""

STEEPNESS = 1.3
REASONS = 4


class GenericRisk(Noun):
    """How generic a text reads. `score` is None where nothing can be said; `reason` says why."""

    score: float | None
    verdict: Literal["low", "raised", "high", "not_measured"]
    relative_to: str  # "your works" / "other people's texts"
    works: int  # of the creator, that it was held against
    words: int
    reason: str = ""
    signals: dict[str, float] = Field(default_factory=dict)  # what raises it and what lowers it, in weighted deviations
    findings: tuple[Finding, ...] = ()


def risk(text: str, own: Own | None = None, locale: str | None = None) -> GenericRisk:
    """Return the risk of a text (Markdown or plain), relative to a creator's own works if they are given."""
    prose = Prose.of(written(text))
    against: dict[str, Any] = {
        "relative_to": "your works" if own else "other people's texts",
        "works": own.works if own else 0,
    }
    words = len(prose.words)
    if language_of(prose, locale) != ENGLISH:
        return _not_measured(words, "Only English is measured: the lists and habits behind it are English.", against)
    if words < LEAST_WORDS:
        few = _not_measured(words, f"{words} words are too few to say anything: it takes {LEAST_WORDS}.", against)
        return few.model_copy(update={"findings": places(text)})
    usual = own.at(words) if own else between(load(), words)
    found = levels(prose)
    score = round(100 / (1 + math.exp(-STEEPNESS * (usual.deviation(found) - ONE_IN_TWENTY))), 1)
    return GenericRisk(
        score=score, verdict=_verdict(score), words=words, signals=_signals(usual, found), findings=places(text),
        **against,
    )  # fmt: skip


def why(found: GenericRisk) -> str:
    """Return what raises a risk most, in words."""
    labels = {signal.name: signal.label for signal in SIGNALS}
    raising = [name for name, value in found.signals.items() if value > 0][:REASONS]
    more = [labels[name] for name in raising if _raises(name)]
    less = [labels[name] for name in raising if not _raises(name)]
    parts = [*([f"more {', '.join(more)}"] if more else []), *([f"fewer {', '.join(less)}"] if less else [])]
    return "; ".join(parts)


def _raises(name: str) -> bool:
    return next(signal.sign for signal in SIGNALS if signal.name == name) > 0


def _verdict(score: float) -> Literal["low", "raised", "high"]:
    return "high" if score >= HIGH else "raised" if score >= RAISED else "low"


def _signals(usual: Usual, found: Array) -> dict[str, float]:
    said = usual.says(found)
    order = sorted(range(len(SIGNALS)), key=lambda place: -said[place])
    return {SIGNALS[place].name: round(float(said[place]), 2) for place in order}


def _not_measured(words: int, reason: str, against: dict[str, Any]) -> GenericRisk:
    return GenericRisk.model_validate(
        {"score": None, "verdict": "not_measured", "words": words, "reason": reason, **against}
    )
