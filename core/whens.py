"""Reading a time that a person typed, in their words: one absolute moment, said back with weekday, zone and offset.

What may be two moments is asked, with both of them written out (03/04, "at 9", Tuesday on a Tuesday, a 02:30 that
comes twice); how a reading was chosen where it is not plain is said in a note; what is not understood is refused.
"""

from datetime import UTC, date, datetime, timedelta

import regex

from core.base import Instant, Noun
from core.errors import BadInput
from core.spoken_clock import Clock, clock_in
from core.spoken_days import Day, day_in, said_day, span_in
from core.spoken_parts import in_part, part_in
from core.spoken_plainly import plainly
from core.spoken_zones import Named, keeps, zone_in
from core.wall_time import instants_of, to_instant, to_wall, zone_of

FORMS = (
    "2026-11-24 08:30",
    "2026-11-24T08:30+01:00",
    "now",
    "in 2 hours",
    "today 17:00",
    "tomorrow 9:00",
    "friday 9:00",
    "next Tuesday 9am Oslo",
    "morgen 18 Uhr",
)
"""An example of every form that is understood."""

LONGEST = 200
_UNITS = {"minute": "minutes", "min": "minutes", "hour": "hours", "h": "hours", "day": "days", "week": "weeks"}
_NUMBERS = ("", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_ISO = regex.compile(
    r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?", regex.IGNORECASE
)
_IN = regex.compile(
    rf"in (?P<number>\d{{1,4}}|an|{'|'.join(_NUMBERS[1:])}) ?(?P<unit>minute|min|hour|h|day|week)s?", regex.IGNORECASE
)


class When(Noun):
    """A moment as a person said it, and as it was read."""

    at: Instant
    zone: str  # IANA: the one that was named, else the asker's
    wall: str  # what the clock shows there: 2026-11-24 09:00
    words: str  # Tuesday 24 November 2026, 09:00 (Europe/Oslo, UTC+01:00)
    notes: tuple[str, ...] = ()  # how it was read where that is not plain


def understand(text: str, now: datetime, zone: str, locale: str = "en") -> When:
    """Return the moment that `text` names, seen from `now` in `zone`; `locale` orders 03/04 and is tried first.

    A weekday is the coming one. The past is said in a note, not refused: who would plan by it refuses. BadInput names
    the words that are not understood, or asks which of two moments is meant.
    """
    said = " ".join(text.split())
    try:
        at, where, notes = _read(plainly(said[: LONGEST + 1]), now, zone, locale)
        wall = to_wall(at, where)
    except OverflowError:
        raise _refused(text, "It is no time that can be kept.") from None
    except BadInput as error:
        raise _refused(text, error.message, error.hint) from error
    if at < now - timedelta(minutes=1):
        notes = (*notes, "It lies in the past.")
    return When(at=at, zone=where, wall=f"{wall:%Y-%m-%d %H:%M}", words=in_words(at, where), notes=notes)


def parse_when(text: str, now: datetime, zone: str, locale: str = "en") -> datetime:
    """Return the instant (UTC) that `text` names, seen from `now` in `zone`; see `understand`."""
    return read_when(text, now, zone, locale)[0]


def read_when(text: str, now: datetime, zone: str, locale: str = "en") -> tuple[datetime, str]:
    """Return the instant (UTC) that `text` names, and how it was read where that is not plain; see `understand`."""
    found = understand(text, now, zone, locale)
    return found.at, " ".join(note for note in found.notes if note != "It lies in the past.")


def in_words(at: datetime, zone: str) -> str:
    """Return a moment so that nobody can take it for another: weekday, date, time, zone and offset."""
    wall = to_wall(at, zone)
    minutes = round((wall - at.astimezone(UTC).replace(tzinfo=None)).total_seconds() / 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return f"{wall:%A} {wall.day} {wall:%B} {wall.year}, {wall:%H:%M} ({zone}, {offset})"


_Read = tuple[datetime, str, tuple[str, ...]]


def _read(said: str, now: datetime, zone: str, locale: str) -> _Read:
    if not said or len(said) > LONGEST:
        raise BadInput("It is empty." if not said else f"It is longer than {LONGEST} characters.")
    if (found := _plain(said, now, zone)) is not None:
        return _instant(found, Named(None, said), zone), zone, ()
    named = zone_in(said, locale)
    where = named.zone or zone
    if named.rest != said and (found := _plain(named.rest, now, where)) is not None:
        at = _instant(found, named, where)
        return at, where, _notes(_letters(named, where, at))
    clock = _clock(named.rest)
    if clock is None:
        span = None if part_in(named.rest) else span_in(named.rest, locale.partition("-")[0].lower())
        if span is None:
            raise _no_time(named.rest, now, where, locale)
        return now.astimezone(UTC) + span, where, ()
    return _on_a_day(clock, named, now, where, locale)


def _plain(said: str, now: datetime, zone: str) -> datetime | None:
    """Return what ISO 8601, "now" and "in 2 hours" say: an instant, or a naive wall time."""
    return _iso(said) or _ahead(said, now, zone)


def _clock(said: str) -> Clock | None:
    """Return the time of day in a text, by the part of the day where that is said."""
    parted = part_in(said)
    if parted is None:
        return clock_in(said)
    clock = clock_in(parted.rest, parted=True)
    if clock is None:
        return None
    at, note = in_part(clock.time, parted.part, parted.said, exact=clock.exact)
    return clock._replace(time=at, note=note)


def _on_a_day(clock: Clock, named: Named, now: datetime, where: str, locale: str) -> _Read:
    today = to_wall(now, where).date()
    day = day_in(clock.rest, today, locale)
    if day.again:
        day = _not_today(clock, datetime.combine(day.date, clock.time), day.again, now, where)
    at = _instant(datetime.combine(day.date, clock.time), named, where)
    return at, where, _notes(clock.note, day.note, _letters(named, where, at))


def _not_today(clock: Clock, first: datetime, later: date, now: datetime, where: str) -> Day:
    """Return the later one of the two days that are said alike, where the first one's time has passed; else ask."""
    shown = f"today, {said_day(first.date())}" if first.date() == to_wall(now, where).date() else said_day(first.date())
    if to_instant(first, where)[0] > now:
        raise BadInput(
            f"“{clock.rest}” may be {shown}, or {said_day(later)}.",
            f"Write {first:%Y-%m-%d %H:%M}, or {later.isoformat()} {clock.time:%H:%M}.",
        )
    return Day(later, f"“{clock.rest}” is read as {said_day(later)}: today's {clock.time:%H:%M} has passed.")


def _instant(wall: datetime, named: Named, where: str) -> datetime:
    """Return the one instant of a wall time at an offset or in a zone; what already is one is left as it is.

    BadInput where the clocks skip it, or where it comes twice and nothing says which.
    """
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    if named.offset is not None:
        return (wall - named.offset).replace(tzinfo=UTC)
    found = instants_of(wall, where)
    if len(found) == 2 and named.letters:
        found = tuple(each for each in found if each.astimezone(zone_of(where)).tzname() == named.letters) or found
    if len(found) == 1:
        return found[0]
    if not found:
        moved = to_wall(to_instant(wall, where)[0], where)
        raise BadInput(
            f"{wall:%H:%M} does not exist on {wall:%Y-%m-%d} in {where}: the clocks are put forward then.",
            f"Write {moved:%Y-%m-%d %H:%M}, if that is meant.",
        )
    first, second = (each.astimezone(zone_of(where)).isoformat(timespec="minutes") for each in found)
    raise BadInput(
        f"{wall:%H:%M} comes twice on {wall:%Y-%m-%d} in {where}: the clocks are put back then.",
        f"Write {first} for the first one, {second} for the second.",
    )


def _no_time(rest: str, now: datetime, where: str, locale: str) -> BadInput:
    """Say first what else is not understood of it, then that the time is missing."""
    if bare := regex.fullmatch(r"(?P<day>\D+) (?P<hour>\d{1,2})", rest):
        if 1 <= (hour := int(bare["hour"])) <= 12:
            return BadInput(
                f"{hour} may be {hour:02}:00 or {(hour + 12) % 24:02}:00.", f"Write {hour}am, {hour}pm or {hour}:00."
            )
        return BadInput(f"{hour} is no time of day like this.", f"Write {bare['day']} {hour % 24:02}:00.")
    day_in(rest, to_wall(now, where).date(), locale)
    return BadInput("It names no time of day.", f"Add one: {rest} 9:00.")


def _letters(named: Named, where: str, at: datetime) -> str:
    return keeps(where, named.letters, at) if named.letters else ""


def _notes(*said: str) -> tuple[str, ...]:
    return tuple(filter(None, said))


def _refused(text: str, why: str, hint: str = "") -> BadInput:
    shown = text if len(text) <= LONGEST else f"{text[:60]}…"
    return BadInput(f"{shown!r}: {why}", hint or f"Write it like: {_examples()}.")


def _examples() -> str:
    return "; ".join(FORMS)


def _iso(said: str) -> datetime | None:
    if not _ISO.fullmatch(said):
        return None
    written = regex.sub(r"(?<=\d\d:\d\d) (?=[Z+-])", "", said.upper())
    day, clock = regex.split("[ T]", written, maxsplit=1)
    try:
        return datetime.fromisoformat(f"{day}T{clock if clock[1] != ':' else '0' + clock}")
    except ValueError as error:
        raise BadInput(f"There is no {said!r} in the calendar.", hint="Check the day and the hour.") from error


def _ahead(said: str, now: datetime, zone: str) -> datetime | None:
    if said.lower() == "now":
        return now.astimezone(UTC)
    match = _IN.fullmatch(said)
    if not match:
        return None
    word = match["number"].lower()
    number = int(word) if word.isdigit() else 1 if word == "an" else _NUMBERS.index(word)
    unit = _UNITS[match["unit"].lower()]
    if unit in ("days", "weeks"):  # the same wall time, whatever the clocks do between
        return to_wall(now, zone) + timedelta(**{unit: number})
    return now.astimezone(UTC) + timedelta(**{unit: number})
