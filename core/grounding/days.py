"""Whole days in a text, in many languages: 3 March 2016, 2016-03-03, 3.3.16, 3月3日."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import regex

_ISO = regex.compile(r"(?<![\d/.-])(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?![\d/-]|\.\d)")
_FIGURES = regex.compile(
    r"(?<![\d/.-])(?P<one>\d{1,2})(?P<sign>[./-])\s?(?P<two>\d{1,2})(?P=sign)\s?(?P<year>\d{4}|\d{2})(?![\d/-]|\.\d)"
)
_CJK = regex.compile(r"(?:(?P<year>\d{4})\s?[年년]\s?)?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号號]")
_NTH = r"(?:st|nd|rd|th|\.|º|er)?"
_TO = r"(?:\s?(?:-|–|—|to|and|a|y|e|bis|und|au|et|til|og|tot|en)\s?(?:the\s)?(?P<last>\d{1,2})" + _NTH + r")?"
_SOON = (2_000, 1_900)  # what two figures of a year stand for: 16 is 2016, 87 is 1987
_TURN = 50

Part = tuple[int | None, int, int]
"""A year (None where it is not said), a month, a day."""


class Day(NamedTuple):
    """A day where it stands (end exclusive), and every day that it may mean: 3/4/2016 is one of two."""

    start: int
    end: int
    text: str
    means: frozenset[Part]


def find(text: str, language: str = "en") -> list[Day]:
    """Return the days of a text in order, those with a month's name in its language and in English."""
    found: list[Day] = []
    for day in sorted(_all(text, language), key=lambda each: (each.start, -each.end)):
        if day.means and not (found and found[-1].end > day.start):
            found.append(day)
    return found


def _all(text: str, language: str) -> Iterator[Day]:
    for match in _ISO.finditer(text):
        yield _day(match, [(int(match["year"]), int(match["month"]), int(match["day"]))])
    for match in _FIGURES.finditer(text):
        one, two = int(match["one"]), int(match["two"])
        yield _day(match, [(_year(match["year"]), *each) for each in ((one, two), (two, one))])
    for match in _CJK.finditer(text):
        yield _day(match, [(_year(match["year"]), int(match["month"]), int(match["day"]))])
    for pattern, months in map(_named, {language, "en"}):
        for match in pattern.finditer(text) if pattern else ():
            said = next(group for group in (match["month"], match["first"]) if group)
            days = [match[each] for each in ("day", "last", "day2", "last2") if match[each]]
            yield _day(match, product([_year(match["year"])], [months[said.casefold().rstrip(".")]], map(int, days)))


def _day(match: "regex.Match[str]", means: Iterable[Part]) -> Day:
    return Day(*match.span(), match[0], frozenset(each for each in means if _is_day(each)))


def _is_day(part: Part) -> bool:
    try:
        date(part[0] or 2024, part[1], part[2])  # 2024 has a 29 February
    except ValueError:
        return False
    return True


def _year(said: str | None) -> int | None:
    if not said:
        return None
    year = int(said)
    return year if len(said) == 4 else year + (_SOON[0] if year < _TURN else _SOON[1])


@lru_cache(maxsize=64)
def _named(language: str) -> "tuple[regex.Pattern[str] | None, dict[str, int]]":
    months = _months(language)
    if not months:
        return None, {}
    either = "|".join(sorted(map(regex.escape, months), key=len, reverse=True))
    of = r"(?:\s?(?:of|de|di|del|van))?"
    pattern = regex.compile(
        rf"(?:(?<![\d.,:/\p{{L}}-])(?P<day>\d{{1,2}}){_NTH}{_TO}{of}\s(?P<month>{either})\b\.?"
        rf"|\b(?P<first>{either})\b\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?{_TO.replace('last', 'last2')}"
        r"(?![\d:]|[.,]\d))"
        r"(?:(?:,|\s(?:de|del|of))?\s(?P<year>\d{4})(?!\d))?",
        regex.IGNORECASE,
    )
    return pattern, months


@lru_cache(maxsize=64)
def _months(language: str) -> dict[str, int]:
    """Return the names of the months by CLDR, long and short, in lower case without a full stop."""
    return {
        name.casefold().rstrip("."): month
        for width in ("wide", "abbreviated")
        for month, name in _calendar(language, "months", width)
        if name[:1].isalpha() and len(name) > 2
    } | ({"sept": 9} if language == "en" else {})


@lru_cache(maxsize=64)
def short_months(language: str) -> frozenset[str]:
    """Return the months' short names that are no whole ones."""
    whole = {name.casefold() for _, name in _calendar(language, "months", "wide")}
    return frozenset(_months(language)) - whole


@lru_cache(maxsize=64)
def weekdays(language: str) -> dict[str, int]:
    """Return the names of the days of the week by CLDR, long and short, in lower case; 0 is Monday."""
    wide = {name.casefold(): day for day, name in _calendar(language, "days", "wide")}
    short = {
        name.casefold().rstrip("."): day for day, name in _calendar(language, "days", "abbreviated") if len(name) > 2
    }
    return short | wide | ({"tues": 1, "thur": 3, "thurs": 3} if language == "en" else {})


def _calendar(language: str, kind: str, width: str) -> list[tuple[int, str]]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return []
    return [
        pair for context in ("format", "stand-alone") for pair in getattr(locale, kind)[context].get(width, {}).items()
    ]


def month_of(word: str, language: str) -> int | None:
    """Return which month a word of a language names; None for none."""
    return _months(language).get(word.casefold().rstrip("."))


def months_in(text: str, language: str) -> frozenset[int]:
    """Return the months that a text names, in its language or in English; `may` is one only with a capital."""
    return frozenset(
        month
        for each in {language, "en"}
        for match in (_month_words(each) or _NEVER).finditer(text)
        if (month := _months(each).get(match[0].casefold().rstrip("."))) and (match[0] != "may" or each != "en")
    )


_NEVER = regex.compile(r"(?!)")


@lru_cache(maxsize=32)
def _month_words(language: str) -> "regex.Pattern[str] | None":
    names = "|".join(sorted(map(regex.escape, _months(language)), key=len, reverse=True))
    return regex.compile(rf"\b(?:{names})\b", regex.IGNORECASE) if names else None
