"""How much a text sounds like the creator: 0 to 100, an interval, and reasons that anyone can recount.

A text's evidence, in deviations above other authors' texts of its length, is placed on a line where 0 is the usual
other author and 1 this creator. The shorter the text, the more its place is drawn to the middle and the wider the
interval. 50, the border between the two verdicts, is halfway between the creator and others who write about the same.
"""

from dataclasses import dataclass

import numpy as np

from core.drafts import VoiceScore
from memory.voice.background import Background, Counted
from memory.voice.features import Measure, measure
from memory.voice.learning import heard
from memory.voice.measuring import ENGLISH, LEAST_WORDS, language_of
from memory.voice.profile import LEAST_WORKS, Register, Voiceprint
from memory.voice.prose import Prose, written
from memory.voice.reasons import reasons
from memory.voice.registers import asked_for, key_of
from memory.voice.scale import Evidence, between, evidence

LONGEST = 300
"""A longer text is judged by its rates, as if it were this long: beyond, evidence was not calibrated."""

HALFWAY = 0.6
"""Between the creator (measured: 0.93) and the nearest texts by topic of others (0.2, more alike than the usual 0)."""

STEEPNESS, DEVIATION = 4.0, 0.7
"""Of the curve from place to score, and of places in general: fitted so that of texts with a score of 70, about seven
in ten were the author's and three were the nearest by topic of somebody else."""

REACH = 0.9
"""Deviations on either side of a score that held, for four posts of five, what the longer version of it scored."""

BORDER = 50
"""From here on a text is in voice."""


@dataclass(frozen=True)
class Place:
    """Where a text stands between the usual other author (0) and the creator (1), and how sure that is."""

    middle: float
    deviation: float

    @property
    def score(self) -> float:
        """The place as 0..100, to one decimal."""
        return _curve(self.middle)

    @property
    def interval(self) -> tuple[float, float]:
        """The scores that hold four such texts of five, if there were more of them to read."""
        reach = REACH * self.deviation
        return _curve(self.middle - reach), _curve(self.middle + reach)


@dataclass(frozen=True)
class Judgement:
    """A text against a register: what was counted in it, what each count says, and where that puts it."""

    text: Measure
    shares: Evidence
    place: Place


def score(
    voiceprint: Voiceprint, background: Background, text: str, locale: str | None = None, channel: str | None = None
) -> VoiceScore:
    """Score a text (Markdown or plain) against a voice; `not_enough` where the text or the works say too little.

    A `channel` asks for the register that it is written in; where the works show none, all of them are the measure.
    """
    prose, language = _read(text, locale)
    key, among = _measure_for(voiceprint, language, channel)
    register = voiceprint.registers.get(key)
    judged = _judge(voiceprint, key, background, prose)
    if register is None or judged is None:
        return VoiceScore(score=None, verdict="not_enough", interval=None, works=register.works if register else 0)
    off = judged.place.score < BORDER
    return VoiceScore(
        score=judged.place.score,
        verdict="off_voice" if off else "in_voice",
        interval=judged.place.interval,
        reasons=reasons(register, judged.text, judged.shares, off=off),
        works=register.works,
        among=among,
    )


def _measure_for(voiceprint: Voiceprint, language: str, channel: str | None) -> tuple[str, str | None]:
    """Return the key of the totals to score with, and the name of their register, None for all works."""
    name = asked_for(channel)
    key = key_of(language, name)
    return (key, name) if key in voiceprint.registers else (language, None)


def position(voiceprint: Voiceprint, background: Background, text: str, locale: str | None = None) -> Place | None:
    """Return where `score` puts a text, unrounded, or None where it refuses."""
    prose, language = _read(text, locale)
    judged = _judge(voiceprint, language, background, prose)
    return judged.place if judged else None


def _read(text: str, locale: str | None) -> tuple[Prose, str]:
    prose = Prose.of(written(text))
    return prose, language_of(prose, locale)


def _judge(voiceprint: Voiceprint, key: str, background: Background, prose: Prose) -> Judgement | None:
    register = voiceprint.registers.get(key)
    if register is None or register.works < LEAST_WORKS or len(prose.words) < LEAST_WORDS:
        return None
    english = key.partition("/")[0] == ENGLISH
    text, learnt = measure(prose), heard(voiceprint.ears.get(key), background, prose)
    found = evidence(background, register.known, _at_most(text, LONGEST), learnt, english=english)
    z = float(register.scale.z(found, text.words))
    place = _place(register, background, z, text.words, english=english)
    return Judgement(text, register.scale.shares(found, text.words), place)


def _at_most(text: Measure, words: int) -> Counted:
    """Return a text's counts, scaled down where it is longer, so that only its rates speak."""
    shrink = min(1.0, words / text.words)
    return Counted(text.counts * shrink, text.opportunities * shrink, text.function_words * shrink)


def _place(register: Register, background: Background, z: float, words: int, *, english: bool) -> Place:
    """Return where a text stands: what was found, drawn to the middle as far as its length leaves doubt."""
    usual = background.english if english else background.any_language
    gap = register.distinct * between(usual.gap, words)
    doubt = between(usual.spread, words) / gap * np.sqrt(max(1.0, 40 / words))
    trust = DEVIATION**2 / (DEVIATION**2 + doubt**2)
    return Place(float(HALFWAY + trust * (z / gap - HALFWAY)), float(doubt * np.sqrt(trust)))


def _curve(middle: float) -> float:
    return round(float(100 / (1 + np.exp(-STEEPNESS * (middle - HALFWAY)))), 1)
