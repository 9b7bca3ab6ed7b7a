"""Days in a draft that no source names, or that fell on another day of the week."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

import regex

from core.drafts import Finding
from core.grounding import days
from core.grounding.days import Day, Part
from core.grounding.ground import Ground, solid
from core.spans import Cover, Span

_BETWEEN = regex.compile(r"[\s,.()（）]{0,4}(?:(?:the|den|der|el|le|il|de)\s)?")
_YEAR_MONTH = regex.compile(r"(?<![\d/.-])(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?![\d-])")
"""A month of a year in figures, as pieces are dated where a language has no words of ours: 2025-11."""
_UNSPACED = frozenset({"ja", "zh", "ko", "th"})


def findings(text: str, known: Ground, language: str, said: Sequence[Day]) -> Iterator[Finding]:
    """Yield the days and days of the week that stand in none of the sources; `said` are the days of the text."""
    for day in said:
        if not _resolved(day, known):
            yield _finding(f"{day.text} stands in none of your sources.", day.start, day.end)
    for match in _YEAR_MONTH.finditer(text):
        if (int(match["year"]), int(match["month"])) not in {part[:2] for part in known.days}:
            yield _finding(f"{match[0]} stands in none of your sources.", *match.span())
    for match, number in _weekdays(text, language, said):
        near = _beside(match, said)
        if near is not None:
            if (fell := _fell_on(near, known)) and number not in fell:
                yield _finding(f"{near.text} is no {match[0]}.", *match.span())
        elif not _is_named(match[0], known):
            yield _finding(f"{match[0]} stands in none of your sources.", *match.span())


def spans(text: str, language: str, said: Sequence[Day]) -> list[Span]:
    """Return where days, months and days of the week stand: neither numbers nor names are looked for there."""
    months = [match.span() for match in _YEAR_MONTH.finditer(text)]
    weekdays = [match.span() for match, _ in _weekdays(text, language, said)]
    return [(day.start, day.end) for day in said] + months + weekdays


def _resolved(day: Day, known: Ground) -> set[Part]:
    """Return the days that a day of the draft is, of those that the sources name; empty for none."""
    found: set[Part] = set()
    for year, month, number in day.means:
        if year is None:
            found |= {each for each in known.days if each[1:] == (month, number)}
        elif (year, month, number) in known.days or ((None, month, number) in known.days and str(year) in known.units):
            found.add((year, month, number))
    return found


def _fell_on(day: Day, known: Ground) -> set[int]:
    """Return the days of the week that a day may have been; empty where its year is not known."""
    means = {each for each in (*_resolved(day, known), *day.means) if each[0] is not None}
    return {date(year, month, number).weekday() for year, month, number in means if year is not None}


def _weekdays(text: str, language: str, said: Sequence[Day]) -> "Iterator[tuple[regex.Match[str], int]]":
    pattern = _pattern(language)
    numbers, inside = days.weekdays(language), Cover((day.start, day.end) for day in said)
    for match in pattern.finditer(text) if pattern else ():
        word = match[0].casefold().rstrip(".")
        number = numbers.get(word, numbers.get(word.removesuffix("s")))
        whole = len(word) > 4 or language in _UNSPACED
        if number is not None and not inside.touches(*match.span()) and (whole or _beside(match, said) is not None):
            yield match, number


@lru_cache(maxsize=32)
def _pattern(language: str) -> "regex.Pattern[str] | None":
    names = sorted(map(regex.escape, days.weekdays(language)), key=len, reverse=True)
    if not names:
        return None
    either = "|".join(names)
    return regex.compile(either if language in _UNSPACED else rf"\b(?:{either})s?\b", regex.IGNORECASE)


def _beside(match: "regex.Match[str]", said: Sequence[Day]) -> Day | None:
    """Return the day that a day of the week belongs to: Thursday, March 3; 2016年3月3日木曜日."""
    text = match.string
    for day in said:
        between = text[match.end() : day.start] if match.end() <= day.start else text[day.end : match.start()]
        if len(between) < 10 and _BETWEEN.fullmatch(between):
            return day
    return None


def _is_named(word: str, known: Ground) -> bool:
    plain = solid(word)
    return plain in known.solid or plain.removesuffix("s") in known.solid


def _finding(message: str, start: int, end: int) -> Finding:
    return Finding(rule="invented_date", severity="warning", message=message, span=(start, end))
