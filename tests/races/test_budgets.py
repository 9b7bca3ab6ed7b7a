"""Processes that want the last of a budget, and one that is killed between setting aside and settling."""

import os
import signal
from datetime import timedelta
from typing import Any

from core.budgets import Errand, Wanted
from core.errors import OverBudget
from core.usage import Usage
from memory import Memory
from tests.publishing.making import NOON
from tests.races.conftest import Where
from tests.races.processes import SPAWN, together

ROUNDS = 40
PATIENCE = timedelta(minutes=5)
ONE = Wanted(tokens=1000, cost=1.0, endpoint="big")


def errand(number: int) -> Errand:
    return Errand(workspace="ines", brief_id=f"b_{number}", member="anna", stage="draft")


def spend_all(barrier: Any, answers: Any, where: Where, name: str) -> None:
    """In each round, want the one call that a brief's budget holds."""
    memory, got = where.open(), []
    for number in range(ROUNDS):
        barrier.wait()
        try:
            reservation = memory.budgets.reserve(errand(number), ONE, PATIENCE)
        except OverBudget:
            continue
        got.append(number)
        memory.usage.record(usage(number, name), reservation)
    answers.put((name, got))
    memory.close()


def usage(number: int, name: str) -> Usage:
    return Usage(
        id=f"use_{name}_{number}", workspace="ines", brief_id=f"b_{number}", stage="draft", model="m", endpoint="big",
        member="anna", input_tokens=900, output_tokens=100, cost=1.0, seconds=1, at=NOON,
    )  # fmt: skip


def test_of_two_that_want_the_last_one_gets_it(where: Where) -> None:
    memory = where.open()
    memory.budgets.set("ines", "brief", 1.5, by="owner")
    memory.budgets.set("ines", "month", 1000.0, by="owner")
    found = dict(together(spend_all, [(where, "Ines"), (where, "Tom")]))
    assert sorted(found["Ines"] + found["Tom"]) == list(range(ROUNDS))
    assert memory.usage.total("ines").cost == ROUNDS
    assert [s.reserved for s in memory.budgets.standings(errand(0))] == [0.0, 0.0]
    memory.close()


def reserve_and_hang(where: Where, told: Any) -> None:
    memory = where.open()
    told.send(memory.budgets.reserve(errand(1), ONE, PATIENCE))
    signal.pause()


def test_what_a_killed_process_set_aside_is_neither_spent_twice_nor_kept_for_ever(where: Where) -> None:
    memory = where.open()
    memory.budgets.set("ines", "brief", 1.5, by="owner")
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=reserve_and_hang, args=(where, there))
    process.start()
    reservation = here.recv()
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()

    stop = refused(memory)  # its call may have gone out: until nobody can answer any more, it counts
    assert stop.details["under_way"] == "1" and memory.usage.total("ines").model_calls == 0
    memory.close()

    later = Memory.open(where.home, database_url=where.database_url, clock=lambda: NOON + PATIENCE)
    assert later.budgets.reserve(errand(1), ONE, PATIENCE)
    later.usage.record(usage(1, "late"), reservation)  # an answer that comes after all is counted, whatever was freed
    assert refused(later).details["left"] == "0"
    later.close()


def refused(memory: Memory) -> OverBudget:
    try:
        memory.budgets.reserve(errand(1), ONE, PATIENCE)
    except OverBudget as stop:
        return stop
    raise AssertionError("more was set aside than there is")
