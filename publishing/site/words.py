"""The site's own few words and its dates, in the language of the piece."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ALIASES = {"no": "nb", "nn": "nb"}


def language(locale: str) -> str:
    """Return the ISO 639 part of a BCP 47 tag."""
    return locale.partition("-")[0].lower()


def words(locale: str) -> dict[str, Any]:
    """Return the site's words in this language, else in English; `lang` says which."""
    lang = _key(locale) if _key(locale) in _tables() else "en"
    return {"lang": lang, **_tables()[lang]}


def list_words(locale: str, **named: str) -> dict[str, str]:
    """Return a newsletter's own words in this language, else in English; `named` fills their gaps."""
    lang = _key(locale) if _key(locale) in _tables("list_words") else "en"
    said = {key: word.format_map(_Gaps(named)) for key, word in _tables("list_words")[lang].items()}
    return {"lang": lang, **said}


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


class _Gaps(dict[str, str]):
    """A gap that nobody fills yet stays as it is."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


@cache
def _tables(file: str = "words") -> dict[str, dict[str, Any]]:
    text = (Path(__file__).parent / f"{file}.yaml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return tables
