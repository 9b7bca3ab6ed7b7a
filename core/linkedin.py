"""LinkedIn's text form: reserved characters are escaped, or the text is silently cut at the first one."""

import regex

RESERVED = frozenset("\\{}@[]()<>#*_~|")

_ESCAPED = regex.compile(r"\\([\\{}@\[\]()<>#*_~|])")


def escape(text: str) -> str:
    """Return `text` as the `commentary` that shows exactly these characters."""
    return "".join("\\" + char if char in RESERVED else char for char in text)


def unescape(commentary: str) -> str:
    """Return the text that a `commentary` shows; the inverse of `escape`."""
    return _ESCAPED.sub(r"\1", commentary)
