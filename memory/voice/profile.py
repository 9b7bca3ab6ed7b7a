"""The nouns of voice: habits, passages and sentences for people and models, and the totals behind a score."""

import numpy as np
from pydantic import Field

from core.base import Noun
from memory.voice.evidence import Known
from memory.voice.registers import asked_for
from memory.voice.scale import Scale

LEAST_WORKS = 10
"""Fewer works than this in a language say too little to judge by."""


class Habit(Noun):
    """One feature's rate in the creator's works, and among other authors."""

    feature: str
    label: str
    per: str
    count: int
    opportunities: int
    yours: float  # per 100 opportunities
    others: float

    @property
    def text(self) -> str:
        """The habit as a line: `commas 2.7 per 100 words, others 4.1`."""
        return f"{self.label} {shown(self.yours)} per 100 {self.per}, others {shown(self.others)}"


def shown(rate: float) -> str:
    """Return a rate as people read it: one decimal, two below 0.1, none where it is whole."""
    if rate == int(rate):
        return f"{rate:.0f}"
    if rate < 0.005:
        return "under 0.01"
    return f"{rate:.2f}" if rate < 0.1 else f"{rate:.1f}"


class Exemplar(Noun):
    """A passage of at most 80 words that shows the voice."""

    work_id: str
    text: str


class Register(Noun):
    """What is measured in one language, or one register of it: totals, and what other authors' texts get from them."""

    works: int
    words: int
    counts: tuple[int, ...]
    opportunities: tuple[int, ...]
    function_words: tuple[int, ...]
    levels: tuple[tuple[float, ...], ...]
    distinct: float  # how far the creator's own works stand apart, 1 being usual

    @property
    def known(self) -> Known:
        """The totals as arrays."""
        return Known(
            *(np.array(total, dtype=float) for total in (self.counts, self.opportunities, self.function_words))
        )

    @property
    def scale(self) -> Scale:
        """The scale as an array."""
        return Scale(np.array(self.levels))


class VoiceProfile(Noun):
    """A voice for people and models to read: sentences about it, passages that show it, and the rates behind."""

    works: int
    words: int
    language: str | None  # the one that most works are in, which all of this is about
    enough: bool  # whether a text in that language can be judged
    summary: tuple[str, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    openings: tuple[str, ...] = ()
    habits: tuple[Habit, ...] = ()
    registers: dict[str, "VoiceProfile"] = Field(default_factory=dict)  # posts, newsletters …, where works show them
    not_measured: int = 0  # transcripts in which nobody is known to be the creator

    def on(self, channel: str | None) -> "VoiceProfile":
        """Return the profile of the register that a channel is written in, or of all works where it has none."""
        return self.registers.get(asked_for(channel) or "", self)


class Voiceprint(Noun):
    """A voice as it is kept: the profile, and the totals by language and register that texts are scored with."""

    profile: VoiceProfile
    registers: dict[str, Register] = Field(default_factory=dict)
    ears: dict[str, bytes] = Field(default_factory=dict, exclude=True)  # what was learnt, beside the registers
