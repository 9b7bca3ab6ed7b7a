"""How far a workspace's vectors were complete: one new piece then costs a look at what is new, not at every old one."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, func, insert, select

from memory.database import Database
from memory.tables import index_marks, passages, works


def vectors_of(model: str) -> str:
    """Return the target that stands for a model's vectors in SQL."""
    return f"vectors {model}"


def chroma_of(target: str) -> str:
    """Return the target that stands for a Chroma, as `Holdings` names it."""
    return f"chroma {target}"


@dataclass(frozen=True)
class Extent:
    """What tells a workspace's works and passages from any others that had the same numbers or fewer."""

    works: int = 0
    versions: int = 0  # of all of them, summed: a changed work has a higher one
    last_work: int = 0
    passages: int = 0
    numbers: int = 0  # of all of them, summed: of a replaced passage the number is gone
    last_passage: int = 0
    last_id: str | None = None  # SQLite gives the highest number away again: the id that has it tells


def extent(conn: Connection, workspace: str, until: Extent | None = None) -> Extent:
    """Return how far a workspace goes; with `until`, of its rows with numbers up to those only."""
    of_works = select(func.count(), func.sum(works.c.version), func.max(works.c.number))
    of_passages = select(func.count(), func.sum(passages.c.number), func.max(passages.c.number))
    if until is not None:
        of_works = of_works.where(works.c.number <= until.last_work)
        of_passages = of_passages.where(passages.c.number <= until.last_passage)
    number_of_works, versions, last_work = conn.execute(of_works.where(works.c.workspace == workspace)).one()
    number_of_passages, numbers, last = conn.execute(of_passages.where(passages.c.workspace == workspace)).one()
    last_id = conn.scalar(select(passages.c.id).where(passages.c.number == last)) if last else None
    return Extent(
        works=number_of_works,
        versions=int(versions or 0),
        last_work=last_work or 0,
        passages=number_of_passages,
        numbers=int(numbers or 0),
        last_passage=last or 0,
        last_id=last_id,
    )


def unchanged_since(conn: Connection, workspace: str, target: str) -> Extent | None:
    """Return how far `target` (a model's vectors, or a Chroma) was complete, if all of that is still as it was."""
    mine = (index_marks.c.workspace == workspace) & (index_marks.c.target == target)
    row = conn.execute(select(index_marks.c.extent).where(mine)).one_or_none()
    if row is None:
        return None
    kept = Extent(**row.extent)
    return kept if extent(conn, workspace, kept) == kept else None


def mark(database: Database, workspace: str, target: str, reached: Extent) -> None:
    """Note that `target` was complete so far."""
    with database.write() as conn:
        mine = (index_marks.c.workspace == workspace) & (index_marks.c.target == target)
        conn.execute(delete(index_marks).where(mine))
        conn.execute(insert(index_marks).values(workspace=workspace, target=target, extent=asdict(reached)))
