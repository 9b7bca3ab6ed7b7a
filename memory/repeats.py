"""Which past works a text may repeat: the full text finds runs of its words, MinHash what is alike as a whole."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from core.outcomes import in_words
from core.repetition import Gram, Past, grams_of, windows
from memory.consents import revoked_works
from memory.database import Database
from memory.gone_out import gone_out
from memory.outcomes import figures
from memory.runs import works_with
from memory.tables import near_duplicates, works

MOST_WINDOWS = 96
"""Runs of words that are looked up, evenly over a longer text: what is repeated in earnest repeats more than one."""

IN_MANY = 30
"""Works from which a run of four words is anybody's, or a sign-off: it names no piece."""

LOOKED_AT = 12
"""Works that are read and compared word by word: those that hold most of the text's rarer runs."""

_MANY_RUNS = 8


@dataclass(frozen=True)
class Suspects:
    """The works and posts to compare with, and the words that stand in so many that they count for nothing."""

    past: tuple[Past, ...]
    usual: frozenset[Gram] = frozenset()


class Repeats:
    """Finds what may be repeated among all works of a workspace; `core.repetition` says what is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def suspects(
        self, workspace: str, text: str, *, besides: Collection[str] = (), brief_id: str | None = None
    ) -> Suspects:
        """Return the works, and the posts that went out, that a text shares words with, or is like as a whole.

        `besides` are works and publications that it is meant to repeat, and `brief_id` the brief that it is for:
        neither they nor their versions are among them, and nothing whose consent was revoked is.
        """
        from memory.near_duplicates import Neighbours  # numpy: nobody who only reads should pay for it

        with self._database.read() as conn:
            runs = windows(text)[:: _stride(text)]
            holders, usual = _holders(conn, workspace, runs)
            alike = Neighbours(workspace)
            alike.read(conn)
            ids = list(dict.fromkeys([*holders, *alike.alike(text)]))[: 2 * LOOKED_AT]
            families = _families(conn, [*ids, *besides])
            left_out = {families[work_id] for work_id in besides} | set(revoked_works(conn, workspace))
            wanted = [each for each in ids if not {each, families[each]} & left_out][:LOOKED_AT]
            out = gone_out(conn, workspace, runs, brief_id=brief_id, besides=besides, most=LOOKED_AT)
            return Suspects((*_past(conn, workspace, wanted, families), *out), usual)


def _stride(text: str) -> int:
    return 1 + len(text.split()) // (2 * MOST_WINDOWS)


def _holders(conn: Connection, workspace: str, runs: Sequence[Gram]) -> tuple[list[str], frozenset[Gram]]:
    """Return the works that hold runs of words, those that hold most first, and the word triples that many hold."""
    few = len(runs) < _MANY_RUNS
    held: Counter[str] = Counter()
    usual: set[Gram] = set()
    for run, found in works_with(conn, workspace, runs, most=IN_MANY, across=few):
        if len(found) == IN_MANY:
            usual.update(grams_of(run))
        else:
            held.update(dict.fromkeys(found, 1))
    least = 1 if few else 2  # one run of four common words in a longer text is chance
    return [work_id for work_id, count in held.most_common() if count >= least], frozenset(usual)


def _families(conn: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return a name for each work's family: works that are linked as near duplicates of one another share it."""
    family = {work_id: work_id for work_id in ids}

    def root(work_id: str) -> str:
        while family.setdefault(work_id, work_id) != work_id:
            work_id = family[work_id]
        return work_id

    known = list(family)
    links = or_(near_duplicates.c.work_id.in_(known), near_duplicates.c.of_work_id.in_(known))
    for row in conn.execute(select(near_duplicates.c.work_id, near_duplicates.c.of_work_id).where(links)):
        family[root(row.work_id)] = root(row.of_work_id)
    return {work_id: root(work_id) for work_id in known}


def _past(conn: Connection, workspace: str, ids: Sequence[str], families: dict[str, str]) -> tuple[Past, ...]:
    columns = select(works.c.id, works.c.title, works.c.body, works.c.published_at)
    rows = conn.execute(columns.where(works.c.workspace == workspace, works.c.id.in_(ids)))
    did = {work_id: in_words(each) for work_id, each in figures(conn, workspace, ids).items()}
    found = {row.id: Past(row.id, row.title, row.body, row.published_at, did[row.id], families[row.id]) for row in rows}
    return tuple(found[work_id] for work_id in ids if work_id in found)
