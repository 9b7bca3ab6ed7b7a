"""Who says what in a transcript: only the creator's own words are their voice.

A name at the start of a paragraph, before a colon, is a speaker where it recurs. A speaker is the creator where that
name is the workspace's or one of the work's authors' (a first name alone will do). Where several people speak and none
of them is known to be the creator, the work is not measured at all: a guest's words must not pass for the creator's.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from core.works import Work

_LABEL = re.compile(
    r"[ \t]*\*{0,2}([^\W\d_a-z][\w .,'’-]{0,40}?)(?:[ \t]*\\?\[[\d:.]+\\?\])?[ \t]*:\*{0,2}[ \t]+(?=\S)"
)
_RECURS = 3
"""Paragraphs that a name starts, at least: “Remember: …” is no speaker."""

_MOSTLY = 0.3
"""Of a text's paragraphs, how many must start with a speaker where no importer said who speaks."""


def own_words(work: Work, names: Sequence[str]) -> str | None:
    """Return what the creator says in a work: all of it where nobody else speaks, None where it can't be told."""
    paragraphs = work.body.split("\n")
    speakers = _speakers(paragraphs, work.extra.get("speakers") or ())
    if not speakers:
        return work.body
    creators = [names, work.authors]
    mine = next((own for known in creators if (own := {who for who in speakers if _is_one_of(who, known)})), None)
    if mine is None:
        return work.body if len(speakers) == 1 else None
    return "\n".join(_said_by(paragraphs, speakers, mine))


def _speakers(paragraphs: Sequence[str], said: Sequence[str]) -> set[str]:
    counts = Counter(match[1] for paragraph in paragraphs if (match := _LABEL.match(paragraph)))
    named = {name for name in counts if name in said}
    if named:
        return named
    recurring = {name for name, times in counts.items() if times >= _RECURS}
    written = sum(1 for paragraph in paragraphs if paragraph.strip())
    return recurring if sum(counts[name] for name in recurring) >= _MOSTLY * written else set()


def _is_one_of(speaker: str, known: Sequence[str]) -> bool:
    words = _words(speaker)
    return any(words and (words <= _words(name) or (_words(name) and _words(name) <= words)) for name in known)


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", name.casefold()))


def _said_by(paragraphs: Sequence[str], speakers: set[str], mine: set[str]) -> Iterator[str]:
    """Yield the creator's paragraphs without the name; one without a name goes on with who spoke last."""
    theirs = False
    for paragraph in paragraphs:
        match = _LABEL.match(paragraph)
        named = match is not None and match[1] in speakers
        if match and named:
            theirs = match[1] in mine
        if theirs or not paragraph.strip():
            yield paragraph[match.end() :] if match and named else paragraph
