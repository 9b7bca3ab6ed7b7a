"""Mastodon's length of a post, written here a second time so that the fake doesn't believe the code it tests.

Taken from Mastodon's StatusLengthValidator: graphemes of warning + text, where a link with its protocol counts 23 and a
remote mention only its local part. Simpler than Mastodon's: a link ends at a space or `<>"`, less closing punctuation.
"""

import regex

_LINK = regex.compile(r"""https?://[^\s<>"]*[^\s<>"'.,;:!?()\[\]]""", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<=^|[^/\w])@([a-z0-9_]+)@[a-z0-9.\-]+[a-z0-9]+", regex.IGNORECASE)
_GRAPHEME = regex.compile(r"\X")


def length(text: str, warning: str = "", *, link: int = 23) -> int:
    """Return how many characters of the limit a text and its warning use."""
    text = _MENTION.sub(r"@\1", _LINK.sub("x" * link, text))
    return len(_GRAPHEME.findall(warning)) + len(_GRAPHEME.findall(text))
