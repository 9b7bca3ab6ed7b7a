"""The day in a person's words: next Tuesday, 24.12., morgen, in 3 days, le 5 décembre, 11月24日.

Weekdays and dates in figures are read here; month names and "tomorrow" in other languages are dateparser's. What it
guesses (a month without a day, a day that is past, a number that may be anything) is not taken for an answer.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import regex

from core import spoken_counted
from core.errors import BadInput

LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "nb", "sv", "da", "fi", "pl", "cs", "ru", "uk", "tr", "ja", "zh"),
    *("ko", "ar"),
)
"""In which languages days are understood: the workspace's first, then in this order."""

_NEXT = (
    *("next", "nächsten", "nächste", "nächster", "prochain", "prochaine", "próximo", "proximo", "próxima", "proxima"),
    *("prossimo", "prossima", "volgende", "neste", "nästa", "næste", "przyszły", "następny", "следующий", "наступний"),
    *("następną", "przyszłą", "следующую", "příští", "gelecek"),
)
_WEEK = ("week", "woche", "semaine", "semana", "settimana", "uke", "vecka", "uge")
_COMING = ("this", "coming", "on", "kommenden", "diesen", "am", "ce", "este", "komende", "på", "den", "le", "el")
_SMALL = regex.compile(
    r"(?:^(?:on|of|am|an|den|le|la|el|il|op|på|the|um|w|we|в|во|у|v|ve)\s+|[\s,]+(?:at|um|à|om|kl\.?|o|v|в)$|の$)",
    regex.IGNORECASE,
)
_ISO = regex.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FIGURES = regex.compile(r"(?P<one>\d{1,2})(?P<sign>[./-])\s?(?P<two>\d{1,2})(?:(?P=sign)\s?(?P<year>\d{4}|\d{2})?)?")
_TWO_NUMBERS = regex.compile(
    r"\d{1,2}\D{1,6}\p{L}[\p{L}.]+[ ,]*['’]?\d{2}|\p{L}[\p{L}.]+ \d{1,2}(?:st|nd|rd|th)?[ ,]+['’]?\d{2}"
)
"""1 dec 26, dec 1, 26: the last two figures may be a year."""

_WHOLE_YEAR = "Write the year with four digits: 24 November 2026, or 2026-11-24."
_CJK = regex.compile(r"(?:(?P<year>\d{4})[年년]\s?)?(?P<month>\d{1,2})[月월]\s?(?P<day>\d{1,2})[日일号號]")
_TOO_LITTLE = {
    "month": "a month, not a day",
    "week": "a week, not a day",
    "year": "a year, not a day",
    "part_of_day": "a part of a day, not a time of day",
}
_IN_TWO_DAYS = (
    *("pasado mañana", "i overmorgen", "i övermorgon", "après-demain", "dopodomani", "depois de amanhã"),
    *("あさって", "後天", "모레", "ylihuomenna", "öbür gün", "day after tomorrow"),
)
"""What dateparser does not know, or not in all spellings."""


Date = date  # in `Day`, `date` is its field


class Day(NamedTuple):
    """A day, and how it was read where that is not plain. `again`: when it comes next, where it may be today too."""

    date: date
    note: str = ""
    again: Date | None = None


def day_in(said: str, today: date, locale: str = "en") -> Day:
    """Return the day that words name, seen from `today`; a weekday may be today's. BadInput names the words."""
    words = _bare(said)
    if not words:
        raise BadInput("It names no day.", "Say which: today 9:00, tomorrow 9:00, 2026-11-24 9:00.")
    if counted := _counted(said, words, today, locale):
        return counted
    language = locale.replace("_", "-").partition("-")[0].lower()
    weekday, rest = _weekday_first(words, language)
    if weekday is None:
        return _figures(words, today, locale) or _spoken(words, today, language)
    if not rest.words:
        return _coming(weekday, rest.next, today, words)
    if rest.next and rest.words.casefold() in _WEEK:
        return _of_next_week(weekday, today)
    if number := spoken_counted.day_of_month(rest.words):
        return _weekday_of_the_month(weekday, number, today, words)
    found = _figures(rest.words, today, locale) or _spoken(rest.words, today, language)
    if found.date.weekday() != weekday:
        raise _another_weekday(found.date, words)
    return found


def _another_weekday(day: date, words: str) -> BadInput:
    return BadInput(
        f"{day:%d %B %Y} is a {day:%A}, and {words!r} says another day of the week.", "Leave one of them out."
    )


def _counted(said: str, words: str, today: date, locale: str) -> Day | None:
    if found := spoken_counted.weeks_after(words):
        return _after(day_in(found.day, today, locale), found, words)
    if number := spoken_counted.day_of_month(said) or spoken_counted.day_of_month(words):
        return _of_the_month(number, today, words)
    return None


def _after(day: Day, found: spoken_counted.After, words: str) -> Day:
    """Return the day so many days after another one; where that one may be today, this one has two readings too."""
    later = day.date + timedelta(days=found.days)
    note = f"“{words}” is read as {said_day(later)}, counted from {said_day(day.date)}."
    return Day(later, note, day.again + timedelta(days=found.days) if day.again else None)


def _of_the_month(number: int, today: date, words: str) -> Day:
    """Return the coming day of that number: "the 3rd". It may be today: then it is not plain which is meant."""
    first, then = spoken_counted.coming(number, today)
    if first == today:
        return Day(first, "", then)
    return Day(first, f"“{words}” is read as the coming one, {said_day(first)}.")


def _weekday_of_the_month(weekday: int, number: int, today: date, words: str) -> Day:
    """Return the coming day of that number, which must be that day of the week: "Thursday the 3rd"."""
    first, _ = spoken_counted.coming(number, today)
    if first.weekday() != weekday:
        raise _another_weekday(first, words)
    return Day(first)


class _Rest(NamedTuple):
    words: str
    next: bool


def _bare(said: str) -> str:
    words, before = " ".join(said.split()).strip(" ,"), None
    while words != before:
        before, words = words, _SMALL.sub("", words).strip(" ,")
    return words


def _weekday_first(words: str, language: str) -> tuple[int | None, _Rest]:
    """Return the weekday that words name (first or last), and what else they say."""
    parts = words.split()
    is_next = any(part.casefold() in _NEXT for part in parts)
    plain = [part for part in parts if part.casefold().strip(",") not in (*_NEXT, *_COMING)]
    known = _weekdays(language)
    for at in dict.fromkeys((0, len(plain) - 1)):
        if plain and (found := known.get(plain[at].casefold().strip(",."))) is not None:
            return found, _Rest(" ".join(plain[:at] + plain[at + 1 :]).strip(" ,"), is_next)
    return None, _Rest(words, is_next)


@lru_cache(maxsize=8)
def _weekdays(language: str) -> dict[str, int]:
    """Return the days of the week by name: short ones of English and one more language, whole ones of all."""
    from babel import Locale, UnknownLocaleError

    known: dict[str, int] = {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3, "sonnabend": 5}
    for code in dict.fromkeys((language, *LANGUAGES)):
        try:
            days = Locale.parse(code).days["format"]
        except (UnknownLocaleError, ValueError):
            continue
        for width in ("wide", "abbreviated") if code in (language, "en") else ("wide",):
            for number, name in days[width].items():
                known.setdefault(name.casefold().strip("."), number)
                known.setdefault(name.casefold().removesuffix("-feira"), number)
    return known


def _coming(weekday: int, is_next: bool, today: date, words: str) -> Day:
    ahead = (weekday - today.weekday()) % 7
    day = today + timedelta(days=ahead)
    if not is_next or not ahead:
        return Day(day, again=None if ahead else day + timedelta(days=7))
    after = day + timedelta(days=7)
    note = f"“{words}” is read as the coming one, {said_day(day)}; the one after is {said_day(after)}."
    return Day(day, note)


def _of_next_week(weekday: int, today: date) -> Day:
    day = today - timedelta(days=today.weekday()) + timedelta(days=7 + weekday)
    note = f"Weeks are read as beginning on Monday: {said_day(day)}." if 6 in (weekday, today.weekday()) else ""
    return Day(day, note)


def _figures(words: str, today: date, locale: str) -> Day | None:
    if found := _ISO.fullmatch(words):
        return Day(_made(words, *map(int, found.groups())))
    if found := _CJK.fullmatch(words):
        year = int(found["year"]) if found["year"] else None
        return Day(_ahead(words, year, int(found["month"]), int(found["day"]), today))
    found = _FIGURES.fullmatch(words)
    if not found:
        return None
    one, two = int(found["one"]), int(found["two"])
    if found["year"] and len(found["year"]) == 2:
        raise BadInput(f"{words!r} has two figures that may be a year, or a day.", _WHOLE_YEAR)
    year = int(found["year"]) if found["year"] else None
    if found["sign"] == "." or one > 12:
        return Day(_ahead(words, year, two, one, today))
    if two > 12:
        return Day(_ahead(words, year, one, two, today))
    return _either(words, one, two, year, today, locale)


def _either(words: str, one: int, two: int, year: int | None, today: date, locale: str) -> Day:
    """Return what 03/04 means by the locale's own order; without a country, English has two: it is asked."""
    day_first, month_first = (_ahead(words, year, two, one, today), _ahead(words, year, one, two, today))
    if one == two:
        return Day(day_first)
    order = _order(locale)
    if order is None:
        raise BadInput(
            f"{words!r} may be {said_day(day_first)} or {said_day(month_first)}.",
            f"Write {day_first.isoformat()} or {month_first.isoformat()}.",
        )
    chosen, other = (day_first, month_first) if order == "day" else (month_first, day_first)
    return Day(chosen, f"“{words}” is read as {said_day(chosen)}, {order} first as in {locale}; not {said_day(other)}.")


def _order(locale: str) -> str | None:
    if locale.lower() == "en":
        return None
    from babel import Locale, UnknownLocaleError

    try:
        pattern = Locale.parse(locale.replace("-", "_")).date_formats["short"].pattern
    except (UnknownLocaleError, ValueError):
        return None
    return "day" if pattern.lower().find("d") < pattern.find("M") else "month"


def _spoken(words: str, today: date, language: str) -> Day:
    """Return the day that dateparser reads in words, if it is one day, and not a guess into the past."""
    if words.casefold() in _IN_TWO_DAYS:
        return Day(today + timedelta(days=2))
    if not regex.search(r"\p{L}", words):
        raise BadInput(f"{words!r} is no day.", "Say which: today, friday, 24 November, 2026-11-24.")
    if _TWO_NUMBERS.fullmatch(words):
        raise BadInput(f"{words!r} has two figures that may be a year, or a day.", _WHOLE_YEAR)
    found = _parser(language, datetime.combine(today, time(0))).get_date_data(words)
    if found.date_obj is None:
        raise BadInput(f"{words!r} is not understood.", "Say which day: today, friday, 24 November, 2026-11-24.")
    counted = found.period == "week" and spoken_counted.says_how_many(words)
    if found.period != "day" and not counted:
        what = _TOO_LITTLE.get(found.period, "no day")
        if found.period == "month" and regex.search(r"\d", words):
            what = "a day without its month"
        raise BadInput(f"{words!r} is {what}.", "Say which day: friday, 24 November, 2026-11-24.")
    day = found.date_obj.date()
    if day == _a_year_later(today) and not regex.search(r"\d{4}", words):
        day = today  # "prefer the future" skips today
    if day < today and not regex.search(r"\d{4}", words):
        raise BadInput(
            f"{words!r} is read as {said_day(day)}, which is past.", f"Write the day as {today.isoformat()}."
        )
    return Day(day)


def _a_year_later(today: date) -> date | None:
    try:
        return today.replace(year=today.year + 1)
    except ValueError:  # 29 February
        return None


def span_in(words: str, language: str) -> timedelta | None:
    """Return the span of hours and minutes that words name ("in 2 Stunden"); None where they name none."""
    if regex.search(r"\d[:.]\d", words) or not regex.search(r"\p{L}", words):
        return None
    spans = {_span(words, language, base) for base in (datetime(2024, 1, 10), datetime(2024, 5, 17, 13, 37))}
    span = spans.pop()
    # the same from two moments: what names a day or an hour besides is no span
    return span if not spans and span is not None and span > timedelta(0) else None


def _span(words: str, language: str, base: datetime) -> timedelta | None:
    found = _parser(language, base, ("relative-time",)).get_date_data(words)
    if found.date_obj is None or found.period != "time":
        return None
    span: timedelta = found.date_obj - base
    return span


@lru_cache(maxsize=16)
def _parser(language: str, base: datetime, parsers: tuple[str, ...] = ("relative-time", "absolute-time")) -> Any:
    from dateparser.date import DateDataParser

    settings = {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": "future",
        "RETURN_TIME_AS_PERIOD": True,
        "RETURN_AS_TIMEZONE_AWARE": False,
        "TIMEZONE": "UTC",
        "PARSERS": list(parsers),
    }
    order = [*dict.fromkeys((language, *LANGUAGES))] if language in LANGUAGES else list(LANGUAGES)
    return DateDataParser(languages=order, use_given_order=True, try_previous_locales=False, settings=settings)


def _ahead(words: str, year: int | None, month: int, day: int, today: date) -> date:
    """Return a date; without a year, the next one that is not past."""
    if year is not None:
        return _made(words, year, month, day)
    for number in range(today.year, today.year + 9):  # 29 February comes within eight years
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise BadInput(f"There is no {words!r} in the calendar.", "Check the day and the month.")


def _made(words: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput(f"There is no {words!r} in the calendar.", "Check the day and the month.") from None


def said_day(day: date) -> str:
    """Return a day so that nobody can take it for another: "Tue 24 Nov 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"
