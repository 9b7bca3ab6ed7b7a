"""Real processes that start at once."""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

SPAWN = multiprocessing.get_context("spawn")


def together(work: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Run `work(barrier, answers, *each)` in a process for each; return what they put into `answers`."""
    barrier, answers = SPAWN.Barrier(len(arguments)), SPAWN.Queue()
    started = [SPAWN.Process(target=work, args=(barrier, answers, *each)) for each in arguments]
    for process in started:
        process.start()
    found = [answers.get(timeout=300) for _ in started]
    for process in started:
        process.join()
    return found
