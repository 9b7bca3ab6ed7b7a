"""Works that go, and the vectors that only they used."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Table, bindparam, delete, select

from core.works import Work
from memory import full_text
from memory.forgetting.case import Case
from memory.passages import heading, text_hash, vector_hashes
from memory.rows import noun
from memory.tables import metadata, work_versions, works
from memory.works import as_it_was

_EMBEDDED = ("passages", "turns")
"""Tables whose rows say by `content_hash` which vectors are theirs."""

MANY = 500
"""Values in one IN list."""


def works_of(conn: Connection, workspace: str) -> list[Work]:
    """Return a workspace's works as they are now, oldest first."""
    rows = select(works).where(works.c.workspace == workspace).order_by(works.c.number)
    return [noun(Work, row) for row in conn.execute(rows)]


def versions_of(conn: Connection, work: Work) -> tuple[Work, ...]:
    """Return a work in every version it had, the first one first."""
    rows = select(work_versions).where(work_versions.c.work_id == work.id).order_by(work_versions.c.version)
    return tuple(as_it_was(work, row._mapping) for row in conn.execute(rows))


def texts_of(versions: Iterable[Work]) -> Iterator[str]:
    """Yield every text that a work is quoted from."""
    for version in versions:
        yield from (version.title, version.body, version.excerpt)


def hashes_of(versions: Iterable[Work]) -> set[str]:
    """Return what the vectors of works, in these versions, are kept by."""
    return {each for v in versions for each in vector_hashes(v.title, v.excerpt, v.body)}


def leave_full_text(conn: Connection, case: Case) -> None:
    """Take the works out of the full text, while their rows still are as they were when they were taken in."""
    for work_id in case.ids:
        full_text.leave_out(conn, work_id)


def remove_vectors(conn: Connection, table: Table, case: Case) -> int:
    """Remove the vectors that no work uses any more, of whatever model; the works' own rows are gone already."""
    gone = case.hashes - _still_used(conn, case.hashes, case)
    removed = 0
    for some in _chunks(gone):
        removed += conn.execute(delete(table).where(table.c.content_hash.in_(some))).rowcount
    return removed


def _still_used(conn: Connection, hashes: set[str], case: Case) -> set[str]:
    """Of these hashes, return those that a passage, a heading or a turn of any workspace still has."""
    used: set[str] = set()
    for column in (table.c.content_hash for table in metadata.sorted_tables if table.name in _EMBEDDED):
        query = select(column).where(column.in_(bindparam("some", expanding=True)))
        for some in _chunks(hashes):
            used.update(conn.scalars(query, {"some": some}))
    same = select(works.c.title, works.c.excerpt).where(works.c.title.in_(bindparam("some", expanding=True)))
    for titles in _chunks({work.title for work in (*case.whole, *(v for each in case.shared for v in each))}):
        used.update(text_hash(heading(row.title, row.excerpt)) for row in conn.execute(same, {"some": titles}))
    return used


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    return (ordered[first : first + MANY] for first in range(0, len(ordered), MANY))
