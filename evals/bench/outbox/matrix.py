"""Seeded runs: a post is approved, its senders are killed at random points, and at last one is left to finish."""

import json
import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from core.publications import Publication
from evals.bench.approved import approve_one, new_memory
from evals.bench.outbox.fake_stage import FAULTS, LATEST, READ_LAG, TIMEOUT, FakeStage
from evals.bench.outbox.fuse import NEVER, Fuse, set_in_every_transaction
from memory import Memory
from publishing import Desk, DeskSettings
from publishing.platform import Idempotency

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CLASSES: tuple[Idempotency, ...] = ("K", "H", "D", "N")
POINTS = 30
"""About as many points as an untroubled send passes; a fuse set beyond what is passed kills nobody."""

SETTLE = TIMEOUT + LATEST + READ_LAG
MOST_ROUNDS = 120
FINAL = ("published", "rejected", "needs_human", "cancelled", "missed")


class Plan(NamedTuple):
    """What happens in one run; all of it follows from the seed."""

    seed: int
    idempotency: Idempotency
    faults: tuple[str, ...]
    kills: tuple[int, ...]  # at which point each sender dies
    waits: tuple[int, ...]  # seconds between two of them
    elsewhere: bool  # the dead can't be seen to be dead: only their leases end
    folds: bool  # K: the platform still knows the key; if not, only reading back keeps a repeat from happening
    settle: float  # seconds; the control run sets it to nothing, and must find duplicates


class Ending(NamedTuple):
    """What became of one run."""

    plan: Plan
    state: str
    remote_id: str | None
    live: int
    requests: int
    killed: int


def plan(seed: int, settle: timedelta = SETTLE) -> Plan:
    """Return the run that belongs to a seed."""
    rng = random.Random(seed)
    kills = rng.choice((1, 1, 2, 3))
    return Plan(
        seed=seed,
        idempotency=CLASSES[seed % len(CLASSES)],
        faults=tuple(rng.choice(FAULTS) for _ in range(rng.randint(1, 3))),
        kills=tuple(rng.randint(1, POINTS) for _ in range(kills)),
        waits=tuple(rng.choice((1, 20, 45, 200)) for _ in range(kills)),
        elsewhere=rng.random() < 0.5,
        folds=rng.random() < 0.5,
        settle=settle.total_seconds(),
    )


def run(
    seeds: int,
    *,
    first: int = 0,
    jobs: int = 2,
    settle: timedelta = SETTLE,
    only: Callable[[Plan], bool] = lambda _plan: True,
) -> dict[str, Any]:
    """Return the counts over so many seeded runs; `bad` names every seed that broke a promise, with how.

    `settle`: less than the platform's own makes a control run, in which duplicates must show.
    `only`: which of the seeds are run.
    """
    started = time.monotonic()
    plans = [each for each in (plan(seed, settle) for seed in range(first, first + seeds)) if only(each)]
    endings = [ending for part in _in_processes(plans, jobs) for ending in part]
    return summary(endings) | {"seconds": round(time.monotonic() - started, 1)}


def summary(endings: list[Ending]) -> dict[str, Any]:
    """Return what the endings come to."""
    broken = [(ending, what) for ending in endings for what in faults_of(ending)]
    counts = Counter(what for _, what in broken)
    people = {each: [e.state == "needs_human" for e in endings if e.plan.idempotency == each] for each in CLASSES}
    return {
        "runs": len(endings),
        "killed": sum(ending.killed for ending in endings),
        "requests": sum(ending.requests for ending in endings),
        "duplicates": counts["duplicate"],
        "lost": counts["lost"],
        "failed_but_live": counts["failed but live"],
        "published_without_id": counts["published without a remote id"],
        "published_but_not_live": counts["published but not live"],
        "states": dict(Counter(ending.state for ending in endings)),
        "left_to_a_person": {each: round(sum(rows) / len(rows), 4) for each, rows in people.items() if rows},
        "bad": [{"seed": ending.plan.seed, "what": what, "state": ending.state} for ending, what in broken][:50],
    }


def faults_of(ending: Ending) -> Iterable[str]:
    """Yield every promise that a run broke."""
    if ending.live > 1:
        yield "duplicate"
    if ending.state == "rejected" and ending.live:
        yield "failed but live"
    if ending.state == "published" and not ending.remote_id:
        yield "published without a remote id"
    if ending.state == "published" and not ending.live:
        yield "published but not live"
    if ending.state not in FINAL:
        yield "lost"


def one(planned: Plan, template: Path, folder: Path) -> Ending:
    """Do one run in a folder of its own: some senders die, the last one goes on until all is said."""
    home = folder / f"run-{planned.seed}"
    shutil.copytree(template, home)
    now, killed = START + timedelta(seconds=2), 0
    for at, wait in zip(planned.kills, planned.waits, strict=True):
        killed += _dies(home, planned, now, at)
        now += timedelta(seconds=wait)
    state, remote_id = _finished(home, planned, now)
    stage = FakeStage(home / "stage.jsonl", lambda: now, planned.idempotency)
    ending = Ending(planned, state, remote_id, len(stage.posts()), len(stage.requests()), killed)
    shutil.rmtree(home)
    return ending


def _dies(home: Path, planned: Plan, now: datetime, at: int) -> bool:
    """Let a forked sender look for what is due until its fuse kills it; say whether it did."""
    child = os.fork()
    if child == 0:
        _as_child(lambda: _sender(home, planned, [now], Fuse(at)).publish_due())
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _finished(home: Path, planned: Plan, now: datetime) -> tuple[str, str | None]:
    """Let a forked sender look again and again, the clock going on, until its post is where it stays."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _as_child(lambda: os.write(writer, json.dumps(_to_the_end(home, planned, now)).encode()))
    os.close(writer)
    with os.fdopen(reader) as told:
        answer = told.read()
    os.waitpid(child, 0)
    state, remote_id = json.loads(answer) if answer else ("the last sender failed", None)
    return state, remote_id


def _to_the_end(home: Path, planned: Plan, now: datetime) -> tuple[str, str | None]:
    clock = [now]
    desk = _sender(home, planned, clock, Fuse(NEVER))
    row = _row(desk)
    for _ in range(MOST_ROUNDS):
        if row.state in FINAL:
            break
        desk.publish_due()
        clock[0] += timedelta(seconds=41)
        row = _row(desk)
    return row.state, row.remote_id


def _sender(home: Path, planned: Plan, clock: list[datetime], fuse: Fuse) -> Desk:
    set_in_every_transaction(fuse)
    memory = Memory.open(home, clock=lambda: clock[0])
    stage = FakeStage(
        home / "stage.jsonl",
        lambda: clock[0],
        planned.idempotency,
        planned.faults,
        fuse,
        folds=planned.folds,
        settle=timedelta(seconds=planned.settle),
        seed=planned.seed,
    )
    settings = DeskSettings(worker=f"elsewhere:{os.getpid()}") if planned.elsewhere else DeskSettings()
    return Desk(memory, {"bluesky": stage}, lambda: clock[0], settings)


def _row(desk: Desk) -> Publication:
    return desk.memory.publications.list()[0]


def _as_child(act: Any) -> None:
    """Do it and leave at once: a forked child must not run what its parent left to do."""
    try:
        act()
    finally:
        os._exit(0)


def _in_processes(plans: list[Plan], jobs: int) -> list[list[Ending]]:
    """Split the seeds over forked processes: each forks its own senders."""
    with tempfile.TemporaryDirectory(dir=_fast(), prefix="greenroom-outbox-") as folder:
        template = Path(folder) / "template"
        _make_template(template)
        pipes = []
        for job in range(jobs):
            reader, writer = os.pipe()
            if os.fork() == 0:
                _as_child(lambda w=writer, j=job: _work(plans[j::jobs], template, Path(folder), w))
            os.close(writer)
            pipes.append(reader)
        answers = [os.fdopen(reader).read() for reader in pipes]
        for _ in pipes:
            os.wait()
    return [[_ending(row) for row in json.loads(answer)] for answer in answers]


def _work(plans: list[Plan], template: Path, folder: Path, writer: int) -> None:
    endings = [one(planned, template, folder) for planned in plans]
    with os.fdopen(writer, "w") as told:
        json.dump(endings, told)


def _ending(row: list[Any]) -> Ending:
    fields: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row[0]]
    return Ending(Plan(*fields), *row[1:])


def _make_template(home: Path) -> None:
    memory = new_memory(home, lambda: START)
    Desk(memory, {}, lambda: START).enqueue(*approve_one(memory, START))
    memory.close()


def _fast() -> str | None:
    """Return a folder in memory, if any: a killed process loses nothing that it had written, so no disk is asked."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
