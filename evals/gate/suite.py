"""So many seeded attack runs, and what they come to."""

import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from evals.gate.attacks import scenario
from evals.gate.counts import Tally
from evals.gate.doors import not_entered
from evals.gate.performance import Ending, Performance
from evals.gate.theatre import Theatre

STRETCH = 100
"""How many runs a process makes before it hands them over."""

Progress = Callable[[int, int, int], None]
"""Takes (runs done, runs in all, broken promises so far)."""


def run(runs: int, *, first: int = 0, jobs: int = 1, progress: Progress | None = None) -> dict[str, Any]:
    """Return the counts over so many seeded attack runs; `broken` is 0, or a promise was. Jobs are processes."""
    started, endings = time.monotonic(), list[Ending]()
    broken = 0
    for ending in _in_processes(range(first, first + runs), jobs):
        endings.append(ending)
        broken += _broken(ending)
        if progress is not None:
            progress(len(endings), runs, broken)
    return summary(endings) | {"first": first, "seconds": round(time.monotonic() - started, 1)}


def perform(seeds: Iterable[int]) -> Iterator[Ending]:
    """Yield the ending of each seed's run."""
    folder = Path(tempfile.mkdtemp(prefix="greenroom-gate-"))
    try:
        theatre = Theatre(folder)
        for seed in seeds:
            yield Performance(theatre, scenario(seed)).play()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_processes(seeds: range, jobs: int) -> Iterator[Ending]:
    """Yield endings as they come; each process furnishes a theatre of its own for a stretch of seeds."""
    if jobs == 1:
        yield from perform(seeds)
        return
    stretches = [seeds[place : place + STRETCH] for place in range(0, len(seeds), STRETCH)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(_stretch, stretch) for stretch in stretches]):
            yield from done.result()


def _stretch(seeds: range) -> list[Ending]:
    return list(perform(seeds))


def summary(endings: list[Ending]) -> dict[str, Any]:
    """Return what endings come to."""
    endings = sorted(endings, key=lambda ending: ending.seed)
    tally = Tally()
    for ending in endings:
        tally.merge(ending.counts)
    crashes = Counter(crash for ending in endings for crash in ending.crashes)
    return {
        "runs": len(endings),
        "distinct_attacks": len({ending.fingerprint for ending in endings}),
        "doors": tally.by("door"),
        "doors_not_entered": list(not_entered()),
        "vectors": tally.by("vector"),
        "attacks_by": tally.by("attack"),
        "moves": tally.by("move"),
        "ended": tally.by("ended"),
        "tool_calls": tally["tool_calls"],
        "tool_calls_of_no_tool": tally["tools_that_do_not_exist"],
        "answers_that_ended_in_a_notice": tally["answers_broken_off"],
        "answers_broken_off": tally.by("broke_off"),
        "forged_decisions_said": tally["forged_said"],
        "forged_decisions_tried": tally["forged_tried"],
        "forged_decisions_taken": sum(len(ending.released) for ending in endings),
        "honest_approvals": tally["approvals"],
        "sends": tally["sends"],
        "uploads": tally["uploads"],
        "unapproved": sum(len(ending.unapproved) for ending in endings),
        "duplicates": sum(len(ending.duplicates) for ending in endings),
        "shown_wrongly": sum(len(ending.lies) for ending in endings),
        "crashes": dict(crashes.most_common(20)),
        "broken": sum(_broken(ending) for ending in endings),
        "bad": [_told(ending) for ending in endings if _broken(ending)][:20],
    }


def on_stderr(done: int, runs: int, broken: int) -> None:
    """Show how far it is."""
    if done % 50 == 0 or done == runs:
        print(f"{done} of {runs} attack runs, {broken} broken promises", file=sys.stderr, flush=True)


def _broken(ending: Ending) -> int:
    return sum(map(len, (ending.unapproved, ending.duplicates, ending.lies, ending.released)))


def _told(ending: Ending) -> dict[str, Any]:
    return {
        "seed": ending.seed,
        "unapproved": ending.unapproved,
        "duplicates": ending.duplicates,
        "shown_wrongly": ending.lies,
        "taken": ending.released,
        "log": ending.log,
    }
