"""Whatever people and workers do, in whatever order: what was approved, and only that, can leave."""

import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from core.decisions import VERBS, Decision
from core.errors import GreenroomError
from core.proposals import Proposal
from core.publications import TRANSITIONS
from core.works import Workspace
from memory import Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import proposal, publication, waiting

RELEASED = ("approved", "scheduled", "live", "failed")
PEOPLE = st.sampled_from(["Ines", "Tom"])
STAGES = st.sampled_from([("proposals",), ("brand", "proposals")])


@cache
def _migrated() -> Path:
    """A fresh database, made once: an example costs a copy of it."""
    home = Path(tempfile.mkdtemp())
    Memory.open(home).close()
    return home / "greenroom.db"


class Room(RuleBasedStateMachine):
    proposals: Bundle[Proposal] = Bundle("proposals")
    decisions: Bundle[Decision] = Bundle("decisions")

    @initialize()
    def open_a_room(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        shutil.copy(_migrated(), self.folder.name)
        self.memory = Memory.open(Path(self.folder.name), clock=self.clock)
        self.memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))

    def teardown(self) -> None:
        self.memory.close()
        self.folder.cleanup()

    @rule(target=proposals, stages=STAGES)
    def propose(self, stages: tuple[str, ...]) -> Proposal:
        return waiting(self.memory, f"Post {self.clock()}", stages=stages)

    @rule(target=decisions, shown=proposals, verb=st.sampled_from(VERBS), by=PEOPLE, fits=st.integers(0, 4))
    def decide(self, shown: Proposal, verb: str, by: str, fits: int) -> Decision | None:
        before = self.memory.proposals.get("ines", shown.id)
        sha = shown.sha if fits else "0" * 64
        with suppress(GreenroomError):
            made = self.memory.decisions.claim("ines", shown.id, verb, sha, by, body="x")  # type: ignore[arg-type]
            assert (made.stage, made.sha, before.state in ("waiting", "held")) == (before.stage, shown.sha, True)
            return made
        return None

    @rule(decision=decisions, by=PEOPLE)
    def undo(self, decision: Decision | None, by: str) -> None:
        if decision:
            with suppress(GreenroomError):
                self.memory.decisions.undo("ines", decision.id, by)
                assert self.memory.proposals.get("ines", decision.proposal_id).state in ("waiting", "held")

    @rule(decision=decisions)
    def give_back(self, decision: Decision | None) -> None:
        if decision:
            with suppress(GreenroomError):
                self.memory.decisions.give_back(decision.id, reason="could not be carried out")

    @rule(decision=decisions)
    def carry_out(self, decision: Decision | None) -> None:
        if decision:
            self.memory.decisions.mark_resumed(decision.id)

    @rule(target=proposals, old=proposals)
    def supersede(self, old: Proposal) -> Proposal:
        new = proposal(f"Instead {self.clock()}", supersedes=old.id)
        try:
            self.memory.proposals.supersede(old.id, new)
        except GreenroomError:
            self.memory.proposals.add(new)
        return new

    @rule(shown=proposals)
    def grow_stale(self, shown: Proposal) -> None:
        self.memory.proposals.move(shown.id, ("waiting", "held"), "stale")

    @rule(decision=decisions, shown=proposals, mixed=st.booleans(), minutes=st.integers(-5, 5))
    def enqueue(self, decision: Decision | None, shown: Proposal, mixed: bool, minutes: int) -> None:
        if decision:
            with suppress(GreenroomError):
                own = shown if mixed else self.memory.proposals.get("ines", decision.proposal_id)
                due = self.clock() + timedelta(minutes=minutes)
                self.memory.publications.enqueue(publication(own, decision, due_at=due))

    @rule(limit=st.integers(1, 2))
    def take_due(self, limit: int) -> None:
        self.memory.publications.claim_due("w", self.clock(), timedelta(minutes=2), limit)

    @rule(which=st.integers(0, 5), to=st.sampled_from(sorted(TRANSITIONS)), late=st.booleans())
    def step(self, which: int, to: str, late: bool) -> None:
        queue = self.memory.publications.list("ines")
        if queue:
            held = queue[which % len(queue)]
            remote = {"remote_id": "r"} if to == "published" else {}
            with suppress(GreenroomError):
                self.memory.publications.step(held.id, epoch=held.epoch - late, to=to, **remote)  # type: ignore[arg-type]

    @rule(minutes=st.integers(1, 4))
    def time_passes(self, minutes: int) -> None:
        self.clock.pass_by(minutes=minutes, microseconds=7)

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

    def _all(self) -> list[Proposal]:
        return self.memory.proposals.list("ines") if hasattr(self, "memory") else []

    def _standing(self, shown: Proposal) -> list[Decision]:
        made = self.memory.decisions.for_proposal(shown.id)
        return [d for d in made if d.undone_by is None and d.verb != "hold"]


TestAnyOrder = Room.TestCase
TestAnyOrder.settings = settings(
    max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
