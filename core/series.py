"""Recurring slots: "Tuesdays and Thursdays at 08:30 in Oslo". Each occurrence is an instant of its own.

The wall time is what a person means, so it stays the same over a change of the clocks; the instant moves. A wall time
that the clocks skip is moved forward by what they skip; of one that comes twice the first is taken. The process's own
time zone is never asked.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal

from pydantic import Field

from core.base import Instant, Noun
from core.errors import BadInput
from core.wall_time import to_instant

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7)}


class Series(Noun):
    """One recurring slot of a channel."""

    id: str
    workspace: str
    channel: str
    name: str = ""
    weekdays: tuple[int, ...] = Field(min_length=1)  # 0 is Monday
    wall_time: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    zone: str  # IANA
    starts_on: str  # a date there, 2026-11-24
    ends_on: str | None = None  # the last day, included
    ended_at: Instant | None = None
    created_at: Instant
    paused_at: Instant | None = None
    paused_until: str | None = None  # the last day without it; None: until somebody resumes it

    @property
    def words(self) -> str:
        """How a person would say it: "Tue, Thu 08:30 (Europe/Oslo)"."""
        days = ", ".join(DAYS[day].capitalize() for day in self.weekdays)
        return f"{days} {self.wall_time} ({self.zone})"

    def pauses_on(self, wall_date: str) -> bool:
        """Say whether it is paused on a day."""
        return self.paused_at is not None and (self.paused_until is None or wall_date <= self.paused_until)


class Occurrence(Noun):
    """One time a series comes round. Whether it is taken, the proposals for that time say."""

    series_id: str
    wall_date: str
    workspace: str
    channel: str
    at: Instant
    wall_time: str  # what the clock shows then
    zone: str
    note: str = ""  # what the clocks did that day
    state: Literal["open", "skipped"] = "open"


def occurrences(series: Series, first: date, last: date) -> Iterator[Occurrence]:
    """Yield a series' occurrences on the days from `first` to `last`, both included."""
    day = max(first, date.fromisoformat(series.starts_on))
    end = min(last, date.fromisoformat(series.ends_on)) if series.ends_on else last
    while day <= end:
        if day.weekday() in series.weekdays:
            yield _on(series, day)
        day += timedelta(days=1)


def _on(series: Series, day: date) -> Occurrence:
    wall = datetime.combine(day, time.fromisoformat(series.wall_time))
    at, note = to_instant(wall, series.zone)
    return Occurrence(
        series_id=series.id,
        wall_date=day.isoformat(),
        workspace=series.workspace,
        channel=series.channel,
        at=at,
        wall_time=series.wall_time,
        zone=series.zone,
        note=note,
    )


def read_days(said: str) -> tuple[int, ...]:
    """Return the weekdays that a person named: `tue,thu`, `daily`, `weekdays`, `weekends`. BadInput otherwise."""
    found: set[int] = set()
    for word in (part.strip().lower() for part in said.split(",")):
        if word in _GROUPS:
            found |= set(_GROUPS[word])
        elif (at := _day(word)) is not None:
            found.add(at)
        else:
            raise BadInput(f"{word!r} is no day of the week.", "Write tue,thu or daily, weekdays, weekends.")
    return tuple(sorted(found))


def _day(word: str) -> int | None:
    """Return which day a word names, by at least its first three letters."""
    return next((at for at, day in enumerate(_NAMES) if len(word) >= 3 and day.startswith(word)), None)


def read_time(said: str) -> str:
    """Return a wall time as HH:MM. BadInput for what is none."""
    try:
        hour, minute = said.strip().split(":")
        return time(int(hour), int(minute)).strftime("%H:%M")
    except ValueError:
        raise BadInput(f"{said!r} is no time of day.", "Write it as 08:30.") from None


def read_date(said: str) -> str:
    """Return a date as 2026-11-24. BadInput for what is none."""
    try:
        return date.fromisoformat(said.strip()).isoformat()
    except ValueError:
        raise BadInput(f"{said!r} is no date.", "Write it as 2026-11-24.") from None
