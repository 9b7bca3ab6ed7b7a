"""Locales as people write them: en, es, pt-BR."""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

from core.errors import BadInput

_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_HOW = "Write it as en, es or pt-BR."
_NEAREST = 3


def checked(locale: str) -> str:
    """Return the locale; BadInput, with those that are like it, where its language, script or region is none.

    Source: the registries that CLDR carries (babel).
    """
    if not _LOCALE.fullmatch(locale):
        raise BadInput(f"{locale!r} is no locale.", _hint(locale))
    language, *rest = locale.split("-")
    if language.lower() not in _languages():
        raise BadInput(f"{locale!r} is no locale: no language is {language!r}.", _hint(locale))
    for part in rest:
        if (kind := _unknown(part)) is not None:
            raise BadInput(f"{locale!r} is no locale: no {kind} is {part!r}.", _hint(locale))
    return locale


def _unknown(part: str) -> str | None:
    """Return what a subtag by its form would be, where it is none that is known; a variant may be anything."""
    scripts, regions = _parts()
    if len(part) == 4 and part.isalpha():
        return None if part.title() in scripts else "script"
    if (len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdecimal()):
        return None if part.upper() in regions else "region"
    return None


def _hint(given: str) -> str:
    near = _nearest(given)
    return f"{_HOW} Nearest: {', '.join(near)}." if near else _HOW


def _nearest(given: str) -> list[str]:
    """Return locales that may be meant: by a language's English name, else by a code that is like the given one."""
    folded = given.strip().replace("_", "-").casefold()
    names = _names()
    by_name = [names[name] for name in get_close_matches(folded, names, n=_NEAREST, cutoff=0.8)]
    if by_name:
        return list(dict.fromkeys(by_name))
    head = folded.partition("-")[0]
    if head in _languages():
        places = [each for each in _written() if each.startswith(f"{head}-")]
        usual = {each.casefold(): each for each in places}
        return [usual[each] for each in get_close_matches(folded, usual, n=_NEAREST, cutoff=0.5)] or [head]
    codes = dict.fromkeys(code for code in names.values() if len(code) <= 3 and code in _languages())
    return get_close_matches(head, codes, n=_NEAREST, cutoff=0.5)


@lru_cache(maxsize=1)
def _written() -> tuple[str, ...]:
    """Return the locales of which CLDR tells how they are written."""
    from babel.localedata import locale_identifiers

    return tuple(each.replace("_", "-") for each in locale_identifiers())


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    from babel.core import get_global

    likely = (key.partition("_")[0] for key in get_global("likely_subtags"))
    return frozenset({*_names().values(), *get_global("language_aliases"), *likely}) - {"und", "mul", "mis", "zxx"}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return the code of each language by its English name, case-folded."""
    from babel import Locale

    return {name.casefold(): code.replace("_", "-") for code, name in Locale("en").languages.items()}


@lru_cache(maxsize=1)
def _parts() -> tuple[frozenset[str], frozenset[str]]:
    """Return the scripts and the regions."""
    from babel import Locale

    english = Locale("en")
    return frozenset(english.scripts), frozenset(english.territories) - {"ZZ"}


RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "glk", "he", "iw", "ks", "lrc", "mzn", "nqo", "pnb", "ps", "sd", "ug", "ur", "yi"}
)
_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def direction(locale: str) -> Literal["rtl", "ltr"]:
    """Return which way a locale is written: by its script where it names one (az-Arab), else by its language."""
    language, *rest = locale.replace("_", "-").lower().split("-")
    script = next((each for each in rest if len(each) == 4 and each.isalpha()), "")
    return "rtl" if (script in _SCRIPTS if script else language in RIGHT_TO_LEFT) else "ltr"
