"""Processes that perform cases beside each other: the rehearsal model waits for no server, it fills a core."""

import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.harness.cards import Case

if TYPE_CHECKING:
    from evals.harness.candidate import Candidate
    from evals.harness.stage import Stage
    from evals.harness.task import Outcome, Task

MOST = 4
WORTH_IT = 100
"""Cases: below, starting a process takes longer than it saves."""

_here: "dict[str, Any]" = {}
"""This process's own stage, once it has been made."""


def processes(cases: int) -> int:
    """Return how many processes so many cases are worth."""
    return 1 if cases < WORTH_IT else max(1, min(os.cpu_count() or 1, MOST))


class Workers:
    """So many processes, each with a stage of its own; the homes of creators are made once for all of them."""

    def __init__(self, count: int, candidate: "Candidate", folder: Path) -> None:
        self.count = count
        self._pool = ProcessPoolExecutor(
            count, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=(candidate, folder)
        )

    def perform(self, task: "Task[Any]", case: Case) -> "Outcome":
        """Return what the product makes of a case, performed in one of the processes. Raises what was raised there."""
        return self._pool.submit(_perform, task, case).result()

    def close(self) -> None:
        """End the processes; what they have not begun is given up."""
        self._pool.shutdown(cancel_futures=True)


def _begin(candidate: "Candidate", folder: Path) -> None:
    """Set up this process: it says nothing, and uses the candidate's own prompts for as long as it lives."""
    import atexit

    from evals.harness.stage import Stage

    logging.disable(logging.WARNING)
    words = candidate.words()
    words.__enter__()
    _here["words"] = words  # kept: what is collected would be left
    _here["stage"] = stage = Stage(candidate, folder)
    atexit.register(stage.close)


def _perform(task: "Task[Any]", case: Case) -> "Outcome":
    from evals.harness.performing import performed

    stage: Stage = _here["stage"]
    return performed(task, stage, case)
