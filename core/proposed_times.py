"""The time that is proposed for a post, and why: slots of one's own, then one's results, then the channel's defaults.

Whatever the source, a proposal lies ahead, outside the audience's quiet hours, after every embargo, apart from the
account's other posts, and not on a holiday that is to be avoided. What is passed over for that is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import chain, takewhile
from typing import Literal, NamedTuple

from core.base import Instant, Noun
from core.calendar import LEAD, default_slots
from core.channels import Channel
from core.days_off import DaysOff
from core.timing import HOURS, Cell, CellEstimate, Estimates
from core.timing_policy import Quiet
from core.wall_time import to_instant, to_wall
from core.whens import in_words

FAR = timedelta(days=366)
"""How far ahead a default slot is looked for, before the next quarter of an hour that fits is taken."""

_RESULTS_AHEAD = timedelta(days=28)
_STEP = timedelta(minutes=15)
_TOLD = 2  # times that were passed over, by name; the others are counted

Source = Literal["slot", "results", "default", "aim", "asked"]
ConflictKind = Literal["past", "embargo", "quiet", "gap", "holiday", "window", "same_topic"]


class Busy(NamedTuple):
    """A time of the same account that is taken, and by what."""

    at: datetime
    what: str = "a post of this account"
    proposal: str | None = None


class Conflict(Noun):
    """What speaks against a time. `advice`: it may still be chosen, and is only told."""

    kind: ConflictKind
    words: str
    proposal: str | None = None
    advice: bool = False


class Aim(NamedTuple):
    """Around when it is to be, as a part of a campaign. `exactly`: at `start`, or as soon after as it fits."""

    start: datetime
    end: datetime | None = None
    exactly: bool = False
    words: str = ""


class Bounds(NamedTuple):
    """What a proposed time keeps to, for one account and audience."""

    zone: str
    now: datetime
    quiet: Quiet = Quiet(21, 7)
    gap: timedelta = timedelta(0)
    busy: tuple[Busy, ...] = ()
    not_before: datetime | None = None
    why_not_before: str = "The embargo"
    holidays: Literal["avoid", "use", "ignore"] = "ignore"
    days_off: DaysOff = DaysOff(None)

    @property
    def earliest(self) -> datetime:
        """The first moment that is looked at."""
        return max(self.now + LEAD, self.not_before or self.now)


class Candidate(NamedTuple):
    """A time that may be proposed, and the sentence that says why."""

    at: datetime
    reason: str
    source: Source
    note: str = ""  # what the clocks do that day


class Alternative(Noun):
    """Another day that would do."""

    at: Instant
    words: str
    reason: str
    source: Source
    conflicts: tuple[Conflict, ...] = ()


class TimeProposal(Noun):
    """A proposed time with its reason. Nothing is booked by it."""

    at: Instant
    zone: str
    wall: str
    words: str
    reason: str
    source: Source
    not_before: Instant | None = None
    enough: bool = False  # of the creator's own results, to say anything of times
    needed: int = 0
    cells: tuple[CellEstimate, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @property
    def said(self) -> str:
        """The reason, with what is told as advice."""
        return " ".join([self.reason, *(each.words for each in self.conflicts if each.words not in self.reason)])


def propose(
    place: Channel, bounds: Bounds, *, own: Sequence[Candidate] = (), results: Estimates, aim: Aim | None = None
) -> TimeProposal:
    """Return the first time that fits, of one's own slots, one's best hours, the defaults: in that order."""
    chosen, passed = _first(_candidates(place, bounds, own, results, aim), bounds, aim)
    said = [chosen.reason, *_why(bounds, results, aim, chosen), *passed, chosen.note]
    return TimeProposal(
        at=chosen.at,
        zone=bounds.zone,
        wall=f"{to_wall(chosen.at, bounds.zone):%Y-%m-%d %H:%M}",
        words=in_words(chosen.at, bounds.zone),
        reason=" ".join(filter(None, said)),
        source=chosen.source,
        not_before=bounds.not_before,
        enough=results.enough,
        needed=results.needed,
        cells=results.cells,
        conflicts=tuple(each for each in conflicts_at(chosen.at, bounds) if each.advice),
    )


def alternatives(
    place: Channel,
    bounds: Bounds,
    chosen: datetime,
    *,
    own: Sequence[Candidate] = (),
    results: Estimates,
    aim: Aim | None = None,
    count: int = 2,
) -> tuple[Alternative, ...]:
    """Return the next times that fit, each on a day of its own; none beside a moment that was named exactly."""
    if aim is not None and aim.exactly:
        return ()
    found: list[Alternative] = []
    days = {to_wall(chosen, bounds.zone).date()}
    for each in _usual(place, bounds, own, results, aim):
        if len(found) >= count:
            break
        told = conflicts_at(each.at, bounds)
        day = to_wall(each.at, bounds.zone).date()
        if day in days or each.at < bounds.earliest or not all(conflict.advice for conflict in told):
            continue
        days.add(day)
        reason = " ".join(filter(None, (each.reason, each.note)))
        words = in_words(each.at, bounds.zone)
        found.append(Alternative(at=each.at, words=words, reason=reason, source=each.source, conflicts=told))
    return tuple(found)


def conflicts_at(at: datetime, bounds: Bounds) -> tuple[Conflict, ...]:
    """Return what speaks against a time, the gravest first; empty where it fits."""
    wall, found = to_wall(at, bounds.zone), []
    if at <= bounds.now:
        found.append(Conflict(kind="past", words="It lies in the past."))
    if bounds.not_before is not None and at < bounds.not_before:
        when = in_words(bounds.not_before, bounds.zone)
        found.append(Conflict(kind="embargo", words=f"{bounds.why_not_before} holds until {when}."))
    if bounds.quiet.holds(wall.hour):
        words = f"{wall:%H:%M} is within the audience's quiet hours, {bounds.quiet.words} ({bounds.zone})."
        found.append(Conflict(kind="quiet", words=words))
    near = [each for each in bounds.busy if abs(each.at - at) < bounds.gap]
    for each in sorted(near, key=lambda busy: abs(busy.at - at))[:1]:
        words = f"{said(to_wall(each.at, bounds.zone))} is planned already ({each.what}), within {_span(bounds.gap)}."
        found.append(Conflict(kind="gap", words=words, proposal=each.proposal))
    name = None if bounds.holidays == "ignore" else bounds.days_off.on(wall.date())
    if name is not None:
        words = f"{wall:%a} {wall.day} {wall:%b} is {name} ({bounds.days_off.country})."
        found.append(Conflict(kind="holiday", words=words, advice=bounds.holidays == "use"))
    return tuple(found)


def said(wall: datetime) -> str:
    """Return a wall time in short: "Tue 24 Nov 08:30"."""
    return f"{wall:%a} {wall.day} {wall:%b} {wall:%H:%M}"


def _first(candidates: Iterator[Candidate], bounds: Bounds, aim: Aim | None) -> tuple[Candidate, list[str]]:
    passed: list[str] = []
    for each in candidates:
        hard = [conflict for conflict in conflicts_at(each.at, bounds) if not conflict.advice]
        if not hard and each.at >= bounds.earliest:
            late = aim is not None and aim.end is not None and each.at > aim.end
            return each, [*_passed(passed), *(["Nothing fitted into its part of the campaign."] if late else [])]
        if hard and hard[0].words not in passed and hard[0].kind in ("gap", "holiday", "quiet"):
            passed.append(hard[0].words)
    raise AssertionError("a time without end has a free quarter of an hour")  # pragma: no cover


def _passed(words: list[str]) -> list[str]:
    rest = len(words) - _TOLD
    return words[:_TOLD] + ([f"{rest} more times were passed over."] if rest > 0 else [])


def _candidates(
    place: Channel, bounds: Bounds, own: Sequence[Candidate], results: Estimates, aim: Aim | None
) -> Iterator[Candidate]:
    start = _start(bounds, aim)
    if aim is not None and aim.exactly:
        return _steps(start, f"{said(to_wall(start, bounds.zone))} ({bounds.zone}) is {aim.words}.", bounds.zone)
    return chain(_usual(place, bounds, own, results, aim), _steps(start, "", bounds.zone))


def _start(bounds: Bounds, aim: Aim | None) -> datetime:
    return bounds.earliest if aim is None else max(bounds.earliest, aim.start)


def _usual(
    place: Channel, bounds: Bounds, own: Sequence[Candidate], results: Estimates, aim: Aim | None
) -> Iterator[Candidate]:
    """Yield slots of one's own, times in one's best hours, the channel's defaults; within the aim, if there is one."""
    start = _start(bounds, aim)
    end = aim.end if aim is not None and aim.end is not None else start + FAR
    found = chain(
        [each for each in sorted(own, key=lambda each: each.at) if each.at >= start],
        _in_the_best_cell(place, bounds, results, start),
        _defaults(place, bounds, start, end),
    )
    return (each for each in found if each.at <= end)


def _in_the_best_cell(place: Channel, bounds: Bounds, results: Estimates, start: datetime) -> Iterator[Candidate]:
    if results.best is None:
        return
    cell = Cell(results.best.days, results.best.from_hour)
    day, last = to_wall(start, bounds.zone).date(), to_wall(start + _RESULTS_AHEAD, bounds.zone).date()
    while day <= last:
        if (day.weekday() >= 5) is (cell.days == "weekend"):
            for hour in _times_in(cell, place):
                at, note = to_instant(datetime.combine(day, hour), bounds.zone)
                if at >= start:
                    reason = f"{said(to_wall(at, bounds.zone))} ({bounds.zone}). {results.words}"
                    yield Candidate(at, reason, "results", note)
        day += timedelta(days=1)


def _times_in(cell: Cell, place: Channel) -> list[time]:
    """Return the channel's own slots in the cell, then its full and half hours."""
    written = place.slots.weekend if cell.days == "weekend" else place.slots.weekday
    slots = [slot for slot in map(time.fromisoformat, written) if cell.hour <= slot.hour < cell.hour + HOURS]
    plain = [time(hour, minute) for hour in range(cell.hour, cell.hour + HOURS) for minute in (30, 0)]
    return [*slots, *(each for each in plain if each not in slots)]


def _defaults(place: Channel, bounds: Bounds, start: datetime, end: datetime) -> Iterator[Candidate]:
    for at, note in takewhile(lambda each: each[0] <= end, default_slots(place, start, bounds.zone, bounds.quiet)):
        reason = (
            f"{said(to_wall(at, bounds.zone))} ({bounds.zone}) is the next free default slot for {place.label}; "
            "defaults are not measured."
        )
        yield Candidate(at, reason, "default", note)


def _steps(start: datetime, reason: str, zone: str) -> Iterator[Candidate]:
    """Yield `start`, then every quarter of an hour after it."""
    yield Candidate(start, reason, "aim")
    at = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    while True:
        at += _STEP
        words = f"{said(to_wall(at, zone))} ({zone}) is the first quarter of an hour that fits."
        yield Candidate(at, words, "aim")


def _why(bounds: Bounds, results: Estimates, aim: Aim | None, chosen: Candidate) -> Iterable[str]:
    if aim is not None and not (aim.exactly and chosen.at == aim.start):
        yield f"It is {aim.words}."
    if chosen.source == "default":
        yield results.words
    if bounds.not_before is not None:
        yield f"{bounds.why_not_before} holds until {in_words(bounds.not_before, bounds.zone)}."
    if bounds.holidays != "ignore" and bounds.days_off.note:
        yield bounds.days_off.note
    if bounds.holidays == "use":
        yield from (each.words for each in conflicts_at(chosen.at, bounds) if each.kind == "holiday")


def _span(gap: timedelta) -> str:
    minutes = int(gap.total_seconds() // 60)
    return f"{minutes // 60} hours" if minutes % 60 == 0 and minutes >= 120 else f"{minutes} minutes"
