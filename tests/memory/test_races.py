"""Two processes at once, on real files."""

import multiprocessing
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import AlreadyDecided, Busy
from core.works import Piece
from memory import Memory
from tests.memory.conftest import NOON
from tests.memory.making import publication, waiting

SPAWN = multiprocessing.get_context("spawn")
ROUNDS = 40


def together(work: Any, home: Path, *more: Any) -> list[Any]:
    """Run `work(home, name, barrier, answers, …)` in two processes; return what both put into `answers`."""
    barrier, answers = SPAWN.Barrier(2), SPAWN.Queue()
    pair = [SPAWN.Process(target=work, args=(home, name, barrier, answers, *more)) for name in ("Ines", "Tom")]
    for process in pair:
        process.start()
    found = [answers.get(timeout=120) for _ in pair]
    for process in pair:
        process.join()
    return found


def claim_all(home: Path, name: str, barrier: Any, answers: Any, shown: list[tuple[str, str]]) -> None:
    memory, verb = Memory.open(home), "approve" if name == "Ines" else "reject"
    won = []
    for proposal_id, sha in shown:
        barrier.wait()
        try:
            memory.decisions.claim("ines", proposal_id, verb, sha, name)  # type: ignore[arg-type]
            won.append(proposal_id)
        except AlreadyDecided as error:
            assert name not in error.message
    answers.put(won)
    memory.close()


def take_all(home: Path, name: str, barrier: Any, answers: Any) -> None:
    memory, taken = Memory.open(home), []
    barrier.wait()
    while found := memory.publications.claim_due(name, NOON, timedelta(minutes=5), 3):
        taken += [p.id for p in found]
    answers.put(taken)
    memory.close()


def remember_all(home: Path, name: str, barrier: Any, answers: Any) -> None:
    memory = Memory.open(home)
    barrier.wait()
    pieces = [Piece(source=f"{n}.md", title=f"Piece {n}", body=f"What {n} says. " * 40) for n in range(150)]
    answers.put(memory.works.remember("ines", pieces))
    memory.close()


def remember_many(home: Path, begun: Any, answers: Any) -> None:
    memory = Memory.open(home)
    bodies = (
        f"On day {n} the ferry left berth {n % 7} at {n} past six, " + "and the tide ran out. " * 4 for n in range(900)
    )
    pieces = [Piece(source=f"{n}.md", title=f"Day {n}", body=body) for n, body in enumerate(bodies)]
    answers.put(memory.works.remember("ines", pieces, progress=lambda *_: begun.set()))
    memory.close()


def test_others_can_decide_while_a_big_import_runs(memory: Memory) -> None:
    begun, answers = SPAWN.Event(), SPAWN.Queue()
    shown = [waiting(memory, f"Post {n}.") for n in range(3)]
    importing = SPAWN.Process(target=remember_many, args=(memory.home, begun, answers))
    importing.start()
    assert begun.wait(60)
    for proposal in shown:  # Busy after the database's timeout, if the import let nobody in
        memory.decisions.claim("ines", proposal.id, "approve", proposal.sha, "Ines")
    still_running = memory.works.count("ines") < 900
    assert answers.get(timeout=120).imported == 900
    importing.join()
    assert still_running
    assert {p.state for p in memory.proposals.list("ines")} == {"approved"}


def test_who_waits_too_long_is_told_and_nothing_is_changed(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.database._ON_CONNECT", ("PRAGMA busy_timeout = 50",))
    shown = waiting(memory)
    impatient = Memory.open(memory.home)
    with memory._database.write():
        with pytest.raises(Busy, match="nothing was changed"):
            impatient.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
        assert impatient.proposals.get("ines", shown.id) == shown  # who only reads never waits
    impatient.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    impatient.close()


def test_of_two_who_decide_at_once_exactly_one_wins(memory: Memory) -> None:
    shown = [waiting(memory, f"Post {n}.") for n in range(ROUNDS)]
    won = together(claim_all, memory.home, [(p.id, p.sha) for p in shown])
    assert Counter(won[0] + won[1]) == Counter({p.id: 1 for p in shown})
    states = Counter(p.state for p in memory.proposals.list("ines"))
    assert states["approved"] + states["rejected"] == ROUNDS
    check = memory.ledger.verify()
    assert (check.ok, check.entries) == (True, ROUNDS)


def test_two_workers_never_take_the_same_publication(memory: Memory) -> None:
    queued = []
    for n in range(ROUNDS):
        shown = waiting(memory, f"Post {n}.")
        approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
        queued.append(memory.publications.enqueue(publication(shown, approval)).id)
    taken = together(take_all, memory.home)
    assert sorted(taken[0] + taken[1]) == sorted(queued)
    assert {p.epoch for p in memory.publications.list("ines")} == {1}


def test_two_imports_of_the_same_pieces_remember_each_once(memory: Memory) -> None:
    results = together(remember_all, memory.home)
    assert sum(result.imported for result in results) == 150
    assert sum(result.unchanged for result in results) == 150
    assert memory.works.count("ines") == 150
