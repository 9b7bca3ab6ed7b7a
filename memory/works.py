"""Past works: remembered once, in every version they had."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from core.base import Noun
from core.canonical import instant, sha256
from core.errors import NotFound
from core.ids import new_id
from core.works import Passage, Piece, Work
from memory import full_text
from memory.clock import Clock
from memory.database import Database
from memory.mended import mended, still_mended
from memory.passages import Slice, cut
from memory.rows import noun, values
from memory.tables import near_duplicates, passages, work_versions
from memory.tables import works as table

if TYPE_CHECKING:
    from memory.near_duplicates import Neighbours, Placed

Progress = Callable[[int, int], None]
"""Called with (done, total)."""

BATCH = 100
"""Pieces in one transaction, if they are quick: what an interrupted import keeps."""

HOLD_SECONDS = 0.15
"""How long an import keeps other writers out in one go; a piece that was begun is finished."""

BREATH_SECONDS = 0.03
"""How long it lets them in: SQLite queues nobody, and who waits asks only every tenth of a second."""

_VERSIONED = {"published_at", "authors", "tags", "excerpt", "url", "language", "license", "format", "words"}


class ImportResult(Noun):
    """What an import did: counts of pieces, of links to near duplicates, and of all works that there are now."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    near_duplicates: int = 0
    works: int = 0


@dataclass(frozen=True)
class _Prepared:
    """A piece with the id it has or will get, and its near duplicates; None: it is known as it is."""

    piece: Piece
    work_id: str
    placed: "Placed | None"


_Count = Callable[[str, int], None]  # what became of a piece, and how many near duplicates it was linked to


class Works:
    """What a creator made. Rows, versions, passages, links and full text are one transaction; vectors come after."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def remember(
        self, workspace: str, pieces: Iterable[Piece], *, kind: str = "import", progress: Progress | None = None
    ) -> ImportResult:
        """Remember pieces, matched by their source: new ones, changed ones as a new version, the same ones not again.

        Near duplicates are linked (the likest few), never dropped. They are looked for before anything is locked, and
        what is found is committed in short steps of a hundred pieces at most: others can write in between, and a
        cut-off import keeps what it did and the next one goes on from there. `kind` is `import` or `published`.
        """
        from memory.near_duplicates import Neighbours  # numpy: nobody who only reads should pay for it

        waiting, neighbours = list(pieces), Neighbours(workspace)
        counts = dict.fromkeys(("imported", "updated", "unchanged", "near_duplicates"), 0)

        def count(outcome: str, links: int) -> None:
            counts[outcome] += 1
            counts["near_duplicates"] += links
            if progress:
                progress(counts["imported"] + counts["updated"] + counts["unchanged"], len(waiting))

        for start in range(0, len(waiting), BATCH):
            batch = self._prepared(workspace, waiting[start : start + BATCH], neighbours)
            while batch:
                batch = batch[self._write_some(workspace, batch, kind, count) :]
        return ImportResult(works=self.count(workspace), **counts)

    def get(self, workspace: str, work_id: str) -> Work:
        """Return a work of this workspace. Raises NotFound."""
        found = self._one(table.c.workspace == workspace, table.c.id == work_id)
        if found is None:
            raise NotFound(f"There is no work {work_id} in this workspace.", "`greenroom works` lists them.")
        return found

    def by_source(self, workspace: str, source: str) -> Work | None:
        """Return the work that came from a source, if it is remembered."""
        return self._one(table.c.workspace == workspace, table.c.source == source)

    def count(self, workspace: str) -> int:
        """Return how many works a workspace remembers."""
        with self._database.read() as conn:
            return conn.execute(select(func.count()).where(table.c.workspace == workspace)).scalar_one()

    def versions(self, workspace: str, work_id: str) -> tuple[Work, ...]:
        """Return a work as it was in each of its versions, the first one first. Raises NotFound."""
        work = self.get(workspace, work_id)
        rows = select(work_versions).where(work_versions.c.work_id == work_id).order_by(work_versions.c.version)
        with self._database.read() as conn:
            return tuple(as_it_was(work, row._mapping) for row in conn.execute(rows))

    def passages_of(self, work_id: str) -> tuple[Passage, ...]:
        """Return a work's passages in the order they stand in it."""
        rows = select(passages).where(passages.c.work_id == work_id).order_by(passages.c.position)
        with self._database.read() as conn:
            return tuple(noun(Passage, row) for row in conn.execute(rows))

    def near_duplicates_of(self, work_id: str) -> dict[str, float]:
        """Return the works that say nearly the same, with their Jaccard similarity of word 3-grams."""
        links = select(near_duplicates).where(
            or_(near_duplicates.c.work_id == work_id, near_duplicates.c.of_work_id == work_id)
        )
        with self._database.read() as conn:
            rows = conn.execute(links).all()
        return {row.of_work_id if row.work_id == work_id else row.work_id: row.jaccard for row in rows}

    def list(self, workspace: str, limit: int | None = None, kind: str | None = None) -> list[Work]:
        """Return a workspace's works, newest first, those without a date last."""
        rows = select(table).where(table.c.workspace == workspace)
        if kind is not None:
            rows = rows.where(table.c.kind == kind)
        order = (table.c.published_at.desc().nulls_last(), table.c.number)
        with self._database.read() as conn:
            return [noun(Work, row) for row in conn.execute(rows.order_by(*order).limit(limit))]

    def mend(self, workspace: str, work_id: str, changes: dict[str, Any]) -> Work:
        """Give a work other values of some fields, as a new version; an import that brings the old ones keeps it so.

        Raises NotFound.
        """
        with self._database.write() as conn:
            old = _one(conn, table.c.workspace == workspace, table.c.id == work_id)
            if old is None:
                raise NotFound(f"There is no work {work_id} in this workspace.", "`greenroom works` lists them.")
            piece = Piece.model_validate(old.model_dump(include=set(Piece.model_fields)) | mended(old, changes))
            new = _work(workspace, _Prepared(piece, old.id, None), old, old.kind, self._clock())
            return _store(conn, new, old)

    def _one(self, *conditions: Any) -> Work | None:
        with self._database.read() as conn:
            return _one(conn, *conditions)

    def _prepared(self, workspace: str, pieces: Sequence[Piece], neighbours: "Neighbours") -> Sequence[_Prepared]:
        """Look up what is known and find near duplicates, in a transaction that keeps nobody waiting."""
        sources = [piece.source for piece in pieces]
        known = select(table.c.source, table.c.id, table.c.content_hash, table.c.extra).where(
            table.c.workspace == workspace, table.c.source.in_(sources)
        )
        with self._database.read() as conn:
            ids, hashes, extras = {}, {}, {}
            for row in conn.execute(known):
                ids[row.source], hashes[row.source], extras[row.source] = row.id, row.content_hash, row.extra
            neighbours.read(conn)
            prepared = []
            for read in pieces:
                piece, placed = still_mended(read, extras.get(read.source)), None
                if hashes.get(piece.source) != _content_hash(piece, _aware(piece.published_at)):
                    work_id = ids.setdefault(piece.source, new_id("w"))
                    placed = neighbours.place(conn, work_id, piece.body)
                    hashes.pop(piece.source, None)  # a source that comes twice is compared when it is written
                prepared.append(_Prepared(piece, ids[piece.source], placed))
        return prepared

    def _write_some(self, workspace: str, batch: Sequence[_Prepared], kind: str, count: _Count) -> int:
        """Write the pieces that fit into one short transaction, and return how many; then let others write."""
        if all(each.placed is None for each in batch):
            for _ in batch:
                count("unchanged", 0)
            return len(batch)
        done = 0
        with self._database.write() as conn:
            until = time.monotonic() + HOLD_SECONDS
            while done < len(batch) and (not done or time.monotonic() < until):
                count(*self._write(conn, workspace, batch[done], kind))
                done += 1
        time.sleep(BREATH_SECONDS)
        return done

    def _write(self, conn: Connection, workspace: str, each: _Prepared, kind: str) -> tuple[str, int]:
        from memory.near_duplicates import store

        if each.placed is None:
            return "unchanged", 0
        work, outcome = self._remember(conn, workspace, each, kind)
        return outcome, 0 if outcome == "unchanged" else store(conn, workspace, work.id, each.placed)

    def _remember(self, conn: Connection, workspace: str, each: _Prepared, kind: str) -> tuple[Work, str]:
        old = _one(conn, table.c.workspace == workspace, table.c.source == each.piece.source)
        new = _work(workspace, each, old, kind, self._clock())
        if old is not None and old.content_hash == new.content_hash:
            return old, "unchanged"
        return _store(conn, new, old), "updated" if old else "imported"


def _one(conn: Connection, *conditions: Any) -> Work | None:
    row = conn.execute(select(table).where(*conditions)).one_or_none()
    return None if row is None else noun(Work, row)


def _store(conn: Connection, new: Work, old: Work | None) -> Work:
    """Write a work with its version, its passages and its words, in the caller's transaction."""
    if old is None:
        conn.execute(insert(table).values(values(new, table)))
    else:
        full_text.leave_out(conn, old.id)
        conn.execute(update(table).where(table.c.id == old.id).values(values(new, table)))
    conn.execute(insert(work_versions).values(_version(new)))
    _cut_again(conn, new)
    full_text.take_in(conn, new.id)
    return new


def _work(workspace: str, each: _Prepared, old: Work | None, kind: str, now: datetime) -> Work:
    piece, published = each.piece, _aware(each.piece.published_at)
    return Work(
        **piece.model_dump(exclude={"published_at"}),
        id=old.id if old else each.work_id,
        workspace=workspace,
        published_at=published,
        version=old.version + 1 if old else 1,
        content_hash=_content_hash(piece, published),
        words=len(piece.body.split()),
        imported_at=now,
        kind=old.kind if old else kind,
    )


def rewrite(conn: Connection, work: Work) -> None:
    """Put a changed work in its row's place as its only version: what it said before stands nowhere any more."""
    piece = Piece.model_validate(work.model_dump(include=set(Piece.model_fields)))
    facts = {"version": work.version + 1, "words": len(work.body.split())}
    new = work.model_copy(update={**facts, "content_hash": _content_hash(piece, work.published_at)})
    full_text.leave_out(conn, new.id)
    conn.execute(delete(work_versions).where(work_versions.c.work_id == new.id))
    conn.execute(update(table).where(table.c.id == new.id).values(values(new, table)))
    conn.execute(insert(work_versions).values(_version(new)))
    _cut_again(conn, new)
    full_text.take_in(conn, new.id)


def _aware(date: datetime | None) -> datetime | None:
    return date.replace(tzinfo=UTC) if date is not None and date.tzinfo is None else date


def _content_hash(piece: Piece, published: datetime | None) -> str:
    date = instant(published) if published else None
    return sha256(piece.model_dump(include={"title", "body", "tags", "authors", "excerpt"}) | {"date": date})


def _version(work: Work) -> dict[str, Any]:
    return {
        "work_id": work.id,
        "version": work.version,
        "content_hash": work.content_hash,
        "title": work.title,
        "body": work.body,
        "data": work.model_dump(mode="json", include=_VERSIONED),
        "recorded_at": work.imported_at,
    }


def as_it_was(work: Work, row: Any) -> Work:
    """Return a work as one row of its versions has it."""
    then = {name: row[name] for name in ("version", "content_hash", "title", "body")}
    return Work.model_validate(work.model_dump() | row["data"] | then | {"imported_at": row["recorded_at"]})


def _cut_again(conn: Connection, work: Work) -> None:
    """Replace the passages that changed; those that only moved keep their row, their id and so their vector."""
    rows = conn.execute(select(passages.c.id, passages.c.content_hash).where(passages.c.work_id == work.id)).all()
    kept: dict[str, list[str]] = {}
    for row in rows:
        kept.setdefault(row.content_hash, []).append(row.id)
    new = []
    for position, piece in enumerate(cut(work.title, work.body)):
        if ids := kept.get(piece.content_hash):
            conn.execute(update(passages).where(passages.c.id == ids.pop()).values(_place(position, piece)))
        else:
            row_id = {"id": new_id("p"), "work_id": work.id, "workspace": work.workspace}
            new.append(row_id | _place(position, piece) | {"text": piece.text, "content_hash": piece.content_hash})
    if gone := [row_id for ids in kept.values() for row_id in ids]:
        conn.execute(delete(passages).where(passages.c.id.in_(gone)))
    if new:
        conn.execute(insert(passages), new)


def _place(position: int, piece: Slice) -> dict[str, int]:
    return {"position": position, "start": piece.start, "end": piece.end}
