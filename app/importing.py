"""Brings past work in: remembered as it is read, then what was translated from it is looked at, then it is indexed."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from app.results import ImportReport
from core.works import Piece
from memory import Memory

Tell = Callable[[str, int, int], None]
"""Called with (what, done, total)."""


def import_paths(
    memory: Memory,
    space: str,
    paths: Sequence[Path],
    *,
    since: datetime | None,
    as_of: datetime | None,
    by: str,
    tell: Tell,
    private: bool = False,
    secret: str | None = None,
) -> ImportReport:
    """Remember what the files hold, void unsent translations of what has changed, and index it.

    An import that is cut off keeps what it read; the next one finds that unchanged and goes on.
    """
    from memory.importers import Reading

    started = time.monotonic()
    reading = Reading(paths, since=since, as_of=as_of, tell=lambda done, total: tell("Reading", done, total))
    mark = partial(memory.privacy.mark, space, private=True, by=by, secret=secret) if private else None
    kept = _remembered(memory, space, reading, by, mark)
    voided = memory.voiding.sweep(space, memory.grounds.source, by=by).voided if kept["updated"] else ()
    memory.index.bring_up_to_date(space, progress=lambda done, total: tell("Indexing", done, total))
    return ImportReport(
        imported=kept["imported"],
        updated=kept["updated"],
        unchanged=kept["unchanged"],
        near_duplicates=kept["near_duplicates"],
        failed=[{"path": failure.path, "error": failure.error} for failure in reading.failed],
        works=memory.works.count(space),
        seconds=round(time.monotonic() - started, 3),
        without_vector=memory.index.pending_count(space),
        voided=[each.model_dump() for each in voided],
        left_out=[{"reason": reason, "count": count} for reason, count in reading.left_out],
    )


def _remembered(
    memory: Memory, space: str, pieces: Iterable[Piece], by: str, mark: Callable[[list[str]], None] | None
) -> Counter[str]:
    """Remember pieces, and the counts that came with them, by the batch; return what became of how many.

    What is private is called so before it is there: no other process may index it in between as if it were not.
    """
    from memory.works import BATCH

    counts: Counter[str] = Counter()
    waiting = iter(pieces)
    while batch := list(islice(waiting, BATCH)):
        if mark:
            mark([piece.source for piece in batch])
        counts.update(memory.works.remember(space, batch).model_dump(exclude={"works"}))
        memory.outcomes.counted(space, batch, by=by)
    return counts
