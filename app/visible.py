"""What a terminal would obey, made visible: text of works, drafts and models is shown, never carried out."""

import re
from typing import TextIO

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")
"""Control characters but for tab and line feed, halves of pairs, and what turns the order of the signs that follow."""


def visible(text: str) -> str:
    """Return a text without what a terminal would obey: control characters are shown as signs."""
    return _OBEYED.sub(_sign, text.replace("\r\n", "\n"))


def escaped(json: str) -> str:
    """Return JSON that says the same, with what a terminal would obey as escapes: JSON itself escapes but a part."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}" if ord(found[0]) > 0x20 else found[0], json)


def shown_on(stream: TextIO, text: str) -> str:
    """Return a text that is printed as it is: a terminal gets it visible, a pipe or a file every character."""
    return visible(text) if stream.isatty() else text


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"
