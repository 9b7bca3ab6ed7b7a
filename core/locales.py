"""Locales as people write them: en, es, pt-BR."""

import re
from typing import Literal

from core.errors import BadInput

_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def checked(locale: str) -> str:
    """Return the locale; BadInput where it is none."""
    if not _LOCALE.fullmatch(locale):
        raise BadInput(f"{locale!r} is no locale.", "Write it as en, es or pt-BR.")
    return locale


RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "glk", "he", "iw", "ks", "lrc", "mzn", "nqo", "pnb", "ps", "sd", "ug", "ur", "yi"}
)
_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def direction(locale: str) -> Literal["rtl", "ltr"]:
    """Return which way a locale is written: by its script where it names one (az-Arab), else by its language."""
    language, *rest = locale.replace("_", "-").lower().split("-")
    script = next((each for each in rest if len(each) == 4 and each.isalpha()), "")
    return "rtl" if (script in _SCRIPTS if script else language in RIGHT_TO_LEFT) else "ltr"
