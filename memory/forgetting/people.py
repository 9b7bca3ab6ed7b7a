"""A person's part in works: what they wrote alone, or with others, and what they said in a conversation."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from core.works import Work
from memory.forgetting.case import Case
from memory.forgetting.names import Name
from memory.quotes import replaced

_TURN = re.compile(r"(?:\*\*([^*\n]{1,80}):\*\*|([^\W\d_][^:\n]{0,60}):)[ \t]*(?=\S)")
"""The start of a paragraph that says who speaks: as our transcripts have it, or plainly."""


def is_alone(work: Work, name: Name) -> bool:
    """Say whether a work is this person's and nobody else's."""
    people = [*work.authors, *_speakers(work)]
    return bool(people) and all(name.is_(each) for each in people)


def has_part(work: Work, name: Name) -> bool:
    """Say whether a work names the person as an author or a speaker."""
    return any(name.is_(each) for each in (*work.authors, *_speakers(work))) or bool(turns_of(work.body, name, work))


def turns_of(body: str, name: Name, work: Work) -> list[tuple[int, int]]:
    """Return where the person's turns in a conversation begin and end."""
    known = set(_speakers(work))
    turns, speaking = [], False
    for start, end, speaker in _paragraphs(body, known, name):
        if speaker is not None:
            speaking = name.is_(speaker)
        if speaking:
            turns.append((start, end))
    return turns


def without_them(work: Work, name: Name, *, mentions: bool) -> Work:
    """Return a work without the person's name and turns; with `mentions`, without their name wherever it stands."""
    turns = turns_of(work.body, name, work)
    body, moved = _cut(work.body, turns)
    extra = {key: value for key, value in work.extra.items() if not name.is_(key)}
    extra = name.blank_whole(_listed_without(extra, name))
    if "timestamps" in extra:
        extra["timestamps"] = [[at, moved(place)] for at, place in extra["timestamps"] if not _within(place, turns)]
    changes: dict[str, Any] = {
        "authors": tuple(each for each in work.authors if not name.is_(each)),
        "tags": tuple(each for each in work.tags if not name.is_(each)),
        "body": body,
        "extra": extra,
    }
    if mentions:
        changes |= {"title": name.blank_text(work.title), "excerpt": name.blank_text(work.excerpt)}
        changes |= {"body": name.blank_text(body), "extra": replaced(extra, name.blank_text)}
        changes["tags"] = tuple(name.blank_text(each) for each in changes["tags"])
    return work.model_copy(update=changes)


def said_by(versions: tuple[Work, ...], name: Name) -> Iterator[str]:
    """Yield what the person said in a work, turn by turn, in every version of it."""
    for version in versions:
        yield from (version.body[start:end] for start, end in turns_of(version.body, name, version))


def names_them(work: Work, name: Name) -> bool:
    """Say whether a work names the person anywhere."""
    return name.in_value([work.title, work.body, work.excerpt, list(work.tags), work.extra])


def rewrite(conn: Connection, case: Case) -> int:
    """Put each shared work without the person in its place, as its only version; return how many."""
    from memory.near_duplicates import Neighbours, store
    from memory.works import rewrite as put

    assert case.name is not None
    neighbours = Neighbours(case.workspace)
    neighbours.read(conn)
    for versions in case.shared:
        new = without_them(versions[-1], case.name, mentions=case.wish.mentions)
        put(conn, new)
        store(conn, case.workspace, new.id, neighbours.place(conn, new.id, new.body))
    return len(case.shared)


def _speakers(work: Work) -> list[str]:
    found = work.extra.get("speakers")
    return [str(each) for each in found] if isinstance(found, list) else []


def _paragraphs(body: str, known: set[str], name: Name) -> Iterator[tuple[int, int, str | None]]:
    """Yield each paragraph and who it says speaks: in bold, or as a known speaker (or this person) and a colon."""
    for paragraph in re.finditer(r"[^\n]+(?:\n(?!\n)[^\n]+)*", body):
        for start, end in _lines_of_speakers(paragraph, known, name):
            turn = _TURN.match(body, start, end)
            speaker = (turn[1] or turn[2]) if turn else None
            yield start, end, speaker if speaker and (turn[1] or _speaks(speaker, known, name)) else None  # type: ignore[index]


def _lines_of_speakers(paragraph: "re.Match[str]", known: set[str], name: Name) -> Iterator[tuple[int, int]]:
    """Split a paragraph where its lines begin with a speaker; most have one at the most, at their start."""
    start = paragraph.start()
    for line in re.finditer(r"\n", paragraph.group()):
        at = paragraph.start() + line.end()
        turn = _TURN.match(paragraph.string, at, paragraph.end())
        if turn and (turn[1] or _speaks(turn[2], known, name)):
            yield start, at - 1
            start = at
    yield start, paragraph.end()


def _speaks(speaker: str, known: set[str], name: Name) -> bool:
    return speaker in known or name.is_(speaker)


def _cut(body: str, turns: list[tuple[int, int]]) -> tuple[str, Any]:
    """Return the body without these stretches, and what says where a place in it is now."""
    parts, at, gone = [], 0, [(0, 0)]
    for start, end in turns:
        parts.append(body[at:start])
        at = end + len(body[end:]) - len(body[end:].lstrip("\n"))
        gone.append((at, gone[-1][1] + at - start))
    text = "".join([*parts, body[at:]])

    def moved(place: int) -> int:
        return place - max(shift for border, shift in gone if border <= place)

    return text.rstrip("\n") if turns else text, moved


def _within(place: int, turns: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in turns)


def _listed_without(value: Any, name: Name) -> Any:
    """Return a plain JSON value without the name as an entry of its lists."""
    if isinstance(value, list):
        return [_listed_without(each, name) for each in value if not (isinstance(each, str) and name.is_(each))]
    if isinstance(value, dict):
        return {key: _listed_without(each, name) for key, each in value.items()}
    return value
