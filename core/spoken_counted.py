"""Days that are counted from another one, or by their number alone: a week from Tuesday, mardi en huit, the 3rd."""

from datetime import date
from typing import NamedTuple

import regex

from core.errors import BadInput

_NUMBERS = {
    **dict.fromkeys("a one einer eine en una uma un une en een".split(), 1),  # noqa: SIM905 - words are read as words
    **dict.fromkeys("two zwei deux dos due dois duas twee to två".split(), 2),  # noqa: SIM905
    **dict.fromkeys("three drei trois tres tre três drie".split(), 3),  # noqa: SIM905
}
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_FROM = regex.compile(
    rf"(?:in )?{_COUNT} (?P<unit>day|week|fortnight)s? "
    r"(?:(?:from|after|on|following) (?P<day>.+)|(?P<near>today|tomorrow))",
    regex.IGNORECASE,
)
_COUNTED_WEEKS = regex.compile(
    rf"(?:in|dans|en|em|tra|fra|om|over|dentro de|about) {_COUNT} "
    r"(?:wochen?|weken|weeks?|semaines?|semanas?|settiman[ae]|uker?|uge|uger|veckor|vecka)",
    regex.IGNORECASE,
)
_A_WEEK_ON = regex.compile(r"(?P<day>\S+) (?:week|en huit)", regex.IGNORECASE)  # Tuesday week, mardi en huit
_FORTNIGHT_ON = regex.compile(r"(?P<day>\S+) (?:fortnight|en quinze)", regex.IGNORECASE)
_NTH = regex.compile(
    r"(?:(?:on|for) )?(?:the )?(?P<one>\d{1,2})(?:st|nd|rd|th)"
    r"|(?:le|am|den|el|il|dia|día|el día|no dia|em|giorno|il giorno) (?P<two>\d{1,2})(?:\.|er|º|ª)?"
    r"|(?:op )?de (?P<three>\d{1,2})e|(?P<four>\d{1,2})[日号號일]",
    regex.IGNORECASE,
)
_NOT_A_DAY = frozenset({"next", "this", "last", "every", "coming", "the"})


class After(NamedTuple):
    """So many days after a day that words name."""

    days: int
    day: str


def weeks_after(words: str) -> After | None:
    """Return what "a week from Tuesday" counts from, and how far; None for words that count from no day."""
    if found := _FROM.fullmatch(words):
        return After(_count(found["count"]) * _DAYS[found["unit"].lower()], found["day"] or found["near"])
    for pattern, days in ((_A_WEEK_ON, 7), (_FORTNIGHT_ON, 14)):
        found = pattern.fullmatch(words)
        if found and not found["day"].isdigit() and found["day"].casefold() not in (*_NOT_A_DAY, *_NUMBERS):
            return After(days, found["day"])
    return None


def says_how_many(words: str) -> bool:
    """Say whether weeks are counted: "in two weeks" is a day, "next week" is none."""
    return regex.search(r"\d", words) is not None or _COUNTED_WEEKS.match(words) is not None


def day_of_month(words: str) -> int | None:
    """Return the number of a day without its month: the 3rd, le 3, am 3., 3日; None where words say something else."""
    found = _NTH.fullmatch(" ".join(words.split()).strip(" ,").removesuffix("の"))
    return int(next(filter(None, found.groups()))) if found else None


def coming(number: int, today: date) -> tuple[date, date]:
    """Return the next two days of that number from today on. BadInput where no month has one."""
    found: list[date] = []
    for ahead in range(5):  # of five months at most two have no 31st
        months = today.year * 12 + today.month - 1 + ahead
        try:
            day = date(months // 12, months % 12 + 1, number)
        except ValueError:
            continue
        if day >= today:
            found.append(day)
    if len(found) < 2:
        raise BadInput(f"No month has a day {number}.", "Check the day.")
    return found[0], found[1]


def _count(said: str) -> int:
    return int(said) if said.isdigit() else _NUMBERS[said.casefold()]
