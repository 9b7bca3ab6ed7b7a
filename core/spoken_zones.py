"""Which time zone a person's words name: an IANA name, a city, a country with one zone, a few letters, an offset."""

import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import available_timezones

import regex

from core.errors import BadInput

_AREAS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
_NO_PLACES = {"christmas", "easter", "center", "knox", "troll", "nome", "west", "east", "north", "south", "marie"}
"""Last parts of zone names that people say of something else: "easter monday"."""

_LETTERS = {
    "UTC": "UTC", "GMT": "UTC", "ET": "America/New_York", "EST": "America/New_York", "EDT": "America/New_York",
    "PT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "EET": "Europe/Helsinki", "EEST": "Europe/Helsinki",
    "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "JST": "Asia/Tokyo", "KST": "Asia/Seoul",
    "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland",
}  # fmt: skip
_SEVERAL = {
    "IST": "Asia/Kolkata, Europe/Dublin, Asia/Jerusalem",
    "CST": "America/Chicago, Asia/Shanghai, America/Havana",
    "CDT": "America/Chicago, America/Havana",
    "BST": "Europe/London, Asia/Dhaka",
    "AST": "America/Halifax, Asia/Riyadh",
    "MST": "America/Denver, America/Phoenix, Asia/Kuala_Lumpur",
    "SST": "Asia/Singapore, Pacific/Pago_Pago",
}
_SEVERAL_PLACES = {
    "georgia": ("Asia/Tbilisi", "America/New_York"),
    "cordoba": ("America/Argentina/Cordoba", "Europe/Madrid"),
    "san juan": ("America/Puerto_Rico", "America/Argentina/San_Juan"),
    "merida": ("America/Merida", "Europe/Madrid"),
    "la rioja": ("America/Argentina/La_Rioja", "Europe/Madrid"),
    "la paz": ("America/La_Paz", "America/Mazatlan"),
}
"""Names that people give to places in several zones, of which the data knows one."""

_FIXED = ("UTC", "GMT")  # these letters keep their offset all year; the others are what people call a zone

_IANA = regex.compile(r"(?<!\S)(?:[A-Z][A-Za-z_]+/[A-Za-z_/+-]+\d*)(?!\S)")
_OFFSET = regex.compile(r"(?<!\S)(?:UTC|GMT)? ?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\S)")
_BEFORE = r"(?:in|at|à|a|en|de|em|i|w|в|の) "
_AFTER = r"(?:(?:'s|’s)? (?:local )?(?:time|tid|zeit|tijd|heure|hora|ora)\b)?"
_WORDS = 4  # in the longest name of a place that is looked for


class Named(NamedTuple):
    """A zone that words named, what is left of the words, and how the zone was read where that is not plain."""

    zone: str | None
    rest: str
    offset: timedelta | None = None  # an offset instead of a zone
    letters: str = ""  # "EST": which may not be what the place keeps at that time of year


def zone_in(said: str, locale: str = "en") -> Named:
    """Return the zone that a text names, if any, and the text without it. BadInput for letters with several meanings.

    A city is one that the IANA zones or CLDR's names of them know (in English and in the locale's language).
    """
    if found := _IANA.search(said):
        if found[0] not in _zones():
            raise BadInput(f"There is no time zone called {found[0]!r}.", "Use an IANA name such as Europe/Oslo.")
        return Named(found[0], _without(said, found[0]))
    if (offset := _OFFSET.search(said)) and (hours := int(offset["hours"])) <= 14:
        span = timedelta(hours=hours, minutes=int(offset["minutes"] or 0))
        return Named(None, _cut(said, offset.start(), offset.end()), -span if offset["sign"] == "-" else span)
    return _letters(said) or _place(said, locale) or Named(None, said)


def keeps(zone: str, letters: str, at: datetime) -> str:
    """Return a note where a zone does not go by these letters at that time (EST in July); else nothing."""
    from core.wall_time import zone_of

    shown = at.astimezone(zone_of(zone)).tzname() or ""
    if letters in (*_FIXED, "ET", "PT") or shown == letters:
        return ""
    return f"{zone} goes by {shown} then, not {letters}; its own wall time is meant."


def _letters(said: str) -> Named | None:
    for word in said.split():
        bare = word.strip(",.()")
        if bare in _SEVERAL:
            raise BadInput(f"{bare} is more than one time zone.", f"Say which: {_SEVERAL[bare]}.")
        if bare in _LETTERS:
            return Named(_LETTERS[bare], _without(said, word), None, bare)
    return None


def _place(said: str, locale: str) -> Named | None:
    known, words = _places(locale.replace("_", "-").partition("-")[0].lower()), said.split()
    for length in range(min(_WORDS, len(words)), 0, -1):
        for start in range(len(words) - length, -1, -1):
            name = " ".join(words[start : start + length]).strip(",.()").removesuffix("'s").removesuffix("’s")
            if zones := known.get(_folded(name)):
                if len(zones) > 1:
                    more = " …" if len(zones) > 4 else "."
                    raise BadInput(f"{name} has several time zones.", f"Say which: {', '.join(zones[:4])}{more}")
                return Named(zones[0], _without(said, " ".join(words[start : start + length])))
    return None


@lru_cache(maxsize=8)
def _places(language: str) -> dict[str, tuple[str, ...]]:
    """Return the zones by the name of a city or a country, in English and one more language."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global

    known: dict[str, tuple[str, ...]] = {}
    for zone in sorted(_zones(), key=lambda each: (each.count("/"), each)):
        area, _, place = zone.rpartition("/")
        if area.split("/")[0] in _AREAS and place.lower() not in _NO_PLACES:
            known.setdefault(_folded(place.replace("_", " ")), (zone,))
    territories = get_global("territory_zones")
    for code in dict.fromkeys(("en", language)):
        try:
            locale = Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue
        for zone, names in locale.time_zones.items():
            if zone in _zones() and (city := names.get("city")):
                known.setdefault(_folded(city), (zone,))
        for territory, name in locale.territories.items():
            if territory.isalpha() and (zones := [z for z in territories.get(territory, ()) if _current(z)]):
                known.setdefault(_folded(name), tuple(zones))
    return known | _SEVERAL_PLACES


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # it walks a folder each time it is asked


def _current(zone: str) -> bool:
    return zone in _zones() and zone != "Europe/Busingen"  # Büsingen keeps Berlin's time since 1980


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def _without(said: str, name: str) -> str:
    """Return a text without a place and the small words around it: "in Oslo", "Oslo time"."""
    pattern = rf"(?:(?<!\S){_BEFORE})?(?<!\S){regex.escape(name)}{_AFTER}(?!\S)"
    found = regex.search(pattern, said, regex.IGNORECASE)
    return _cut(said, found.start(), found.end()) if found else said.replace(name, " ")


def _cut(said: str, start: int, end: int) -> str:
    return " ".join(f"{said[:start]} {said[end:]}".split()).strip(" ,()")
