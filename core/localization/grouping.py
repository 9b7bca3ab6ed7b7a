"""Thousands that became a fraction: 14,250 says fourteen and a quarter where a comma is the decimal mark."""

from collections.abc import Iterator
from functools import lru_cache

import regex

from core.drafts import Finding
from core.localization.pair import Pair

_GROUPED = regex.compile(r"(?<![\d.,/:-])(?P<whole>[1-9]\d{0,2})(?P<mark>[.,])(?P<rest>\d{3})(?![\d/:-]|[.,]\d)")
_EITHER = frozenset({"es"})
"""Languages that write both marks, by country: nothing is said of them where no country is given."""


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield the thousands of the source that stand as they were where the target's locale reads a fraction."""
    ours, theirs = _marks(pair.source_language), _marks(pair.locale)
    if ours is None or theirs is None or pair.locale.lower() in _EITHER:
        return
    source, target = pair.prose
    thousands = {match[0] for match in _GROUPED.finditer(source) if match["mark"] == ours[1]}
    for match in _GROUPED.finditer(target):
        if match[0] in thousands and match["mark"] == theirs[0]:
            written = f"{match['whole']}{theirs[1]}{match['rest']}"
            message = f"{match[0]} is a fraction in this language: its thousands are written {written}."
            yield Finding(rule="number", severity="error", message=message, span=match.span())


@lru_cache(maxsize=64)
def _marks(locale: str) -> tuple[str, str] | None:
    """Return a locale's decimal mark and the mark of its thousands, by CLDR; None where it has none."""
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol, get_group_symbol

    if not locale:
        return None
    try:
        known = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
    return get_decimal_symbol(known), get_group_symbol(known)
