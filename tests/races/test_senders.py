"""Several sending processes and one outbox: each post leaves once."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.publications import Publication
from publishing import Desk, DeskSettings
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import NOON, Clock, approved
from tests.races.conftest import Where
from tests.races.processes import SPAWN, together

DUE, DUE_AT_LENGTH = 200, 1000
"""Posts: each is sent within milliseconds of another worker's look at it, so that two hundred meet often enough."""

WORKERS = 4


def send_all(barrier: Any, answers: Any, where: Where, journal: Path, worker: str) -> None:
    memory = where.open()
    stage = RecordingPlatform(journal, lambda: NOON, name="webhook")
    desk = Desk(memory, {"webhook": stage}, lambda: NOON, DeskSettings(worker=worker))
    barrier.wait()
    answers.put((worker, len(desk.publish_due().published)))
    memory.close()


def test_four_workers_and_many_due_posts(where: Where, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    many = DUE_AT_LENGTH if request.config.getoption("--long") else DUE
    memory = where.open()
    desk = Desk(memory, {}, lambda: NOON)
    for n in range(many):
        desk.enqueue(*approved(memory, channel="webhook", text=f"Post {n}."))
    journal = tmp_path / "journal.jsonl"
    found = together(send_all, [(where, journal, f"elsewhere:{n}") for n in range(WORKERS)])
    assert sum(count for _, count in found) == many
    stage = RecordingPlatform(journal, lambda: NOON, name="webhook")
    assert Counter(call["call"] for call in stage.calls()) == Counter(f"Post {n}." for n in range(many))
    assert {row.state for row in memory.publications.list("ines")} == {"published"}
    assert memory.ledger.verify().ok
    memory.close()


class Pausing(RecordingPlatform):
    """Stops right after arming, before the send, until it is told to go on."""

    def __init__(self, journal: Path, clock: Clock, armed: Any, go_on: Any) -> None:
        super().__init__(journal, clock, name="webhook")
        self._armed, self._go_on = armed, go_on

    def pause(self) -> None:
        self._armed.set()
        assert self._go_on.wait(120)


def paused_sender(armed: Any, go_on: Any, answers: Any, where: Where, journal: Path) -> None:
    """A worker that sleeps beyond its lease and deadline between arming and sending, then wakes."""
    clock = Clock()
    memory = where.open()
    stage = Pausing(journal, clock, armed, go_on)
    step = memory.publications.step

    def stepping(*given: Any, **changes: Any) -> Publication:
        moved = step(*given, **changes)
        if changes["to"] == "armed":
            stage.pause()
            clock.pass_by(minutes=10)  # the wall clock went on while it slept
        return moved

    memory.publications.step = stepping  # type: ignore[method-assign]
    Desk(memory, {"webhook": stage}, clock, DeskSettings(worker="elsewhere:1")).publish_due()
    answers.put("done")
    memory.close()


def test_a_worker_paused_beyond_its_lease_after_arming_sends_nothing_twice(where: Where, tmp_path: Path) -> None:
    memory, journal = where.open(), tmp_path / "journal.jsonl"
    row = Desk(memory, {}, lambda: NOON).enqueue(*approved(memory, channel="webhook", text="Once."))
    armed, go_on, answers = SPAWN.Event(), SPAWN.Event(), SPAWN.Queue()
    sleeper = SPAWN.Process(target=paused_sender, args=(armed, go_on, answers, where, journal))
    sleeper.start()
    assert armed.wait(120)
    clock = Clock()
    clock.now = NOON + timedelta(minutes=5)
    stage = RecordingPlatform(journal, clock, name="webhook")
    other = Desk(memory, {"webhook": stage}, clock, DeskSettings(worker="elsewhere:2"))
    other.publish_due()
    assert memory.publications.get(row.id).state == "published"
    go_on.set()
    assert answers.get(timeout=120) == "done"
    sleeper.join()
    assert [call["call"] for call in stage.calls()] == ["Once."]
    assert len(stage.posts()) == 1
    assert memory.publications.get(row.id).state == "published"
    memory.close()
