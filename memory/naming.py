"""Whom a text names: the works that say a person's name, as author, as speaker or anywhere in their words."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import regex
from sqlalchemy import Connection, Engine, select

from memory.tables import works

_UNSEEN = regex.compile(r"\p{Cf}+")
_MANY = 500

_Read = dict[str, tuple[int, str]]  # work id -> the version and hash that were read


class _Seen(NamedTuple):
    """What was read of a workspace's works for one name, so that only what is new is read again."""

    read: _Read
    named: set[str]


_KEPT: WeakKeyDictionary[Engine, defaultdict[tuple[str, str], _Seen]] = WeakKeyDictionary()


def names(person: str, payload: Any) -> bool:
    """Say whether any text in a payload names a person: in whole words, in any case, with or without a genitive s.

    In scripts that set no spaces (or where a name ends in a sign) it is enough that the name is there.
    """
    pattern = _pattern(person)
    return any(pattern.search(folded(text)) for text in _texts(payload))


def naming(conn: Connection, workspace: str, people: Iterable[str]) -> frozenset[str]:
    """Return the ids of a workspace's works that name any of these people, in their text or in what is known of them.

    A work is read once for a name and process, and again when it changes: thousands take a second.
    """
    wanted = sorted(set(map(folded, people)))
    if not wanted:
        return frozenset()
    rows = select(works.c.id, works.c.version, works.c.content_hash).where(works.c.workspace == workspace)
    now: _Read = {row.id: (row.version, row.content_hash) for row in conn.execute(rows)}
    return frozenset[str]().union(*(_named(conn, workspace, person, now) for person in wanted))


def folded(text: str) -> str:
    """Return a text as names are looked for in it: one case, one width, without signs that nobody sees."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


def _named(conn: Connection, workspace: str, person: str, now: _Read) -> set[str]:
    kept = _KEPT.setdefault(conn.engine, defaultdict(lambda: _Seen({}, set())))
    before = kept[workspace, person]
    new = [work_id for work_id, state in now.items() if before.read.get(work_id) != state]
    named = before.named.intersection(now).difference(new) | set(_saying(conn, person, new))
    kept[workspace, person] = _Seen(now, named)  # in one step: threads share it, and each of them would find the same
    return named


def _saying(conn: Connection, person: str, ids: list[str]) -> Iterator[str]:
    pattern = _pattern(person)
    said = (works.c.title, works.c.body, works.c.excerpt, works.c.tags, works.c.authors, works.c.extra)
    for first in range(0, len(ids), _MANY):
        rows = select(works.c.id, *said).where(works.c.id.in_(ids[first : first + _MANY]))
        for work_id, *texts in conn.execute(rows):
            if any(pattern.search(folded(text)) for text in _texts(texts)):
                yield work_id


@lru_cache(maxsize=256)
def _pattern(person: str) -> re.Pattern[str]:
    name = folded(person)
    before = r"(?<!\w)" if _in_words(name[0]) else ""
    after = r"(?:['’]?s)?(?!\w)" if _in_words(name[-1]) else ""
    return re.compile(before + re.escape(name).replace(r"\ ", r"\s+") + after)


def _in_words(character: str) -> bool:
    return character.isdigit() or character.upper() != character.lower()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
