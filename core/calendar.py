"""The channels' default slots, day by day, and the wall and typed times around them. `now` is always a parameter."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from core.channels import Channel
from core.timing_policy import Quiet
from core.wall_time import to_instant, to_wall, zone_of
from core.whens import parse_when, read_when

__all__ = ["DEFAULT_QUIET", "default_slots", "parse_when", "read_when", "to_instant", "to_wall", "zone_of"]

DEFAULT_QUIET = Quiet(21, 7)
LEAD = timedelta(minutes=15)  # a slot nearer than this leaves nobody the time to look at it
_WEEK = 7
_SATURDAY = 5


def default_slots(
    place: Channel, start: datetime, zone: str, quiet: Quiet = DEFAULT_QUIET
) -> Iterator[tuple[datetime, str]]:
    """Yield a channel's slots (UTC) from `start` on without end, each with a note on what the clocks do that day.

    They are defaults from the channel's file: documented, not measured.
    """
    day = to_wall(start, zone).date()
    hours = _hours(place, quiet)
    while True:
        for hour in hours[day.weekday()]:
            instant, note = to_instant(datetime.combine(day, hour), zone)
            if instant >= start:
                yield instant, note
        day += timedelta(days=1)


def _hours(place: Channel, quiet: Quiet) -> list[list[time]]:
    """Return the slots of each weekday outside the quiet hours; where none is left, the first hour after them."""
    found = []
    for weekday in range(_WEEK):
        written = place.slots.weekend if weekday >= _SATURDAY else place.slots.weekday
        found.append(sorted(hour for hour in map(time.fromisoformat, written) if not quiet.holds(hour.hour)))
    return found if any(found) else [[time(quiet.end % 24)]] * _WEEK
