"""A text as it was written and as X gives it back: links shortened, some signs escaped, a link added for pictures."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_LAST_SLASH = re.compile(r"/(?=\s|$)")
_SPACE = re.compile(r"\s+")
_SIGNS = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_SIGN = re.compile("|".join(_SIGNS))


def same(tweet: Mapping[str, Any], text: str) -> bool:
    """Say whether a post that X gives back says what was written."""
    return _bare(as_written(tweet)) == _bare(text)


def as_written(tweet: Mapping[str, Any]) -> str:
    """Return a post's text with its links as they lead, without the one that X adds for pictures."""
    urls = (tweet.get("entities") or {}).get("urls") or ()
    leads = {str(each["url"]): "" if each.get("media_key") else str(each.get("expanded_url", "")) for each in urls}
    whole = str(tweet.get("text", ""))
    if not leads:
        return _unescaped(whole)
    pieces = re.split("(" + "|".join(re.escape(url) for url in sorted(leads, key=len, reverse=True)) + ")", whole)
    return "".join(leads[piece] if piece in leads else _unescaped(piece) for piece in pieces)


def _unescaped(text: str) -> str:
    return _SIGN.sub(lambda found: _SIGNS[found[0]], text)


def _bare(text: str) -> str:
    """Return what X leaves as it is: it may trim spaces, compose characters, and complete a bare domain."""
    text = _SCHEME.sub("", unicodedata.normalize("NFC", text))
    return _SPACE.sub("", _LAST_SLASH.sub("", text)).casefold()
