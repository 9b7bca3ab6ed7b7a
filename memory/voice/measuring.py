"""From works to totals: what voice reads of them, and how far the creator's own works stand from others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.works import Work
from memory.voice.background import LENGTHS, Background, Counted
from memory.voice.evidence import Array, Known
from memory.voice.features import FEATURES, Measure, measure
from memory.voice.fitting import left_out, rows, stack, total
from memory.voice.learning import Ear
from memory.voice.profile import LEAST_WORKS, Habit, Register
from memory.voice.prose import Prose, common_lines, is_english, without_lines, written
from memory.voice.registers import register_of
from memory.voice.scale import Scale, evidence
from memory.voice.speakers import own_words
from memory.voice.studying import Studied, study, windows_of

ENGLISH = "en"

LEAST_WORDS = 15
"""A shorter text is not a work to measure, and not a draft to judge."""

_TRUST = 5.0
"""How many works it takes for a creator's own distinctiveness to outweigh the usual one."""

Own = dict[int, dict[int, float]]
"""By length, by place among the works read: how a window of that work scores when the rest of the works is known."""


@dataclass(frozen=True)
class Read:
    """A work as voice reads it."""

    work_id: str
    prose: Prose
    language: str
    register: str
    measure: Measure


def read(works: Sequence[Work], names: Sequence[str] = ()) -> list[Read]:
    """Return the prose of works in their order, without lines that many of them share; very short ones are left out.

    Of a transcript only what the creator says is read: `names` are those that they go by, besides the work's authors.
    """
    spoken = [(work, said) for work in works if (said := own_words(work, names)) is not None]
    texts = [written(said) for _, said in spoken]
    shared = common_lines(texts)
    proses = (Prose.of(without_lines(text, shared)) for text in texts)
    return [
        Read(work.id, prose, language_of(prose, work.language), register_of(work), measure(prose))
        for (work, _), prose in zip(spoken, proses, strict=True)
        if len(prose.words) >= LEAST_WORDS
    ]


def language_of(prose: Prose, stated: str | None) -> str:
    """Return a text's language as a primary subtag; unstated, it is English or `und`."""
    if stated:
        return stated.replace("_", "-").split("-")[0].lower()
    return ENGLISH if is_english(prose.lower) else "und"


@dataclass(frozen=True)
class Measured:
    """What is kept of works of one language, what was learnt from them, and how each stands among the others."""

    register: Register
    ear: Ear | None
    own: Own


def register(texts: Sequence[Read], background: Background, *, english: bool) -> Measured:
    """Measure works of one language against a background, and learn from them where there are enough."""
    whole = stack([text.measure for text in texts])
    known = total(whole)
    studied = study(texts, background) if english and len(texts) >= LEAST_WORKS else Studied()
    scale = Scale.of(background, known, studied.others, english=english)
    own = {length: _own_z(texts, whole, scale, background, length, studied, english=english) for length in LENGTHS}
    measured = Register(
        works=len(texts),
        words=sum(text.measure.words for text in texts),
        counts=_whole_numbers(known.counts),
        opportunities=_whole_numbers(known.opportunities),
        function_words=_whole_numbers(known.function_words),
        levels=tuple(tuple(float(number) for number in level) for level in scale.levels),
        distinct=_distinct(own, background, english=english),
    )
    return Measured(measured, studied.ear, own)


def _whole_numbers(totals: Array) -> tuple[int, ...]:
    return tuple(int(number) for number in totals)


def _own_z(
    texts: Sequence[Read],
    whole: Counted,
    scale: Scale,
    background: Background,
    length: int,
    studied: Studied,
    *,
    english: bool,
) -> dict[int, float]:
    windows = windows_of([text.prose for text in texts], length)
    if not windows:
        return {}
    counted = stack([measure(texts[place].prose.slice(*span)) for place, span in windows.items()])
    rest: Known = left_out(total(whole), rows(whole, np.array(list(windows))))
    found = evidence(background, rest, counted, studied.own.get(length), english=english)
    return dict(zip(windows, scale.z(found, length).tolist(), strict=True))


def _distinct(own: Own, background: Background, *, english: bool) -> float:
    """Return how far the creator's works stand from others', 1 being usual; a few works hardly move it."""
    usual = background.english if english else background.any_language
    ratios = [z / usual.gap[place] for place, length in enumerate(LENGTHS) for z in own[length].values()]
    weight = _TRUST * len(LENGTHS)
    return float(np.clip((weight + sum(ratios)) / (weight + len(ratios)), 0.4, 3.0))


def habits(measured: Register, background: Background, *, english: bool) -> tuple[Habit, ...]:
    """Return the rate of each feature that has an opportunity, in the table's order."""
    others = background.prior.shape / background.prior.exposure
    return tuple(
        Habit(
            feature=feature.name,
            label=feature.label,
            per=feature.per,
            count=count,
            opportunities=chances,
            yours=100 * count / chances,
            others=100 * float(rate),
        )
        for feature, count, chances, rate in zip(FEATURES, measured.counts, measured.opportunities, others, strict=True)
        if chances and (english or not feature.english)
    )
