"""A thread in one text: a line that holds only `---` (three or more hyphens) stands between two of its posts."""

from typing import NamedTuple

import regex

from core.channels import Channel

_BREAK = regex.compile(r"^[ \t]*-{3,}[ \t\r]*$", regex.MULTILINE)


class Post(NamedTuple):
    """One post as it stands in a text: `text == source[start:end]`."""

    start: int
    end: int
    text: str


def split(text: str) -> tuple[str, ...]:
    """Return the posts of a text in order, without the blank space around the lines between them.

    A text without such a line is one post, as it is; so is one that holds nothing else.
    """
    return tuple(post.text for post in _posts(text))


def posts(place: Channel, text: str) -> tuple[Post, ...]:
    """Return the posts (or slides) that a text becomes on a channel: the whole text where it has neither."""
    return _posts(text) if place.threads or place.slides else (Post(0, len(text), text),)


def _posts(text: str) -> tuple[Post, ...]:
    breaks = list(_BREAK.finditer(text))
    edges = zip([0, *(each.end() for each in breaks)], [*(each.start() for each in breaks), len(text)], strict=True)
    found = tuple(_trimmed(text, start, end) for start, end in edges if text[start:end].strip()) if breaks else ()
    return found or (Post(0, len(text), text),)


def _trimmed(text: str, start: int, end: int) -> Post:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Post(start, start + len(piece.strip()), piece.strip())
