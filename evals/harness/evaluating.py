"""One run from its wish to its record and page on disk."""

import platform
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from evals.harness.candidate import Candidate, source_digest
from evals.harness.records import RunRecord, run_id, save
from evals.harness.running import Progress, Wanted, chosen, run, with_inspect

if TYPE_CHECKING:
    from evals.harness.judging import Judge
    from evals.harness.task import Task


def evaluate(
    candidates: "list[Candidate]",
    tasks: "dict[str, Task[Any]]",
    wanted: Wanted,
    out: Path | None,
    *,
    runs: Path | None = None,
    judge: "Judge | None" = None,
    progress: Progress | None = None,
) -> RunRecord:
    """Run every candidate, write `run.json`, `report.html` and Inspect's logs into `out`, and return the record.

    `runs`: without an `out`, where a folder of the run's own name is made. Raises BadInput for what is off before
    anything is made.
    """
    from evals.report.page import write_page

    at, started = datetime.now(UTC), time.monotonic()
    todo = _ready(candidates, tasks, wanted)
    out = _made(out) if out else _fresh(runs or Path(), run_id(at))
    name = run_id(at) if runs is None else out.name
    for old in (out / "logs").glob("*/*.eval"):  # of an earlier run into the same place: the viewer would show both
        old.unlink()
    done = tuple(
        run(each, todo, wanted, out / "logs" / f"{number}", judge=judge, progress=progress)
        for number, each in enumerate(candidates, 1)
    )
    record = RunRecord(
        id=name, at=at, version=_version(), source=source_digest(), quick=wanted.quick, split=wanted.split,
        limit=wanted.limit, machine=machine(), seconds=round(time.monotonic() - started, 1), candidates=done,
    )  # fmt: skip
    save(record, out)
    write_page(record, out)
    return record


def _ready(candidates: "list[Candidate]", tasks: "dict[str, Task[Any]]", wanted: Wanted) -> "list[Any]":
    """Return what is to be done, once it is sure that all of it can be begun."""
    with_inspect()
    for each in candidates:
        with each.words():
            pass
    return chosen(tasks, wanted)


def _made(out: Path) -> Path:
    """Make the folder of a run. Raises BadInput where it can't be written to: that is better said before an hour."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            return out
    except OSError as error:
        raise BadInput(f"{out}: no run can be written there: {error.strerror}.", "Name a folder with --out.") from None


def _fresh(runs: Path, name: str) -> Path:
    """Make a folder that no other run has: two that begin in one second would write one record between them."""
    place = _made(runs) / name
    for number in count(2):
        with suppress(FileExistsError):
            place.mkdir()
            break
        place = runs / f"{name}-{number}"
    return place


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
