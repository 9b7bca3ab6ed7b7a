"""Wall time ("Tuesday 08:30 in Oslo") and instants.

Twice a year a wall time does not name exactly one instant; then the answer carries a note.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.errors import BadInput

FIRST_YEAR, LAST_YEAR = 1900, 2999


def zone_of(name: str) -> ZoneInfo:
    """Return the IANA time zone of that name; BadInput otherwise."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        hint = "Use an IANA name such as Europe/Oslo or America/New_York."
        raise BadInput(f"There is no time zone called {name!r}.", hint=hint) from error


def to_instant(wall: datetime, zone: str) -> tuple[datetime, str]:
    """Return the instant (UTC) of a naive wall time, and a note where the wall time is not exactly one instant.

    A time that the clocks skip is moved forward by what they skip; of a time that comes twice the first is taken.
    Raises BadInput for a year that no calendar of ours reaches: a day before or after it there may be none.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise BadInput(f"There is no planning for the year {wall.year}.", hint="Name a day of these years.")
    local = wall.replace(tzinfo=zone_of(zone), fold=0)
    instant = local.astimezone(UTC)
    shown = to_wall(instant, zone)
    if shown != wall:
        return instant, f"{wall:%H:%M} does not exist on {wall:%Y-%m-%d} in {zone}; {shown:%H:%M} is meant."
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return instant, f"{wall:%H:%M} comes twice on {wall:%Y-%m-%d} in {zone}; the first one is meant."
    return instant, ""


def instants_of(wall: datetime, zone: str) -> tuple[datetime, ...]:
    """Return the instants (UTC) at which the clocks show a naive wall time: one, none where they skip it, or two."""
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    both = {wall.replace(tzinfo=zone_of(zone), fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(each for each in both if to_wall(each, zone) == wall))


def to_wall(instant: datetime, zone: str) -> datetime:
    """Return the naive wall time of an aware instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)
