"""Dates as people write them. An ambiguous one is left out with a note: a wrong date is worse than none."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

_EARLIEST, _LATEST = 1500, 2200  # years; outside, it is a typing slip or a placeholder
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_FILE_NAME = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2}
_FAULTS = (ValueError, OverflowError, TypeError, AttributeError, LookupError, ArithmeticError)


class Dated(NamedTuple):
    """A date as read: `at` is aware UTC or None, and `note` says why it is None although something stood there."""

    at: datetime | None
    note: str = ""


def read_date(value: object) -> Dated:
    """Read a date, a date-time, seconds or milliseconds since 1970, or text in almost any unambiguous form.

    A bare date is midnight UTC; a time without a zone is taken as UTC. `03/04/2021`, `March 2021` and
    nonsense give None with a note.
    """
    if value is None or isinstance(value, bool) or value == "":
        return Dated(None)
    try:
        return _settled(value, _moment(value))
    except _FAULTS:
        return Dated(None, _note(value, "is not a date that can be read"))


def date_in_name(stem: str) -> datetime | None:
    """Return the date that a file name carries (`2025-03-09-fog.md`), midnight UTC; only in ISO form."""
    match = _FILE_NAME.search(stem)
    return read_date(match[0]).at if match else None


def day_bounds(value: date | datetime) -> tuple[datetime, datetime]:
    """Return the first and the last instant that `value` means: a whole UTC day for a bare date, itself otherwise."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment, moment
    start = datetime.combine(value, time(), UTC)
    return start, start + timedelta(days=1) - timedelta(microseconds=1)


def _settled(value: object, moment: datetime | None) -> Dated:
    if moment is None:
        return Dated(None, _note(value, "is not a full date that reads in one way only; write it as YYYY-MM-DD"))
    if not _EARLIEST <= moment.year <= _LATEST:
        return Dated(None, _note(value, "is not a plausible year"))
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Dated(aware.astimezone(UTC))


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    if isinstance(value, int | float):
        return _from_number(value)
    if isinstance(value, str) and len(value) <= 80:
        return _from_text(value.strip())
    raise ValueError(type(value).__name__)


def _from_number(value: float) -> datetime:
    if 1e12 <= value < 1e13:  # milliseconds, from 2001 on
        return datetime.fromtimestamp(value / 1000, UTC)
    if 1e9 <= value < 1e10:  # seconds, from 2001 on
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, int) and 1e7 <= value < 1e8:  # 20240312
        return datetime.fromisoformat(str(value))
    raise ValueError(value)


def _from_text(text: str) -> datetime | None:
    if re.fullmatch(r"\d{1,7}", text):  # a year alone, a month alone: not enough for a day
        return None
    if re.fullmatch(r"(\d{10}|\d{13})(\.\d+)?", text):
        return _from_number(float(text))
    match = _YEAR_FIRST.match(text)
    if match:
        text = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" + text[match.end() :]
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _by_dateutil(text, year_first=bool(match))


def _by_dateutil(text: str, *, year_first: bool) -> datetime | None:
    """Parse with every possible order and two different defaults: only what all agree on was really written."""
    from dateutil import parser

    orders = [(False, True)] if year_first else [(False, False), (True, False), (False, True), (True, True)]
    readings = {
        parser.parse(text, dayfirst=day, yearfirst=year, default=default, tzinfos=_zone)
        for day, year in orders
        for default in (datetime(2001, 1, 3), datetime(2004, 6, 11))
    }
    return readings.pop() if len(readings) == 1 else None


def _zone(name: str | None, offset: int | None) -> tzinfo:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return timezone(timedelta(hours=_ZONES.get(name or "", 0)))


def _note(value: object, why: str) -> str:
    shown = f"“{str(value)[:40]}”" if isinstance(value, str | float) else "what stands there"
    return f"date left out: {shown} {why}"
