"""Locales as people write them: en, es, pt-BR."""

import re

from core.errors import BadInput

_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def checked(locale: str) -> str:
    """Return the locale; BadInput where it is none."""
    if not _LOCALE.fullmatch(locale):
        raise BadInput(f"{locale!r} is no locale.", "Write it as en, es or pt-BR.")
    return locale
