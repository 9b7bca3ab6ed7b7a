"""Whatever people and workers do, in whatever order: what was approved, and only that, can leave."""

import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.decisions import VERBS, Decision
from core.errors import GreenroomError
from core.proposals import Proposal
from core.publications import TRANSITIONS
from core.works import Workspace
from memory import Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import proposal, publication, waiting

RELEASED = ("approved", "scheduled", "live", "failed")
ACTS = (
    *("decide", "enqueue", "step", "step") * 3,
    *("propose", "undo", "take_due", "take_due", "wait") * 2,
    *("decide_unseen", "give_back", "carry_out", "supersede", "grow_stale"),
)
NTH = st.sampled_from([0, 0, 0, 1, 1, 2, 3])


T = TypeVar("T")


@cache
def _migrated() -> Path:
    """A fresh database, made once: an example costs a copy of it."""
    home = Path(tempfile.mkdtemp())
    Memory.open(home).close()
    return home / "greenroom.db"


class Room(RuleBasedStateMachine):
    """People pick from what is there, most often what is newest; workers go on with what is queued."""

    @initialize()
    def open_a_room(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        shutil.copy(_migrated(), self.folder.name)
        self.memory = Memory.open(Path(self.folder.name), clock=self.clock)
        self.memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
        self.made = 0

    def teardown(self) -> None:
        self.memory.close()
        self.folder.cleanup()

    # One rule that picks, rather than a rule for each act: Hypothesis would leave most of them out of a run.
    @rule(act=st.sampled_from(ACTS), nth=NTH, n=st.integers(0, 11), by=st.sampled_from(["Ines", "Tom"]))
    def somebody_acts(self, act: str, nth: int, n: int, by: str) -> None:
        with suppress(GreenroomError):
            getattr(self, act)(nth, n, by)

    def propose(self, nth: int, n: int, by: str) -> None:
        self.made += 1
        stages = ("brand", "proposals") if n % 3 == 0 else ("proposals",)
        waiting(self.memory, f"Post {self.made}", stages=stages, created_at=self.clock())

    def decide(self, nth: int, n: int, by: str) -> None:
        if shown := self._pick(self._all(), nth):
            verb = ["approve", *VERBS][max(0, n - 6)]
            made = self.memory.decisions.claim("ines", shown.id, verb, shown.sha, by, body="x")  # type: ignore[arg-type]
            assert (made.stage, made.sha, shown.state in ("waiting", "held")) == (shown.stage, shown.sha, True)

    def decide_unseen(self, nth: int, n: int, by: str) -> None:
        if shown := self._pick(self._all(), nth):
            self.memory.decisions.claim("ines", shown.id, "approve", "0" * 64, by)
            raise AssertionError("a hash that nobody was shown was taken")

    def undo(self, nth: int, n: int, by: str) -> None:
        if decision := self._pick(self._decisions(), nth):
            self.memory.decisions.undo("ines", decision.id, by)
            assert self.memory.proposals.get("ines", decision.proposal_id).state in ("waiting", "held")

    def give_back(self, nth: int, n: int, by: str) -> None:
        if decision := self._pick(self._decisions(), nth):
            self.memory.decisions.give_back(decision.id, reason="could not be carried out")

    def carry_out(self, nth: int, n: int, by: str) -> None:
        if decision := self._pick(self._decisions(), nth):
            self.memory.decisions.mark_resumed(decision.id)

    def supersede(self, nth: int, n: int, by: str) -> None:
        if old := self._pick(self._all(), nth):
            self.made += 1
            new = proposal(f"Post {self.made}", supersedes=old.id, created_at=self.clock())
            self.memory.proposals.supersede(old.id, new)

    def grow_stale(self, nth: int, n: int, by: str) -> None:
        if shown := self._pick(self._all(), nth):
            self.memory.proposals.move(shown.id, ("waiting", "held"), "stale")

    def enqueue(self, nth: int, n: int, by: str) -> None:
        if decision := self._pick(self._decisions(), nth):
            mixed_up = self._pick(self._all(), n) if n > 9 else None
            made = mixed_up or self.memory.proposals.get("ines", decision.proposal_id)
            due = self.clock() + timedelta(minutes=n % 5 - 2)
            self.memory.publications.enqueue(publication(made, decision, due_at=due))

    def take_due(self, nth: int, n: int, by: str) -> None:
        self.memory.publications.claim_due(by, self.clock(), timedelta(minutes=2), 1 + n % 2)

    def step(self, nth: int, n: int, by: str) -> None:
        if held := self._pick(self.memory.publications.list("ines"), nth):
            there = sorted(TRANSITIONS[held.state]) or sorted(TRANSITIONS)
            to = there[n % len(there)]
            remote = {"remote_id": "r"} if to == "published" else {}
            epoch = held.epoch - (n == 11)
            self.memory.publications.step(held.id, epoch=epoch, to=to, **remote)  # type: ignore[arg-type]

    def wait(self, nth: int, n: int, by: str) -> None:
        self.clock.pass_by(minutes=1 + n % 4, microseconds=7)

    @invariant()
    def the_ledger_holds(self) -> None:
        if hasattr(self, "memory"):
            check = self.memory.ledger.verify()
            assert check.ok, check

    @invariant()
    def one_decision_stands_on_a_stage(self) -> None:
        for shown in self._all():
            stages = [d.stage for d in self._standing(shown)]
            assert len(stages) == len(set(stages))
            assert shown.state not in ("waiting", "held") or shown.stage not in stages

    @invariant()
    def what_is_released_was_approved_as_it_is(self) -> None:
        for shown in self._all():
            approval = self.memory.decisions.release("ines", shown.id)
            assert (approval is not None) == (shown.state in RELEASED), shown.state
            if approval:
                approved = {d.stage for d in self._standing(shown) if (d.verb, d.sha) == ("approve", shown.sha)}
                assert approved == set(shown.stages)

    @invariant()
    def what_may_leave_is_approved(self) -> None:
        for held in self.memory.publications.list("ines") if hasattr(self, "memory") else []:
            if held.state != "cancelled":
                approval = self.memory.decisions.release("ines", held.proposal_id)
                assert approval is not None
                assert (approval.id, approval.sha) == (held.decision_id, held.sha)

    @invariant()
    def live_is_what_was_published(self) -> None:
        if hasattr(self, "memory"):
            live = {p.id for p in self._all() if p.state == "live"}
            assert live == {p.proposal_id for p in self.memory.publications.list("ines", states=("published",))}

    def _pick(self, things: list[T], nth: int) -> T | None:
        """The nth from the end."""
        return things[-1 - nth] if nth < len(things) else None

    def _all(self) -> list[Proposal]:
        return self.memory.proposals.list("ines") if hasattr(self, "memory") else []

    def _decisions(self) -> list[Decision]:
        made = [d for p in self._all() for d in self.memory.decisions.for_proposal(p.id)]
        return sorted(made, key=lambda d: d.at)

    def _standing(self, shown: Proposal) -> list[Decision]:
        made = self.memory.decisions.for_proposal(shown.id)
        return [d for d in made if d.undone_by is None and d.verb != "hold"]


TestAnyOrder = Room.TestCase
TestAnyOrder.settings = settings(
    max_examples=20, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
