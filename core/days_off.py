"""Public holidays of an audience: by the country that was said, else by the one its time zone belongs to."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from core.errors import BadInput


class DaysOff(NamedTuple):
    """Whose holidays are looked at, and a note where none can be."""

    country: str | None  # NO, US-CA
    note: str = ""

    def on(self, day: date) -> str | None:
        """Return the holiday's name on a day; None on other days, and where no holidays are known."""
        return _known(self.country, day.year).get(day) if self.country else None


def days_off(country: str | None, zone: str) -> DaysOff:
    """Return the holidays of a country (`DE-BY`: with its part's), or of the one that the zone belongs to."""
    chosen = country or _of_zone(zone)
    if chosen is None:
        return DaysOff(None, f"No country is known for {zone}, so holidays are not looked at: say timing.country.")
    try:
        _known(chosen, 2026)
    except BadInput as error:
        return DaysOff(None, f"{error.message} Holidays are not looked at.")
    return DaysOff(chosen)


def _of_zone(zone: str) -> str | None:
    from babel.core import get_global

    place = get_global("zone_territories").get(get_global("zone_aliases").get(zone, zone))
    return place if place and place.isalpha() and place != "ZZ" else None  # 001: the world, ZZ: nowhere


@lru_cache(maxsize=64)
def _known(country: str, year: int) -> dict[date, str]:
    import holidays

    name, _, part = country.partition("-")
    try:
        return dict(holidays.country_holidays(name, subdiv=part or None, years=[year], language="en_US"))
    except NotImplementedError:
        raise BadInput(f"The holidays of {country} are not known here.") from None
