"""Why a text scores as it does: its strongest evidence, each with the text's rate and the creator's own."""

import re
from collections.abc import Iterator

import numpy as np

from core.drafts import VoiceReason
from memory.voice.features import FEATURES, Measure
from memory.voice.function_words import FUNCTION_WORDS
from memory.voice.profile import Register, shown
from memory.voice.scale import Evidence

FOR, AGAINST = 4, 2
"""How many reasons speak for the verdict, and how many for the other one."""

MOST_WORDS = 2
"""Of them on single small words: a habit says more to a person."""

WORD = "word:"
"""How the feature of a reason on one small word begins."""

NOTHING = 0.02
"""Less than this, in deviations, is not worth a sentence."""

_QUOTED = re.compile("“(.+?)”")
_RATE = re.compile(r" (?:under )?\d")
_CAPITAL = frozenset(("i", "i'd", "i'll", "i'm", "i've"))


def reasons(register: Register, text: Measure, shares: Evidence, *, off: bool) -> tuple[VoiceReason, ...]:
    """Return the reasons, the strongest for the verdict first; `off` says that the verdict is off_voice.

    A rate is per 100 opportunities, unrounded: 100 × count ÷ opportunities in the text, or over all the works.
    """
    values = np.concatenate([shares.style, shares.words[:-1]]) * (-1 if off else 1)
    order = [int(number) for number in np.argsort(-values)]
    speaking = _distinct(_reason(register, text, number) for number in order if values[number] > NOTHING)
    contrary = _distinct(_reason(register, text, number) for number in reversed(order) if values[number] < -NOTHING)
    return (*speaking[:FOR], *contrary[:AGAINST])


def _distinct(found: Iterator[VoiceReason]) -> list[VoiceReason]:
    """Leave out what names the same thing, or one of the same words, as a stronger reason."""
    kept: list[VoiceReason] = []
    named: set[str] = set()
    for reason in found:
        names = _names(reason)
        small_words = sum(other.feature.startswith(WORD) for other in kept)
        if not names & named and (small_words < MOST_WORDS or not reason.feature.startswith(WORD)):
            kept.append(reason)
            named |= names
        if len(kept) == FOR:
            break
    return kept


def _names(reason: VoiceReason) -> set[str]:
    """Return the words that a reason quotes, or the thing it counts where it quotes none."""
    quoted = set(_QUOTED.findall(reason.text.lower()))
    return quoted or {_RATE.split(reason.text, maxsplit=1)[0]}


def _reason(register: Register, text: Measure, number: int) -> VoiceReason:
    if number < len(FEATURES):
        return _style_reason(register, text, number)
    return _word_reason(register, text, number - len(FEATURES))


def _style_reason(register: Register, text: Measure, number: int) -> VoiceReason:
    feature = FEATURES[number]
    draft = _rate(text.counts[number], text.opportunities[number])
    yours = _rate(register.counts[number], register.opportunities[number])
    return _said(feature.name, feature.label, feature.per, draft, yours)


def _word_reason(register: Register, text: Measure, number: int) -> VoiceReason:
    word = FUNCTION_WORDS[number]
    draft = _rate(text.function_words[number], text.words)
    label = f"“{word[0].upper() + word[1:] if word in _CAPITAL else word}”"
    return _said(WORD + word, label, "words", draft, _rate(register.function_words[number], register.words))


def _rate(count: float, chances: float) -> float:
    return 100 * float(count) / float(chances) if chances else 0.0


def _said(feature: str, label: str, per: str, draft: float, yours: float) -> VoiceReason:
    text = f"{label} {shown(draft)} per 100 {per}, yours {shown(yours)}"
    return VoiceReason(feature=feature, draft=draft, yours=yours, text=text)
