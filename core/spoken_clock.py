"""The time of day in a person's words: 9am, 18 Uhr, 18h30, kl. 9.15, a las 9, noon. Several languages, one reading.

A library that reads dates drops what it doesn't know of a time without a word ("morgen 18 Uhr" comes out as now,
tomorrow), so the time is read here, and a text without one is refused.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import regex

from core.errors import BadInput
from core.spoken_plainly import AT

_NAMED = {
    12: "noon midday mittag mittags midi mediodía mezzogiorno meio-dia middag południe polední полдень 正午 정오",
    0: "midnight mitternacht minuit medianoche mezzanotte meia-noite middernacht midnatt midnat północ полночь",
}
_HALF = r"(?P<half>[ap])\.?\s?m\b\.?"
_END = r"(?![\d:.]*\d)"
_BEGIN = r"(?<![\d:.,/-])"
_SPAN = r"(?<!\b(?:in|dans|en|d[’']ici|dentro de|em|daqui a|tra|fra|over|etter|efter|za|через|après) ?)"
"""Before hours that are a span: "dans 2 heures" is no 02:00."""

_O_CLOCK = r"(?:uhr|uur|heures?|horas|h|óra|hod\.?|godz\.?|часов|часа|o['’]clock)"
_HALVES = r"(?:y media|et demie?|e mezz[ao]|e meia|og en halv)"
_QUARTERS = r"(?:y cuarto|et quart|e un quarto)"

_FORMS = (
    rf"{_BEGIN}(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}}))?\s?{_HALF}",
    rf"{_BEGIN}(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::\d{{2}})?(?:\s?{_O_CLOCK}\b)?{_END}",
    r"(?<!\S)(?P<to_half>halb|halv)\s(?P<hour>\d{1,2})(?!\S)",
    r"(?<!\S)(?P<past>half past|(?:a\s)?quarter past|(?:a\s)?quarter to)\s(?P<hour>\d{1,2})(?!\S)",
    r"(?<!\S)(?P<to_half>half)(?<=\bom half)\s(?P<hour>\d{1,2})(?!\S)",
    rf"{_BEGIN}(?P<hour>\d{{1,2}})(?:\s?{_O_CLOCK})?\s(?:(?P<and_half>{_HALVES})|(?P<and_quarter>{_QUARTERS}))(?!\w)",
    rf"{_BEGIN}(?P<hour>\d{{1,2}})\s?(?:h|uhr|heures?)\s?(?P<minute>\d{{2}})\b",
    rf"{_BEGIN}(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})\s?{_O_CLOCK}(?!\w)",
    rf"{_BEGIN}{_SPAN}(?P<hour>\d{{1,2}})\s?{_O_CLOCK}(?!\w)",
    r"(?P<hour>\d{1,2})[時时点點시](?:(?P<minute>\d{1,2})[分분]|(?P<and_half>半|반))?",
    rf"(?<!\S)(?P<at>{AT})\s(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}}))?(?!\S)(?! min)",
    rf"{_BEGIN}(?P<hour>\d{{1,2}})\.(?P<minute>\d{{2}})(?![\d:./-])",
)
_PATTERNS = tuple(regex.compile(form, regex.IGNORECASE) for form in _FORMS)
_BEFORE = regex.compile(rf"(?<!\S){AT}[\s,]*$", regex.IGNORECASE)
_ANOTHER = regex.compile(
    rf"\d{{1,2}}:\d\d|\d\s?{_HALF}|\d\s?{_O_CLOCK}(?!\w)|(?<![\d])[-–]\s?\d{{1,2}}$", regex.IGNORECASE
)
_WHOLE_DAY = 24


class Clock(NamedTuple):
    """A time of day, what is left of the words without it, and how it was read where that is not plain."""

    time: time
    rest: str
    note: str = ""
    exact: bool = False  # written with am or pm, or by its name


def clock_in(said: str, *, parted: bool = False) -> Clock | None:
    """Return the time of day that a text names; None where it names none.

    BadInput for an hour that there isn't, for two of them, for "midnight", which may be the day's beginning or its
    end, and for a bare English "at 9", which is morning or evening; unless a part of the day tells (`parted`).
    """
    for hour, names in _NAMED.items():
        for name in names.split():
            if found := regex.search(rf"(?<!\w){name}(?!\w)", said, regex.IGNORECASE):
                if hour == 0:
                    raise BadInput(
                        f"{found[0]!r} may be the beginning of that day or its end.", "Write 0:00 and the day."
                    )
                return Clock(time(hour), _cut(said, found.start(), found.end()), "", True)
    for pattern in _PATTERNS:
        for found in pattern.finditer(said):
            if read := _read(said, found.groupdict(), found[0].strip(), parted):
                rest = _cut(said, found.start(), found.end())
                _refuse_a_second(said, rest)
                return Clock(read[0], rest, read[1], bool(found.groupdict().get("half")))
    return None


def _refuse_a_second(said: str, rest: str) -> None:
    """A time that is left over would be taken for something else: an offset, a year."""
    if found := _ANOTHER.search(rest):
        raise BadInput(f"{said!r} names two times: {found[0].strip()!r} too.", "Write one day and one time.")


def _read(said: str, parts: dict[str, str | None], shown: str, parted: bool) -> tuple[time, str] | None:
    hour, minute = int(parts["hour"] or 0), int(parts.get("minute") or 0)
    if half := (parts.get("half") or "").lower():
        if not 1 <= hour <= 12 or minute > 59:
            raise BadInput(f"{shown!r} in {said!r} is no time of day.", "Write 9am, 9:30 pm, or 21:30.")
        note = f"“{shown}” is read as {'noon' if half == 'p' else 'midnight'}." if hour == 12 else ""
        return time(hour % 12 + (12 if half == "p" else 0), minute), note
    if hour >= _WHOLE_DAY or minute > 59:
        if parts.get("minute") and ":" not in shown:
            return None  # 24.12 is a day
        raise BadInput(f"{shown!r} in {said!r} is no time of day.", "Write it as 21:30.")
    if moved := _in_words(parts):
        if parts.get("past") and not parted:
            raise _either(shown, _later(hour % 12, moved), _later(hour % 12 + 12, moved))
        meant = _later(hour, moved)
        return meant, "" if parted or hour > 12 else f"“{shown}” is read as {meant:%H:%M}, by the 24-hour clock."
    at = (parts.get("at") or "").lower()
    if at and not parts.get("minute") and 1 <= hour <= 12 and not parted:
        if at == "at":
            raise _either(shown, time(hour), time((hour + 12) % 24))
        return time(hour), f"“{shown}” is read as {hour:02}:00, by the 24-hour clock."
    return time(hour, minute), ""


def _in_words(parts: dict[str, str | None]) -> int:
    """Return the minutes that words add to an hour: halb neun is half an hour before nine, y media one after."""
    if past := (parts.get("past") or "").lower():
        return 30 if past.startswith("half") else -15 if past.endswith("to") else 15
    return next((by for name, by in (("to_half", -30), ("and_half", 30), ("and_quarter", 15)) if parts.get(name)), 0)


def _either(shown: str, early: time, late: time) -> BadInput:
    """Return the question which of two times is meant."""
    written = f"{early:%H:%M}".removeprefix("0")
    half = f"{early.hour or 12}:{early:%M}".removesuffix(":00")
    return BadInput(f"{shown!r} may be {early:%H:%M} or {late:%H:%M}.", f"Write {half}am, {half}pm or {written}.")


def _later(hour: int, minutes: int) -> time:
    return (datetime.combine(date(2000, 1, 2), time(hour)) + timedelta(minutes=minutes)).time()


def _cut(said: str, start: int, end: int) -> str:
    """Return the words around a time, without the small word that led to it."""
    before = _BEFORE.sub("", said[:start])
    return " ".join(f"{before} {said[end:]}".split()).strip(" ,")
