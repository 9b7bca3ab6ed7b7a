"""Reading a time that a person typed: a few plain forms, and a clear refusal of everything else."""

from datetime import UTC, date, datetime, time, timedelta

import regex

from core.errors import BadInput
from core.wall_time import to_instant, to_wall

FORMS = (
    "2026-11-24 08:30",
    "2026-11-24T08:30+01:00",
    "now",
    "in 2 hours",
    "today 17:00",
    "tomorrow 9:00",
    "friday 9:00",
)
"""An example of every form that is understood."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"minute": "minutes", "min": "minutes", "hour": "hours", "h": "hours", "day": "days", "week": "weeks"}

_ISO = regex.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(?::\d{2})?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?", regex.IGNORECASE)
_IN = regex.compile(r"in (?P<number>\d{1,4}|an?) (?P<unit>minute|min|hour|h|day|week)s?", regex.IGNORECASE)
_DAY = regex.compile(
    r"(?:(?P<next>next|on) )?(?P<day>today|tomorrow|(?:mon|tue|wed|thu|fri|sat|sun)\w*)(?:,? at|,)? (?P<time>\S.*)",
    regex.IGNORECASE,
)
_TIME = regex.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?: ?(?P<half>[ap])\.?m\.?)?", regex.IGNORECASE)


def parse_when(text: str, now: datetime, zone: str) -> datetime:
    """Return the instant (UTC) that `text` names, seen from `now` in `zone`; see `read_when`."""
    return read_when(text, now, zone)[0]


def read_when(text: str, now: datetime, zone: str) -> tuple[datetime, str]:
    """Return the instant (UTC) that `text` names, seen from `now` in `zone`, and a note where the clocks change.

    A weekday is the next one whose time lies ahead. The past is not refused here. BadInput names the forms.
    """
    said = " ".join(text.split())
    try:
        found = _iso(said, zone) or _ahead(said, now, zone) or _day(said, now, zone)
    except OverflowError:
        found = None
    if found is None:
        hint = "Write it like: " + "; ".join(FORMS) + "."
        raise BadInput(f"{text!r} is not a time that is understood here.", hint=hint)
    return found


def _iso(said: str, zone: str) -> tuple[datetime, str] | None:
    if not _ISO.fullmatch(said):
        return None
    written = regex.sub(r"(?<=\d\d:\d\d) (?=[Z+-])", "", said.upper())
    day, clock = regex.split("[ T]", written, maxsplit=1)
    try:
        moment = datetime.fromisoformat(f"{day}T{clock if clock[1] != ':' else '0' + clock}")
    except ValueError as error:
        raise BadInput(f"There is no {said!r} in the calendar.", hint="Check the day and the hour.") from error
    return (moment.astimezone(UTC), "") if moment.tzinfo else to_instant(moment, zone)


def _ahead(said: str, now: datetime, zone: str) -> tuple[datetime, str] | None:
    if said.lower() == "now":
        return now.astimezone(UTC), ""
    match = _IN.fullmatch(said)
    if not match:
        return None
    number = int(match["number"]) if match["number"].isdigit() else 1
    unit = _UNITS[match["unit"].lower()]
    if unit in ("days", "weeks"):  # the same wall time, whatever the clocks do between
        return to_instant(to_wall(now, zone) + timedelta(**{unit: number}), zone)
    return now.astimezone(UTC) + timedelta(**{unit: number}), ""


def _day(said: str, now: datetime, zone: str) -> tuple[datetime, str] | None:
    match = _DAY.fullmatch(said)
    hour = _clock(match["time"]) if match else None
    if not match or hour is None:
        return None
    today = to_wall(now, zone).date()
    name = match["day"].lower()
    if name in ("today", "tomorrow"):
        return to_instant(datetime.combine(today + timedelta(days=name == "tomorrow"), hour), zone)
    weekday = next((at for at, day in enumerate(_DAYS) if name in (day, day[:3], day[:4], day[:5])), None)
    return None if weekday is None else _weekday(today, weekday, hour, now, zone, skip_today=match["next"] == "next")


def _weekday(
    today: date, weekday: int, hour: time, now: datetime, zone: str, *, skip_today: bool
) -> tuple[datetime, str]:
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    found = to_instant(datetime.combine(day, hour), zone)
    if found[0] <= now or (skip_today and day == today):
        found = to_instant(datetime.combine(day + timedelta(days=7), hour), zone)
    return found


def _clock(said: str) -> time | None:
    if said.lower() in ("noon", "midnight"):
        return time(12 if said.lower() == "noon" else 0)
    match = _TIME.fullmatch(said)
    if not match or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
