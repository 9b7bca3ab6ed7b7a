"""Keep what no translator may touch out of an engine's hands: each such piece becomes a mark, and comes back after it.

Placeholders, links, handles, hashtags, emoji, code, and the terms that stay as they are.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import regex

from core import links
from core.localization import tokens

_MARK = "ZXQ{}X"
_MARKED = regex.compile(r"[ZzＺ][XxＸ][QqＱ]\s?(\d+)\s?[XxＸ]")


class Protected(NamedTuple):
    """A text with marks in it, and what each of them stands for."""

    text: str
    kept: tuple[str, ...]


def protect(text: str, terms: Iterable[str] = ()) -> Protected:
    """Return the text with a mark in place of everything that must come back as it is."""
    kept: list[str] = []
    parts, at = [], 0
    for start, end in _spans(text, terms):
        parts += [text[at:start], _MARK.format(len(kept))]
        kept.append(text[start:end])
        at = end
    return Protected("".join(parts) + text[at:], tuple(kept))


def restored(translated: str, protected: Protected) -> str | None:
    """Return a translation with its pieces back in their places; None where a mark is lost, doubled or made up."""
    found = [int(number) for number in _MARKED.findall(translated)]
    if sorted(found) != list(range(len(protected.kept))):
        return None
    return _MARKED.sub(lambda mark: protected.kept[int(mark[1])], translated)


def pieces(protected: Protected) -> list[str]:
    """Return the words between the marks, one more than there are marks: for an engine that loses marks."""
    return regex.split(r"ZXQ\d+X", protected.text)


def joined(translated: Sequence[str], protected: Protected) -> str:
    """Return what was translated piece by piece, with what was kept between the pieces and the spaces as they were."""
    made = []
    for at, piece in enumerate(pieces(protected)):
        before, after = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
        words = translated[at].strip()
        made += [before, words, after if piece.strip() else "", *protected.kept[at : at + 1]]
    return "".join(made)


def _spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    found = [(link.start, link.end) for link in links.find(text)]
    found += [span for kind in (*tokens.STANDING, "url") for span in tokens.places(kind, text)]
    found += [mark.span() for mark in _MARKED.finditer(text)]  # one that the text says itself is none of ours
    found += [
        match.span()
        for term in sorted(set(terms), key=len, reverse=True)
        if term.strip()
        for match in regex.finditer(rf"(?<!\w){regex.escape(term)}(?!\w)", text, _case(term))
    ]
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if end > start and (not chosen or start >= chosen[-1][1]):
            chosen.append((start, end))
    return chosen


def _case(term: str) -> int:
    """Let a term in small letters stand at a sentence's start as well; one with capitals is a name."""
    return int(regex.IGNORECASE) if term == term.lower() else 0
