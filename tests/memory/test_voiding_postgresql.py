"""The same races on a real PostgreSQL, where rows are locked one by one: approve, void, arm, remove a member."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import AlreadyDecided, NotAllowed, Refused, Stale
from core.works import Workspace
from memory import Memory
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.conftest import NOON
from tests.memory.making import publication, waiting

pytest.importorskip("psycopg")
SPAWN = multiprocessing.get_context("spawn")
WHY = "The picture harbour.jpg is not the one you approved."
SECRET = "a tin without a lid"
ROUNDS = 40


@pytest.fixture
def url(postgresql: PostgreSQLServer) -> str:
    return postgresql.new_database()


@pytest.fixture
def memory(url: str, tmp_path: Path) -> Iterator[Memory]:
    memory = Memory.open(tmp_path, database_url=url, clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    yield memory
    memory.close()


def take_turns(url: str, home: Path, act: str, barrier: Any, answers: Any, ids: list[str]) -> None:
    """Do one thing to each proposal, at the same moment as the others; put what came of each into `answers`."""
    memory = Memory.open(home, database_url=url, clock=lambda: NOON)
    came = []
    for number, proposal_id in enumerate(ids):
        barrier.wait()
        try:
            came.append(ACTS[act](memory, proposal_id, number))
        except (NotAllowed, Stale, Refused, AlreadyDecided) as error:
            came.append(type(error).__name__)
    answers.put((act, came))
    memory.close()


def _approve(memory: Memory, proposal_id: str, _number: int) -> str:
    shown = memory.proposals.get("ines", proposal_id)
    decision = memory.decisions.claim("ines", proposal_id, "approve", shown.sha, "Ines")
    memory.publications.enqueue(publication(shown, decision))
    return "approved"


def _void(memory: Memory, proposal_id: str, _number: int) -> str:
    return "voided" if memory.voiding.void("ines", proposal_id, WHY, by="Tom") else "nothing"


def _arm(memory: Memory, proposal_id: str, _number: int) -> str:
    [row] = [each for each in memory.publications.list("ines") if each.proposal_id == proposal_id]
    row = memory.publications.step(row.id, epoch=0, to="preparing")
    memory.publications.step(row.id, epoch=1, to="armed", request={"a": 1}, key="k", attempts=1)
    return "armed"


def _revoke(memory: Memory, _proposal_id: str, number: int) -> str:
    memory.consents.say("ines", f"person:Person{number}x", granted=False, by="Ines")
    memory.voiding.sweep("ines", memory.grounds.consent, by="Ines")
    return "revoked"


ACTS = {"approve": _approve, "void": _void, "arm": _arm, "revoke": _revoke}


def at_once(memory: Memory, url: str, ids: list[str], *acts: str) -> dict[str, list[str]]:
    barrier, answers = SPAWN.Barrier(len(acts)), SPAWN.Queue()
    workers = [SPAWN.Process(target=take_turns, args=(url, memory.home, act, barrier, answers, ids)) for act in acts]
    for worker in workers:
        worker.start()
    came = dict(answers.get(timeout=180) for _ in workers)
    for worker in workers:
        worker.join()
    return came


def test_an_approval_and_a_void_at_once(memory: Memory, url: str) -> None:
    ids = [waiting(memory, f"Post {n}.").id for n in range(ROUNDS)]
    came = at_once(memory, url, ids, "approve", "void")
    assert came["void"] == ["voided"] * ROUNDS
    assert set(came["approve"]) <= {"approved", "Stale", "Refused"}
    assert {p.state for p in memory.proposals.list("ines")} == {"stale"}
    assert memory.publications.claim_due("w", NOON, timedelta(minutes=5), 100) == []
    assert memory.ledger.verify().ok


def test_a_void_and_an_arming_at_once(memory: Memory, url: str) -> None:
    ids = [waiting(memory, f"Post {n}.").id for n in range(ROUNDS)]
    for proposal_id in ids:
        _approve(memory, proposal_id, 0)
    came = at_once(memory, url, ids, "void", "arm")
    ends = Counter(zip(came["void"], came["arm"], strict=True))
    assert set(ends) <= {("voided", "NotAllowed"), ("voided", "Stale"), ("NotAllowed", "armed")}
    states = {p.proposal_id: p.state for p in memory.publications.list("ines")}
    assert [states[each] for each in ids] == ["armed" if arm == "armed" else "cancelled" for arm in came["arm"]]
    assert memory.ledger.verify().ok


def test_consent_revoked_while_it_is_approved_and_voided_from_two_sides(memory: Memory, url: str) -> None:
    ids = [waiting(memory, f"Person{n}x said so.").id for n in range(ROUNDS)]
    came = at_once(memory, url, ids, "approve", "revoke", "void")
    assert came["revoke"] == ["revoked"] * ROUNDS
    assert {p.state for p in memory.proposals.list("ines")} == {"stale"}
    assert {p.state for p in memory.publications.list("ines")} <= {"cancelled"}
    assert memory.ledger.verify().ok


def test_two_owners_who_demote_each_other_leave_one(memory: Memory, url: str) -> None:
    import threading

    memory.members.add("ines", "Mats", "owner", by="Ines", new_secret=SECRET)
    errors: list[str] = []
    barrier = threading.Barrier(2)

    def demote(name: str, by: str, secret: str | None) -> None:
        barrier.wait()
        try:
            memory.members.change("ines", name, by=by, role="viewer", secret=secret)
        except NotAllowed as error:
            errors.append(error.message)

    for _ in range(10):
        pair = [
            threading.Thread(target=demote, args=("Mats", "Ines", None)),
            threading.Thread(target=demote, args=("Ines", "Mats", SECRET)),
        ]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()
        [owner] = [m for m in memory.members.list("ines") if m.role == "owner"]
        other = "Ines" if owner.name == "Mats" else "Mats"
        secret = SECRET if owner.name == "Mats" else None
        memory.members.change("ines", other, by=owner.name, role="owner", secret=secret)
    assert len(errors) == 10
    assert memory.ledger.verify().ok


def test_who_is_removed_while_they_approve_approves_nothing_after_it(memory: Memory) -> None:
    import threading

    memory.members.add("ines", "Mats", "editor", by="Ines", new_secret=SECRET)
    shown = [waiting(memory, f"Post {n}.") for n in range(12)]
    begun = len(memory.ledger.entries())

    def approve() -> None:
        for each in shown:
            try:
                memory.decisions.claim("ines", each.id, "approve", each.sha, "Mats", secret=SECRET)
            except NotAllowed:
                return

    thread = threading.Thread(target=approve)
    thread.start()
    while len(memory.ledger.entries()) < begun + 3:
        pass
    memory.members.remove("ines", "Mats", by="Ines")
    thread.join()
    kinds = [entry.kind for entry in memory.ledger.entries()][begun:]
    assert kinds == ["decision"] * (len(kinds) - 1) + ["member"]
    assert len(kinds) >= 4
