"""Brings past work in: remembered first, then what was translated from it is looked at, then it is indexed."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from app.results import ImportReport
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
) -> ImportReport:
    """Remember what the files hold, void unsent translations of what has changed, and index it."""
    from memory.importers import collect

    started = time.monotonic()
    harvest = collect(paths, since=since, as_of=as_of)
    kept = memory.works.remember(space, harvest.pieces, progress=lambda done, total: tell("Reading", done, total))
    voided = memory.voiding.sweep(space, memory.grounds.source, by=by).voided if kept.updated else ()
    memory.index.bring_up_to_date(space, progress=lambda done, total: tell("Indexing", done, total))
    return ImportReport(
        imported=kept.imported,
        updated=kept.updated,
        unchanged=kept.unchanged,
        near_duplicates=kept.near_duplicates,
        failed=[{"path": failure.path, "error": failure.error} for failure in harvest.failed],
        works=memory.works.count(space),
        seconds=round(time.monotonic() - started, 3),
        without_vector=memory.index.pending_count(space),
        voided=[each.model_dump() for each in voided],
    )
