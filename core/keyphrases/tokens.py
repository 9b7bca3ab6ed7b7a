"""A text as words and breaks, with their places."""

import re
from collections.abc import Iterator
from typing import NamedTuple

BREAK = "."
"""What stands for everything that no phrase runs across: a stop, a comma, a bracket, a heading's end."""

_TOKEN = re.compile(
    r"""(?P<skip>https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w[\w.-]*|[@\#]\w+)
    |(?P<word>[^\W_]+(?:(?:[-‐‑–—'’/+&.·]|(?<=[^\W\d_])\*)[^\W_]+)*(?:\+\+|\#|\*(?=\s))?)
    |(?P<mark>\n[ \t]*\n|[^\w\s])""",
    re.VERBOSE,
)
_POSSESSIVE = re.compile(r"['’]s?$")
_FINDER = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}['’]s? [a-z]{3}")
_HEADING_LINE = re.compile(r"\A\s*(\S[^\n]*(?:\n[ \t]+\S[^\n]*)*)\n(?=\S)")
_MOST_HEADING_WORDS = 30


class Token(NamedTuple):
    """A word, or a break (`text` is then BREAK). Places count characters, end exclusive."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_break(self) -> bool:
        """Say whether no phrase runs across it."""
        return self.low == BREAK


def tokens(text: str) -> list[Token]:
    """Return the words and breaks of a text, in order; a possessive's end and a first line without a stop break too."""
    title = _end_of_title(text)
    found: list[Token] = []
    for token in _read(text):
        if title and token.start >= title:
            found.append(Token(BREAK, BREAK, title, title))
            title = 0
        found.append(token)
        mark = None if token.is_break else _POSSESSIVE.search(token.text)
        if mark and mark.start() and not _names_its_finder(text, token):
            cut = token.start + mark.start()
            found[-1] = Token(token.text[: mark.start()], token.low[: mark.start()], token.start, cut)
            found.append(Token(BREAK, BREAK, cut, token.end))
    return found


def _names_its_finder(text: str, token: Token) -> bool:
    """Say whether it is a name that belongs to what follows: "Young's modulus", and not "a user's city"."""
    return token.text[0].isupper() and _FINDER.match(text, token.start) is not None


def _read(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match["word"]:
            word = match["word"].replace("’", "'").replace("‐", "-").replace("‑", "-")
            yield Token(match["word"], word.lower(), start, end)
        else:
            yield Token(BREAK, BREAK, start, end)


def _end_of_title(text: str) -> int:
    """Return where a first line ends that is a heading: short, without a stop, the next one begins anew; else 0."""
    first = _HEADING_LINE.match(text)
    if not first:
        return 0
    line, rest = first[1].rstrip(), text[first.end() :]
    is_short = len(line.split()) <= _MOST_HEADING_WORDS
    return first.end(1) if is_short and line[-1] not in ",;:-(" and not rest[0].islower() else 0
