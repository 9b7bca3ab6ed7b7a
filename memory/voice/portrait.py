"""A creator's works, read once: the voiceprint, and the passages and openings that show it."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from core.works import Work
from memory.voice.background import Background
from memory.voice.measuring import ENGLISH, Measured, Read, habits, read, register
from memory.voice.profile import LEAST_WORKS, Exemplar, Voiceprint, VoiceProfile
from memory.voice.registers import LEAST_WORDS, key_of
from memory.voice.speakers import own_words
from memory.voice.summary import summary
from memory.voice.windows import window

EXEMPLARS, EXEMPLAR_WORDS = 5, 80
OPENINGS, OPENING_WORDS = 5, range(4, 31)

TYPICAL = 75
"""The percentile that exemplars are taken around: clearly this voice, and not its most extreme moment."""


def portray(works: Sequence[Work], background: Background, names: Sequence[str] = ()) -> Voiceprint:
    """Measure works (newest first) against a background: one voice a language, and one a register that shows.

    The profile is of the language that most works are in. `names` are those that the creator goes by.
    """
    texts = read(works, names)
    silent = sum(own_words(work, names) is None for work in works)
    groups = _groups(texts)
    if not groups:
        return Voiceprint(profile=VoiceProfile(works=0, words=0, language=None, enough=False, not_measured=silent))
    found = {key: register(group, background, english=_language(key) == ENGLISH) for key, group in groups.items()}
    profiles = {key: _profile(_language(key), groups[key], measured, background) for key, measured in found.items()}
    largest = next(iter(groups))
    registers = {key.partition("/")[2]: each for key, each in profiles.items() if key.startswith(f"{largest}/")}
    return Voiceprint(
        profile=profiles[largest].model_copy(update={"registers": registers, "not_measured": silent}),
        registers={key: measured.register for key, measured in found.items()},
        ears={key: measured.ear.data for key, measured in found.items() if measured.ear},
    )


def _groups(texts: Sequence[Read]) -> dict[str, list[Read]]:
    """Return texts by language, the largest first, and by register within it where there are enough of them."""
    groups: dict[str, list[Read]] = {}
    for language, many in Counter(text.language for text in texts).most_common():
        whole = [text for text in texts if text.language == language]
        groups[language] = whole
        for name in sorted({text.register for text in whole}):
            part = [text for text in whole if text.register == name]
            words = sum(text.measure.words for text in part)
            if LEAST_WORKS <= len(part) < many and words >= LEAST_WORDS:
                groups[key_of(language, name)] = part
    return groups


def _language(key: str) -> str:
    return key.partition("/")[0]


def _profile(language: str, texts: Sequence[Read], whole: Measured, background: Background) -> VoiceProfile:
    measured, own = whole.register, whole.own
    found = habits(measured, background, english=language == ENGLISH)
    return VoiceProfile(
        works=measured.works,
        words=measured.words,
        language=language,
        enough=measured.works >= LEAST_WORKS,
        summary=summary(measured, found, background, english=language == ENGLISH),
        exemplars=_exemplars(texts, own[100]),
        openings=_openings(texts),
        habits=found,
    )


def _exemplars(texts: Sequence[Read], own: dict[int, float]) -> tuple[Exemplar, ...]:
    """Return passages of different works whose voice is clear but typical; of short works, the newest."""
    order = list(range(len(texts)))
    if own:
        typical = float(np.percentile(list(own.values()), TYPICAL))
        order = sorted(own, key=lambda place: (abs(own[place] - typical), place))
    passages = ((texts[place].work_id, _passage(texts[place])) for place in order)
    return tuple([Exemplar(work_id=work_id, text=text) for work_id, text in passages if text[:1].isupper()][:EXEMPLARS])


def _passage(text: Read) -> str:
    """Return whole sentences from a work's measured window, at most 80 words; empty where the first is longer."""
    start, _ = window(text.prose, 100) or (0, 0)
    so_far = accumulate(len(sentence) for sentence in text.prose.sentences[start:])
    fitting = sum(words <= EXEMPLAR_WORDS for words in so_far)
    return " ".join(text.prose.lines[start : start + fitting])


def _openings(texts: Sequence[Read]) -> tuple[str, ...]:
    """Return first sentences that begin as most of the works do, the newest first, two for each first word."""
    first = [text.prose.slice(0, 1) for text in texts if len(text.prose.sentences[0]) in OPENING_WORDS]
    common = Counter(prose.lower[0] for prose in first)
    taken: Counter[str] = Counter()
    chosen: list[str] = []
    for prose in sorted(first, key=lambda prose: -common[prose.lower[0]]):
        taken[prose.lower[0]] += 1
        if taken[prose.lower[0]] <= 2:
            chosen.append(prose.text)
    return tuple(chosen[:OPENINGS])
