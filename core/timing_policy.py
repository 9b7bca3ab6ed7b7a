"""For whom times are proposed: the audience's zone and country, its quiet hours, and how far posts keep apart."""

from typing import Annotated, Literal, NamedTuple

import regex
from pydantic import AfterValidator, Field

from core.base import Noun
from core.errors import BadInput
from core.wall_time import zone_of

_DAY = 24


class Quiet(NamedTuple):
    """The hours in which nothing is proposed, from `start` until `end`, over midnight if `start` is the later one."""

    start: int
    end: int

    def holds(self, hour: int) -> bool:
        """Say whether an hour of the day is within the quiet hours."""
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end

    @property
    def words(self) -> str:
        """How a person would say it: "21 to 7"."""
        return f"{self.start} to {self.end}"


def read_quiet(said: str) -> Quiet:
    """Return quiet hours from "21-7"; ValueError for what leaves no hour of the day, or is none."""
    found = regex.fullmatch(r"\s*(\d{1,2})\s*-\s*(\d{1,2})\s*", said)
    start, end = (int(found[1]), int(found[2])) if found else (-1, -1)
    if not (0 <= start < _DAY and 0 <= end <= _DAY) or (start, end) == (0, _DAY):
        raise ValueError(f"{said!r} are no quiet hours: write 21-7 (from 21:00 until 7:00), or 0-0 for none")
    return Quiet(start, end)


def _quiet(said: str) -> str:
    read_quiet(said)
    return said


def _zone(name: str) -> str:
    try:
        return zone_of(name).key
    except BadInput as error:
        raise ValueError(f"{error.message} {error.hint}") from None


def _country(said: str) -> str:
    if not regex.fullmatch(r"[A-Z]{2}(?:-[A-Za-z0-9]{1,20})?", said):
        raise ValueError(f"{said!r} is no country: write NO, or US-CA with a part of it")
    return said


Zone = Annotated[str, AfterValidator(_zone)]
QuietHours = Annotated[str, AfterValidator(_quiet)]
Country = Annotated[str, AfterValidator(_country)]


class Timing(Noun):
    """What a workspace says of when its audiences are there. A key is a channel, a locale, or `channel:locale`."""

    zone: Zone | None = Field(default=None, description="the audience's time zone; the workspace's without it")
    zones: dict[str, Zone] = Field(
        default_factory=dict, description="another zone for a channel, a locale, or `bluesky:es`"
    )
    quiet: QuietHours = Field(default="21-7", description="hours in which nothing is proposed; `0-0`: none")
    quiet_on: dict[str, QuietHours] = Field(
        default_factory=dict, description="other quiet hours for a channel, a locale, or both"
    )
    gaps: dict[str, Annotated[int, Field(ge=0, le=10_080)]] = Field(
        default_factory=dict, description="a channel: at least so many minutes between two proposed times"
    )
    holidays: Literal["avoid", "use", "ignore"] = Field(
        default="avoid",
        description="public holidays of the audience: passed over, proposed but named, or not looked at",
    )
    country: Country | None = Field(
        default=None, description="whose holidays: `NO`, `US-CA`; the zone's country without it"
    )
    countries: dict[str, Country] = Field(
        default_factory=dict, description="another country for a channel, a locale, or both"
    )

    def zone_for(self, channel: str, locale: str, workspace: str) -> str:
        """Return the audience's zone of a channel and locale; `workspace`: the workspace's own."""
        return _said(self.zones, channel, locale) or self.zone or workspace

    def quiet_for(self, channel: str, locale: str) -> Quiet:
        """Return the quiet hours there."""
        return read_quiet(_said(self.quiet_on, channel, locale) or self.quiet)

    def country_for(self, channel: str, locale: str) -> str | None:
        """Return the country whose holidays count there, if one was said."""
        return _said(self.countries, channel, locale) or self.country


def _said(by: dict[str, str], channel: str, locale: str) -> str | None:
    return next((by[key] for key in (f"{channel}:{locale}", channel, locale) if key in by), None)
