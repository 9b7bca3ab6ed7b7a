"""Any sequence of proposing, deciding, editing, moving, crashing, restarting and restoring keeps the promise.

The model here knows only what people did: which hash stands approved, for which window. Every post that the fake stage
received is held against it.
"""

import shutil
import tempfile
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.canonical import sha256
from core.errors import AlreadyDecided, GreenroomError, NotAllowed, Stale
from core.ids import new_id
from core.proposals import Proposal, envelope
from evals.bench.outbox.fake_stage import FAULTS, FakeStage
from memory import Memory
from publishing import Desk
from tests.publishing.making import INES, Clock, proposal

FINAL_ROUNDS = 40
FAST = "/dev/shm" if Path("/dev/shm").is_dir() else None
UNDER_WAY = ("scheduled", "preparing", "armed", "unknown", "reconciling", "paused_quota")


@cache
def _template() -> Path:
    """A home with a workspace in it, made once: an example costs a copy of it."""
    home = Path(tempfile.mkdtemp(dir=FAST)) / "home"
    memory = Memory.open(home, clock=Clock())
    memory.workspaces.add(INES.model_copy(update={"policy": {"outbox": {"gaps": {"bluesky": 0}}}}))
    memory.close()
    return home


class Killed(BaseException):
    """The process ends here: nothing catches it, nothing is committed after it."""


class Outbox(RuleBasedStateMachine):
    """A home, the people before it, and the stage behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = patch("core.ids.secrets.choice", Random(0).choice)  # the same ids again: Hypothesis repeats a run
        self.ids.start()
        self.folder = Path(tempfile.mkdtemp(dir=FAST))
        shutil.copytree(_template(), self.folder / "home")
        self.clock = Clock()
        self.memory = Memory.open(self.folder / "home", clock=self.clock)
        self.faults: list[str] = []
        self.dies_at: int | None = None
        self.shown: dict[str, Proposal] = {}
        self.standing: dict[str, str] = {}  # proposal id -> the hash that stands approved
        self.ever: dict[str, list[tuple[datetime, str]]] = {}  # text -> when its approval began or ended, and which
        self.backup: tuple[Path, dict[str, Proposal], dict[str, str]] | None = None
        self.count = 0

    def teardown(self) -> None:
        try:
            self.all_is_said_in_the_end()
        finally:
            self.ids.stop()
            self.memory.close()
            shutil.rmtree(self.folder)

    def all_is_said_in_the_end(self) -> None:
        self.dies_at = None
        self.faults = []
        for _ in range(FINAL_ROUNDS):
            self.clock.pass_by(seconds=97)
            self.desk().publish_due()
            if not self.memory.publications.list("ines", states=UNDER_WAY):
                break
        self.nothing_left_without_an_approval()
        for row in self.memory.publications.list("ines"):
            assert row.state not in UNDER_WAY or row.due_at > self.clock.now, row
            if row.state == "published":
                assert self.live(self.memory.proposals.get("ines", row.proposal_id).text) == 1
                assert row.remote_id
        assert self.memory.ledger.verify().ok

    # who sends

    def desk(self) -> Desk:
        passed = 0

        def point(_name: str) -> None:
            nonlocal passed
            passed += 1
            if passed == self.dies_at:
                raise Killed

        stage = FakeStage(self.folder / "stage.jsonl", self.clock, "K", self.faults, point, folds=False)
        return Desk(self.memory, {"bluesky": stage}, self.clock)

    def stage(self) -> FakeStage:
        return FakeStage(self.folder / "stage.jsonl", self.clock, "K")

    def live(self, text: str) -> int:
        return sum(post["text"] == text for post in self.stage().posts())

    # what people do

    @initialize()
    def begin(self) -> None:
        self.propose(None)

    @rule(minutes=st.one_of(st.none(), st.integers(-5, 120)))
    def propose(self, minutes: int | None) -> None:
        self.count += 1
        at = None if minutes is None else self.clock.now + timedelta(minutes=minutes)
        made = proposal(self.memory, channel="bluesky", text=f"Post {self.count}.", at=at, grace=30)
        self.shown[made.id] = made

    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        made = self.one(data)
        try:
            decision = self.memory.decisions.claim("ines", made.id, "approve", made.sha, "Ines")
        except (AlreadyDecided, Stale):
            return
        self.stands(made)
        self.desk().enqueue(self.memory.proposals.get("ines", made.id), decision)

    @rule(data=st.data(), wrong=st.sampled_from(["0" * 64, "", "F" * 64]))
    def approve_what_was_not_shown(self, data: st.DataObject, wrong: str) -> None:
        made = self.one(data)
        try:
            self.memory.decisions.claim("ines", made.id, "approve", wrong, "Ines")
        except (AlreadyDecided, Stale):
            return
        raise AssertionError("a wrong hash was taken")

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        made = self.one(data)
        standing = [d for d in self.memory.decisions.for_proposal(made.id) if d.undone_by is None]
        for decision in standing:
            try:
                self.memory.decisions.undo("ines", decision.id, "Ines")
            except (NotAllowed, AlreadyDecided):
                return
            self.falls(made)

    @rule(data=st.data(), what=st.sampled_from(["edit", "move", "account"]))
    def override(self, data: st.DataObject, what: str) -> None:
        """An edit, another time, another account: the old approval is void, the new version waits."""
        old = self.one(data)
        new = self.changed(old, what)
        try:
            self.memory.voiding.replace(old, new, f"Ines changed the {what}.", by="Ines")
        except GreenroomError:
            return
        self.falls(old)
        self.shown[new.id] = new

    @rule(data=st.data())
    def make_stale(self, data: st.DataObject) -> None:
        made = self.one(data)
        try:
            self.memory.voiding.void("ines", made.id, "Its source changed.", by="Ines")
        except NotAllowed:
            return
        self.falls(made)

    # what time and machines do

    @rule(seconds=st.sampled_from([1, 31, 200, 3600, 3 * 86400, -600]))
    def time_passes(self, seconds: int) -> None:
        self.clock.pass_by(seconds=seconds)

    @rule(fault=st.sampled_from(FAULTS))
    def trouble_ahead(self, fault: str) -> None:
        done = len(self.stage().requests())
        self.faults = [*(["accept"] * done), fault]

    @rule()
    def publish(self) -> None:
        self.desk().publish_due()

    @rule(at=st.integers(1, 8))
    def publish_and_die(self, at: int) -> None:
        self.dies_at = at
        try:
            self.desk().publish_due()
        except Killed:
            self.restart()
        finally:
            self.dies_at = None

    @rule()
    def restart(self) -> None:
        self.memory.close()
        self.memory = Memory.open(self.folder / "home", clock=self.clock)

    @rule()
    def back_up(self) -> None:
        self.memory._database.pragma("wal_checkpoint(TRUNCATE)")
        copy = Path(shutil.copy(self.folder / "home" / "greenroom.db", self.folder / "backup.db"))
        self.backup = (copy, dict(self.shown), dict(self.standing))

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        """What was decided since is forgotten; what was sent since is not sent again."""
        assert self.backup is not None
        copy, self.shown, standing = self.backup[0], dict(self.backup[1]), dict(self.backup[2])
        self.memory.close()
        for file in (self.folder / "home").glob("greenroom.db*"):
            file.unlink()
        shutil.copy(copy, self.folder / "home" / "greenroom.db")
        self.memory = Memory.open(self.folder / "home", clock=self.clock)
        self.memory.quarantines.begin(restored_from="a backup", backup_made_at=self.clock.now)
        self.standing = standing
        for made_id, sha in standing.items():
            self.ever.setdefault(self.shown[made_id].text, []).append((self.clock.now, sha))

    @invariant()
    def nothing_left_without_an_approval(self) -> None:
        texts = [post["text"] for post in self.stage().posts()]
        assert len(texts) == len(set(texts)), "something went out twice"
        for request in self.stage().requests():
            assert request["request"] in self.ever, f"{request['request']} was never approved"

    # helpers

    def one(self, data: st.DataObject) -> Proposal:
        return self.shown[data.draw(st.sampled_from(list(self.shown)))]

    def stands(self, made: Proposal) -> None:
        self.standing[made.id] = made.sha
        self.ever.setdefault(made.text, []).append((self.clock.now, made.sha))

    def falls(self, made: Proposal) -> None:
        """It was taken back, and the memory agreed that nothing had left: then nothing may ever leave."""
        self.standing.pop(made.id, None)
        if self.live(made.text) == 0 and not any(r["request"] == made.text for r in self.stage().requests()):
            self.ever.pop(made.text, None)

    def changed(self, old: Proposal, what: str) -> Proposal:
        self.count += 1
        text = f"Post {self.count}, changed."
        fields: dict[str, Any] = {
            "id": new_id("p"),
            "payload": {**old.payload, "text": text, "facets": []},
            "text": text,
            "at": self.clock.now + timedelta(minutes=7) if what == "move" else old.at,
            "grace_minutes": 30 if what == "move" else old.grace_minutes,
            "account": old.account,
            "supersedes": old.id,
            "state": "waiting",
            "created_at": self.clock.now,
        }
        new = old.model_copy(update=fields)
        covered = ("workspace", "channel", "account", "locale", "payload", "at", "grace_minutes")
        return new.model_copy(update={"sha": sha256(envelope(**{name: getattr(new, name) for name in covered}))})


TestAnySequence = Outbox.TestCase
TestAnySequence.settings = settings(
    max_examples=50, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
