"""Numbers, dates and units as a locale writes them, by CLDR (babel)."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from core.errors import BadInput
from core.localization.marks import QUOTES
from core.localization.pair import language

Length = Literal["short", "medium", "long", "full"]


def number(value: int | float | Decimal, locale: str) -> str:
    """Return a number with the locale's digits, decimal mark and groups: 1.234,5 in German."""
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=_known(locale)))


def percent(share: float, locale: str) -> str:
    """Return a share, 0 to 1, as a percentage: 12 % in French."""
    from babel.numbers import format_percent

    return str(format_percent(share, format=None, locale=_known(locale)))


def day(at: date | datetime, locale: str, length: Length = "long") -> str:
    """Return a day: 2 de marzo de 2026 in Spanish, 2026年3月2日 in Japanese."""
    from babel.dates import format_date

    return str(format_date(at, format=length, locale=_known(locale)))


def measure(value: int | float, unit: str, locale: str, length: Literal["short", "long", "narrow"] = "long") -> str:
    """Return a value with its unit by CLDR's name (`length-kilometer`, `mass-kilogram`, `duration-hour`)."""
    from babel.units import UnknownUnitError, format_unit

    try:
        return str(format_unit(value, unit, length=length, locale=_known(locale)))
    except (UnknownUnitError, KeyError):
        raise BadInput(f"{unit!r} is no unit that CLDR knows.", "For example: length-kilometer.") from None


def samples(locale: str) -> dict[str, str]:
    """Return how a locale writes a number, a share, a day, a time, a distance and a quotation; nothing CLDR lacks."""
    from babel.dates import format_time

    try:
        known = _known(locale)
    except BadInput:
        return {}
    marks = QUOTES.get(language(locale), "")
    said = {
        "number 12345.6": number(Decimal("12345.6"), locale),
        "12 percent": percent(0.12, locale),
        "2 March 2026": day(date(2026, 3, 2), locale),
        "5:30 pm": str(format_time(time(17, 30), format="short", locale=known)),
        "3.5 kilometres": measure(3.5, "length-kilometer", locale, "short"),
    }
    return said | ({"a quotation": f"{marks[0]}…{marks[1]}"} if marks else {})


def _known(locale: str) -> str:
    """Return a locale as babel names it; BadInput where CLDR has none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(locale.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        raise BadInput(f"CLDR has no locale {locale!r}.", "Write it as en, es or pt-BR.") from None
