"""Children are really killed at every commit and write of the way out: published once, nothing lost, nothing torn."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memory import Memory
from publishing import Desk
from publishing.platforms.site import FolderSite
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import Clock, approved

NEVER = 10_000


class Fuse:
    """Counts the points it passes and kills its own process at the one it was set to."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.passed = 0

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def fused(*given: Any, **named: Any) -> Any:
            self()
            done = act(*given, **named)
            self()
            return done

        return fused


class FusedSite(FolderSite):
    """The own site; it can be killed before, in the middle of, and after every file."""

    def __init__(self, root: Path, fuse: Fuse) -> None:
        super().__init__(root)
        self._fuse = fuse

    def _write(self, workspace: str, target: Path, data: bytes) -> None:
        self._fuse()
        (self._root / f".{workspace}" / "half-written").write_bytes(data[: len(data) // 2])
        self._fuse()
        super()._write(workspace, target, data)
        self._fuse()


def fused_desk(memory: Memory, home: Path, clock: Clock, answers: list[str], fuse: Fuse) -> Desk:
    memory.publications.step = fuse.around(memory.publications.step)  # type: ignore[method-assign]
    memory.publications.claim_due = fuse.around(memory.publications.claim_due)  # type: ignore[method-assign]
    social = RecordingPlatform(home / "journal.jsonl", clock, answers=answers)
    social.prepare = fuse.around(social.prepare)  # type: ignore[method-assign]
    social.send = fuse.around(social.send)  # type: ignore[method-assign]
    return Desk(memory, {"site": FusedSite(home / "site", fuse), "bluesky": social}, clock)


def run_and_die(home: Path, clock: Clock, answers: list[str], at: int) -> tuple[bool, int]:
    """Publish what is due in a forked child; return whether it was killed, and how many points it passed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        fuse = Fuse(at)
        fused_desk(Memory.open(home, clock=clock), home, clock, answers, fuse).publish_due()
        os.write(writer, str(fuse.passed).encode())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as told:
        return os.WIFSIGNALED(status), int(told.read() or 0)


def queue_one(home: Path, clock: Clock, channel: str, key: str) -> tuple[str, dict[str, Any]]:
    memory = Memory.open(home, clock=clock)
    made, decision = approved(memory, channel=channel, text=f"text of {key}", key=key)
    row = Desk(memory, {}, clock).enqueue(made, decision)
    memory.close()
    return row.id, made.payload


def recovered(home: Path, clock: Clock) -> Memory:
    """Run twice again, later, without a fuse."""
    memory = Memory.open(home, clock=clock)
    for _ in range(2):
        clock.pass_by(minutes=5)
        fused_desk(memory, home, clock, [], Fuse(NEVER)).publish_due()
    return memory


@pytest.fixture
def home(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # a killed process loses nothing that it had written: only speed
    memory.close()
    return memory.home


def test_own_site_survives_kill_at_every_point(home: Path, clock: Clock) -> None:
    at, killed = 0, True
    while killed:
        at += 1
        row_id, payload = queue_one(home, clock, "site", f"kill-{at}")
        killed = run_and_die(home, clock, [], at)[0]
        memory = recovered(home, clock)
        live = memory.publications.get(row_id)
        folder = home / "site" / "ines"
        items = json.loads((folder / "feed.json").read_text())["items"]
        assert (live.state, live.remote_id) == ("published", payload["guid"]), f"killed at point {at}"
        assert (folder / payload["path"]).read_bytes() == payload["page"].encode()
        assert [item["id"] for item in items].count(payload["guid"]) == 1
        assert memory.ledger.verify().ok
        memory.close()
    assert at > 25
    assert len(list((home / "site" / "ines" / "posts").iterdir())) == at


@pytest.mark.parametrize(("answer", "every"), [("accept", 2), ("drop", 2), ("late", 2), ("lost_ack", 1)])
def test_no_duplicate_and_no_loss_on_a_platform_with_keys(home: Path, clock: Clock, answer: str, every: int) -> None:
    at, kills = 1 - every, 0
    while True:
        at += every
        row_id, payload = queue_one(home, clock, "bluesky", f"{answer}-{at}")
        killed, _ = run_and_die(home, clock, [answer], at)
        memory = recovered(home, clock)
        live = memory.publications.get(row_id)
        social = RecordingPlatform(home / "journal.jsonl", clock)
        assert (live.state, bool(live.remote_id)) == ("published", True), f"killed at point {at}"
        assert [post["text"] for post in social.posts(anytime=True)].count(payload["text"]) == 1
        assert len({call["key"] for call in social.calls() if call["call"] == payload["text"]}) == 1
        assert memory.proposals.get("ines", live.proposal_id).state == "live"
        memory.close()
        kills += killed
        if not killed:
            break
    assert kills * every >= 10


def test_a_definite_no_stays_a_no_whatever_is_killed(home: Path, clock: Clock) -> None:
    """Killed before the answer was stored it is tried again; never shown as live, never lost from sight."""
    at, killed = 0, True
    while killed:
        at += 2
        row_id, payload = queue_one(home, clock, "bluesky", f"no-{at}")
        killed, _ = run_and_die(home, clock, ["4xx"], at)
        memory = recovered(home, clock)
        state = memory.publications.get(row_id).state
        posts = RecordingPlatform(home / "journal.jsonl", clock).posts(anytime=True)
        assert (state, [post["text"] for post in posts].count(payload["text"])) in [("published", 1), ("rejected", 0)]
        memory.close()


def test_a_dead_worker_on_this_machine_is_not_waited_for(home: Path, clock: Clock) -> None:
    """Kill -9, then the next run publishes at once: nobody has to wait for leases and deadlines of the dead."""
    queue_one(home, clock, "site", "again")
    _, points = run_and_die(home, clock, [], NEVER)
    for at in range(1, points, 5):
        row_id, _ = queue_one(home, clock, "site", f"again-{at}")
        run_and_die(home, clock, [], at)
        memory = Memory.open(home, clock=clock)
        fused_desk(memory, home, clock, [], Fuse(NEVER)).publish_due()
        assert memory.publications.get(row_id).state == "published"
        memory.close()
