"""Numbers, dates and units as a locale writes them, by CLDR (babel)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from core.errors import BadInput

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


def _known(locale: str) -> str:
    """Return a locale as babel names it; BadInput where CLDR has none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(locale.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        raise BadInput(f"CLDR has no locale {locale!r}.", "Write it as en, es or pt-BR.") from None
