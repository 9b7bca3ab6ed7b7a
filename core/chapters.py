"""Chapters of a film or an episode: lines such as `04:14 What conditioning is`, and what a platform asks of them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

LEAST = 3  # YouTube Help, "Video chapters": at least three timestamps, in ascending order, the first 00:00
SHORTEST_S = 10  # YouTube Help: no chapter shorter than 10 seconds

_TIME = r"(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)"
_LINE = re.compile(
    rf"^[ \t]*(?:[-*•][ \t]+)?[(\[]?{_TIME}[)\]]?[ \t]*(?:[-–—:|][ \t]*)?(?=\S)(?P<title>.+?)[ \t]*$", re.M
)
_MARK = re.compile(rf"\\?\[{_TIME}\\?\]")


class Chapter(NamedTuple):
    """One chapter as it stands in a text."""

    at: int  # seconds from the beginning
    title: str
    start: int
    end: int


class Moment(NamedTuple):
    """Where a transcript says what time it is: seconds, and the offset of the words that are said then."""

    at: int
    offset: int


def chapters_in(text: str) -> tuple[Chapter, ...]:
    """Return the chapters that a text lists, in its order."""
    found = (_LINE.finditer(text)) if ":" in text else ()
    return tuple(Chapter(_seconds(each), each["title"], each.start(), each.end()) for each in found)


def moments_in(text: str) -> tuple[Moment, ...]:
    """Return the times that stand in a transcript's own words, such as `[04:14]`; those that run backwards are left."""
    kept: list[Moment] = []
    for found in _MARK.finditer(text):
        moment = Moment(_seconds(found), found.end())
        if not kept or moment.at > kept[-1].at:
            kept.append(moment)
    return tuple(kept)


def stamp(seconds: int) -> str:
    """Return seconds as a viewer writes them: `04:14`, `1:02:03`."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def problems(chapters: Sequence[Chapter]) -> Iterator[tuple[str, Chapter]]:
    """Yield what keeps a platform from showing the chapters, each with the chapter it is about."""
    if not chapters:
        return
    if chapters[0].at:
        yield f"The first chapter begins at {stamp(chapters[0].at)}; it must begin at 00:00.", chapters[0]
    if len(chapters) < LEAST:
        yield f"There are {len(chapters)} chapters; they show from {LEAST} on.", chapters[-1]
    for before, after in pairwise(chapters):
        if after.at <= before.at:
            yield f"“{after.title}” begins at {stamp(after.at)}, not after the chapter before it.", after
        elif after.at - before.at < SHORTEST_S:
            yield f"“{before.title}” lasts {after.at - before.at} s; a chapter lasts at least {SHORTEST_S} s.", before


def _seconds(found: re.Match[str]) -> int:
    hours, minutes, seconds = (int(found[n] or 0) for n in (1, 2, 3))
    return hours * 3600 + minutes * 60 + seconds
