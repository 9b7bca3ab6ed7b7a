"""A workspace's plan as iCalendar (RFC 5545): a file to import, or what a subscribed feed answers."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.planning import Entry

if TYPE_CHECKING:
    from icalendar import Calendar, Event

PRODUCT = "-//Greenroom//Greenroom//EN"
SHOWN_MINUTES = 15
"""How long a post's event is: a moment is shown by few programs."""

REFRESH = timedelta(minutes=30)
"""How often a program that subscribes is asked to look."""

_NOT_WRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")  # RFC 5545: no control characters but the tab


def to_ical(entries: Iterable[Entry], name: str, *, with_text: bool, with_private: bool = False) -> bytes:
    """Return entries as one iCalendar object, UTF-8, lines folded and ended by CRLF. The same entries, the same bytes.

    Times are instants in UTC: every occurrence stands for itself, so no program has to know a zone's rules.
    `with_text`: the drafts' own words too; of private material only `with_private`.
    """
    calendar = _calendar(name)
    for each in entries:
        calendar.add_component(_event(each, with_text=with_text and (with_private or not each.private)))
    return bytes(calendar.to_ical(sorted=False))


def _calendar(name: str) -> "Calendar":
    from icalendar import Calendar, vDuration, vText

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        made.add(key, vText(_plain(name)))
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    return made


def _event(entry: Entry, *, with_text: bool) -> "Event":
    from icalendar import Event, vText

    changed = entry.changed_at or entry.at
    first, _, rest = entry.text.partition("\n\n") if with_text else ("", "", "")
    made = Event()
    made.add("uid", entry.uid)
    made.add("dtstamp", _second(changed))
    made.add("last-modified", _second(changed))
    made.add("dtstart", _second(entry.at))
    made.add("dtend", _second(entry.at) + timedelta(minutes=SHOWN_MINUTES))
    made.add("summary", vText(_plain(f"{entry.title} – {first}" if first else entry.title)))
    made.add("description", vText(_plain("\n".join([*entry.lines, *(["", rest] if rest else [])]))))
    made.add("status", "CONFIRMED" if entry.certain else "TENTATIVE")
    made.add("transp", "TRANSPARENT")  # a post keeps nobody from other appointments
    made.add("categories", [entry.kind])
    if entry.url and not _NOT_WRITTEN.search(entry.url) and "\n" not in entry.url:
        made.add("url", entry.url)
    return made


def _second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _plain(text: str) -> str:
    return _NOT_WRITTEN.sub("", re.sub(r"\r\n?|\u2028|\u2029|\x85|\x0b|\x0c", "\n", text))
