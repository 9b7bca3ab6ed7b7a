"""When to publish: quiet hours and the next good slot; wall times and typed times. `now` is always a parameter."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from core.channels import Channel, channel
from core.wall_time import to_instant, to_wall, zone_of
from core.whens import parse_when, read_when

__all__ = ["DEFAULT_QUIET", "Quiet", "next_slot", "parse_when", "read_when", "to_instant", "to_wall", "zone_of"]

DEFAULT_QUIET = (21, 7)
LEAD = timedelta(minutes=15)  # a slot nearer than this leaves nobody the time to look at it
_WEEK = 7
_SATURDAY = 5


class Quiet(NamedTuple):
    """The hours in which nothing is proposed, from `start` until `end`, over midnight if `start` is the later one."""

    start: int
    end: int

    def holds(self, wall: datetime) -> bool:
        """Say whether a wall time is within the quiet hours."""
        if self.start <= self.end:
            return self.start <= wall.hour < self.end
        return wall.hour >= self.start or wall.hour < self.end


def next_slot(
    where: str | Channel,
    now: datetime,
    zone: str,
    taken: Iterable[datetime] = (),
    *,
    quiet: tuple[int, int] = DEFAULT_QUIET,
    min_gap: timedelta | None = None,
) -> tuple[datetime, str]:
    """Return the channel's next free slot (UTC) and why it was chosen.

    `taken` are aware instants that are planned on this channel already; a slot keeps `min_gap` from each of them
    (by default the channel's own). The slots are defaults from the channel's file: documented, not measured.
    """
    place = where if isinstance(where, Channel) else channel(where)
    gap = timedelta(minutes=place.slots.min_gap_minutes) if min_gap is None else min_gap
    busy = list(taken)
    passed_over = ""
    for instant, note in _slots(place, now, zone, Quiet(*quiet)):
        near = next((each for each in busy if abs(each - instant) < gap), None)
        if near is None:
            return instant, " ".join(filter(None, (_reason(place, instant, zone), passed_over, note)))
        passed_over = f"{_said(to_wall(near, zone))} is planned already."
    raise AssertionError("a week without end has a slot")  # pragma: no cover


def _slots(place: Channel, now: datetime, zone: str, quiet: Quiet) -> Iterator[tuple[datetime, str]]:
    """Yield the slots from now on, day by day, without end."""
    day = to_wall(now, zone).date()
    hours = _hours(place, quiet)
    while True:
        for hour in hours[day.weekday()]:
            instant, note = to_instant(datetime.combine(day, hour), zone)
            if instant >= now + LEAD:
                yield instant, note
        day += timedelta(days=1)


def _hours(place: Channel, quiet: Quiet) -> list[list[time]]:
    """Return the slots of each weekday outside the quiet hours; where none is left, the first hour after them."""
    found = []
    for weekday in range(_WEEK):
        written = place.slots.weekend if weekday >= _SATURDAY else place.slots.weekday
        found.append(sorted(hour for hour in map(time.fromisoformat, written) if not quiet.holds(_on_some_day(hour))))
    return found if any(found) else [[time(quiet.end % 24)]] * _WEEK


def _on_some_day(hour: time) -> datetime:
    return datetime.combine(date(2000, 1, 1), hour)


def _reason(place: Channel, instant: datetime, zone: str) -> str:
    said = _said(to_wall(instant, zone))
    return f"{said} ({zone}) is the next free default slot for {place.label}; defaults are not measured."


def _said(wall: datetime) -> str:
    return f"{wall:%a} {wall.day} {wall:%b} {wall:%H:%M}"
