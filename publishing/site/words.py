"""The site's own few words and its dates, in the language of the piece."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
ALIASES = {"no": "nb", "nn": "nb"}


def language(locale: str) -> str:
    """Return the ISO 639 part of a BCP 47 tag."""
    return locale.partition("-")[0].lower()


def direction(locale: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if language(locale) in RIGHT_TO_LEFT else "ltr"


def words(locale: str) -> dict[str, Any]:
    """Return the site's words in this language, else in English; `lang` says which."""
    lang = _key(locale) if _key(locale) in _tables() else "en"
    return {"lang": lang, **_tables()[lang]}


def long_date(day: date, locale: str) -> str:
    """Return `20 November 2026` as the language writes it, else `2026-11-20`."""
    table = _tables().get(_key(locale))
    if table is None:
        return day.isoformat()
    written: str = table["date"].format(d=day.day, m=table["months"][day.month - 1], y=day.year)
    return written


def _key(locale: str) -> str:
    found = language(locale)
    return ALIASES.get(found, found)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    )
    return tables
