"""A voice in plain sentences, for a person to recognise and a model to follow."""

from collections.abc import Iterator, Sequence

import numpy as np

from memory.voice.background import Background
from memory.voice.evidence import Array, word_weights
from memory.voice.features import NAMES
from memory.voice.function_words import FUNCTION_WORDS
from memory.voice.profile import Habit, Register, shown

STANDING_OUT = 3
"""How many habits that are more frequent than in other authors are named, and how many that are rarer."""

_TELLING = 0.7
"""How far from other authors, in their own spread, a habit has to be."""

FAVOURITES, OFTEN = 5, 0.05
"""How many small words are named, and how often at least (per 100 words) each must stand in the works."""

_SAID_ALREADY = frozenset(
    {
        *("fragments", "short_sentences", "middle_sentences", "long_sentences", "very_long_sentences"),
        *("exclamations", "questions", "emoji", "contractions", "contracted", "first_person", "we", "you"),
        *("serial_commas", "british", "short_words"),
    }
)


def summary(register: Register, habits: Sequence[Habit], background: Background, *, english: bool) -> tuple[str, ...]:
    """Return sentences with the rates they rest on; in other languages than English only what names no words."""
    by_name = {habit.feature: habit for habit in habits}
    lines = [*_shape(register, by_name), *_marks(by_name)]
    if english:
        lines += [*_manner(by_name), *_small_words(register, background)]
    return (*lines, *_standing_out(habits, background))


def _shape(register: Register, by_name: dict[str, Habit]) -> Iterator[str]:
    sentences = by_name["fragments"].opportunities
    short = (by_name["fragments"].count + by_name["short_sentences"].count) / sentences
    long = (by_name["long_sentences"].count + by_name["very_long_sentences"].count) / sentences
    yield (f"Sentences average {register.words / sentences:.0f} words; {_part(short)} under 10, {_part(long)} over 25.")
    yield f"A piece is usually about {_rounded(register.words / register.works)} words long."


def _part(share: float) -> str:
    if share < 0.02:
        return "hardly any are"
    if share > 0.95:
        return "nearly all are"
    return f"{100 * share:.0f} in 100 are" if share < 0.095 else f"{round(10 * share)} in 10 are"


def _rounded(words: float) -> int:
    step = 10 if words < 200 else 50
    return max(step, round(words / step) * step)


def _marks(by_name: dict[str, Habit]) -> Iterator[str]:
    for name, rare, often in (("exclamations", 1.0, 8.0), ("questions", 1.5, 10.0), ("emoji", 0.02, 0.5)):
        habit = by_name[name]
        how = "Rarely uses" if habit.yours < rare else "Often uses" if habit.yours > often else "Now and then uses"
        if habit.count == 0:
            yield f"Never uses {habit.label}."
        else:
            yield f"{how} {habit.label} ({shown(habit.yours)} per 100 {habit.per})."


def _manner(by_name: dict[str, Habit]) -> Iterator[str]:
    choice = by_name.get("contracted")
    if choice:
        rate = by_name["contractions"].yours
        how = "Uses" if choice.yours >= 60 else "Avoids" if choice.yours < 15 else "Mixes full forms with"
        yield f"{how} contractions ({shown(rate)} per 100 words; {choice.yours:.0f} of 100 times it could)."
    yield _person(by_name["first_person"], by_name["we"])
    you = by_name["you"]
    if you.yours >= 0.3:
        yield f"Speaks to the reader as “you” ({shown(you.yours)} per 100 words)."
    serial = by_name.get("serial_commas")
    if serial and serial.opportunities >= 10 and not 30 < serial.yours < 70:
        how = "Puts a" if serial.yours >= 70 else "Puts no"
        yield f"{how} comma before the last item of a list ({serial.yours:.0f} of 100 lists have one)."
    british = by_name.get("british")
    if british and british.opportunities >= 5 and not 20 < british.yours < 80:
        yield f"Spells the {'British' if british.yours >= 80 else 'American'} way."


def _person(i: Habit, we: Habit) -> str:
    if max(i.yours, we.yours) < 0.3:
        return "Hardly ever speaks as “I” or “we”."
    more, less = (i, we) if i.yours >= we.yours else (we, i)
    names = {i.feature: "I", we.feature: "we"}
    rates = f"({shown(more.yours)} per 100 words) more than “{names[less.feature]}” ({shown(less.yours)})"
    return f"Speaks as “{names[more.feature]}” {rates}."


def _small_words(register: Register, background: Background) -> Iterator[str]:
    """Name the small words that tell the author from others by their count, not those that hardly occur."""
    counts = np.array(register.function_words, dtype=float)
    gain: Array = (counts / counts.sum() - background.prior.words) * word_weights(background.prior, register.known)
    often = 100 * counts / counts.sum() >= OFTEN
    more = counts / counts.sum() > background.prior.words
    order = [int(number) for number in np.argsort(-gain[:-1]) if often[number] and more[number]]
    if order:
        words = ", ".join(f"“{FUNCTION_WORDS[number]}”" for number in order[:FAVOURITES])
        yield f"Leans on the small words {words}."


def _standing_out(habits: Sequence[Habit], background: Background) -> Iterator[str]:
    """Name the habits that are furthest from other authors', in their own spread."""
    shape = dict(zip(NAMES, background.prior.shape, strict=True))

    def distance(habit: Habit) -> float:
        # on a logarithmic scale a Gamma law's spread is about 1 over the root of its shape
        smooth = 0.1 * habit.others
        return float(np.log((habit.yours + smooth) / (habit.others + smooth)) * np.sqrt(shape[habit.feature]))

    telling = [habit for habit in habits if habit.feature not in _SAID_ALREADY and habit.opportunities >= 20]
    order = sorted((habit for habit in telling if abs(distance(habit)) >= _TELLING), key=distance)
    more = [habit for habit in reversed(order) if distance(habit) > 0][:STANDING_OUT]
    fewer = [habit for habit in order if distance(habit) < 0][:STANDING_OUT]
    for how, found in (("More", more), ("Fewer", fewer)):
        for habit in found:
            rates = f"{shown(habit.yours)} per 100 {habit.per} (others {shown(habit.others)})"
            yield f"{how} {habit.label} than others: {rates}."
