"""One run from its wish to its record and page on disk."""

import platform
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.harness.candidate import Candidate, source_digest
from evals.harness.records import RunRecord, run_id, save
from evals.harness.running import Progress, Wanted, run

if TYPE_CHECKING:
    from evals.harness.judging import Judge
    from evals.harness.task import Task


def evaluate(
    candidates: "list[Candidate]",
    tasks: "dict[str, Task[Any]]",
    wanted: Wanted,
    out: Path,
    *,
    at: datetime | None = None,
    judge: "Judge | None" = None,
    progress: Progress | None = None,
) -> RunRecord:
    """Run every candidate, write `run.json`, `report.html` and Inspect's logs into `out`, and return the record.

    `at`: when it began, where its folder is named for that already.
    """
    from evals.report.page import write_page

    at, started = at or datetime.now(UTC), time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    done = tuple(
        run(each, tasks, wanted, out / "logs" / f"{number}", judge=judge, progress=progress)
        for number, each in enumerate(candidates, 1)
    )
    record = RunRecord(
        id=run_id(at), at=at, version=_version(), source=source_digest(), quick=wanted.quick, split=wanted.split,
        limit=wanted.limit, machine=machine(), seconds=round(time.monotonic() - started, 1), candidates=done,
    )  # fmt: skip
    save(record, out)
    write_page(record, out)
    return record


def machine() -> dict[str, Any]:
    """Return what the figures of time were measured on; never whose it is."""
    import os

    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _version() -> str:
    try:
        return version("greenroom")
    except PackageNotFoundError:
        return "0"
