"""Whatever changes what was approved takes the approval back: in one transaction, visibly, and never too late."""

import multiprocessing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import AlreadyDecided, NotAllowed, NotFound, Refused, Stale
from core.proposals import Proposal
from memory import Memory
from tests.memory.conftest import NOON
from tests.memory.making import proposal, publication, waiting

WHY = "The picture harbour.jpg is not the one you approved."
SPAWN = multiprocessing.get_context("spawn")


def approved(memory: Memory, text: str = "Hello.", **changes: Any) -> tuple[Proposal, Any]:
    shown = waiting(memory, text, **changes)
    for _ in shown.stages:
        decision = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    return shown, decision


def test_a_standing_approval_is_voided_with_its_publication(memory: Memory) -> None:
    shown, approval = approved(memory)
    queued = memory.publications.enqueue(publication(shown, approval))
    voided = memory.voiding.void("ines", shown.id, WHY, by="sender")
    assert voided is not None
    assert (voided.proposal, voided.decision, voided.reason) == (shown.id, approval.id, WHY)
    now = memory.proposals.get("ines", shown.id)
    assert (now.state, now.reason, now.as_json()["reason"]) == ("stale", WHY, WHY)
    row = memory.publications.get(queued.id)
    assert (row.state, row.reason) == ("cancelled", WHY)
    told = memory.ledger.entries()[-1]
    assert (told.kind, told.actor, told.seq) == ("void", "sender", memory.decisions.get(approval.id).undone_by)
    assert told.payload == {
        "workspace": "ines",
        "decision": approval.id,
        "proposal": shown.id,
        "stage": "proposals",
        "verb": "approve",
        "sha": shown.sha,
        "reason": WHY,
        "by": "sender",
    }
    assert memory.decisions.release("ines", shown.id) is None
    assert memory.ledger.verify().ok


def test_what_was_voided_neither_goes_out_nor_is_approved_again(memory: Memory) -> None:
    shown, approval = approved(memory)
    memory.voiding.void("ines", shown.id, WHY, by="sender")
    with pytest.raises(Refused):
        memory.publications.enqueue(publication(shown, approval))
    with pytest.raises(Stale, match="harbour") as caught:
        memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    assert f"greenroom revise {shown.id}" in caught.value.hint
    with pytest.raises(AlreadyDecided):
        memory.decisions.undo("ines", approval.id, "Ines")
    assert memory.decisions.unresumed() == []


@pytest.mark.parametrize("verb", [None, "hold"])
def test_what_waits_goes_stale_with_an_entry(memory: Memory, verb: Any) -> None:
    shown = waiting(memory)
    if verb:
        memory.decisions.claim("ines", shown.id, verb, shown.sha, "Ines")
    voided = memory.voiding.void("ines", shown.id, WHY, by="Tom")
    assert voided is not None and voided.decision is None
    assert memory.proposals.get("ines", shown.id).state == "stale"
    told = memory.ledger.entries()[-1]
    assert (told.kind, told.actor, told.payload["decision"], told.payload["reason"]) == ("void", "Tom", None, WHY)
    assert memory.ledger.verify().ok


def test_every_stage_that_was_approved_is_voided(memory: Memory) -> None:
    shown = waiting(memory, stages=("brand", "proposals"))
    first = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ben")
    memory.voiding.void("ines", shown.id, WHY, by="Tom")
    other, last = approved(memory, "Another.", stages=("brand", "proposals"))
    voided = memory.voiding.void("ines", other.id, WHY, by="Tom")
    assert voided is not None and voided.decision == last.id
    standing = [d for p in (shown, other) for d in memory.decisions.for_proposal(p.id) if d.undone_by is None]
    assert standing == []
    assert memory.decisions.get(first.id).undone_by is not None
    assert memory.ledger.verify().ok


def test_a_forged_void_is_seen(memory: Memory) -> None:
    import sqlite3
    from contextlib import closing

    shown, approval = approved(memory)
    memory.voiding.void("ines", shown.id, WHY, by="Tom")
    with closing(sqlite3.connect(memory.home / "greenroom.db")) as raw:
        raw.execute("UPDATE decisions SET undone_by = NULL")
        raw.commit()
    check = memory.ledger.verify()
    assert (check.ok, check.first_bad) == (False, 2)
    assert approval.id in check.reason


@pytest.mark.parametrize("state", ["missed", "paused_auth", "rejected", "needs_human"])
def test_what_certainly_did_not_leave_is_withdrawn(memory: Memory, state: Any) -> None:
    shown, approval = approved(memory)
    queued = memory.publications.enqueue(publication(shown, approval))
    if state == "rejected":
        [taken] = memory.publications.claim_due("w", NOON, timedelta(minutes=5), 1)
        queued = memory.publications.step(taken.id, epoch=1, to="armed", request={"a": 1}, key="k")
    memory.publications.step(queued.id, epoch=queued.epoch, to=state)
    assert memory.voiding.void("ines", shown.id, WHY, by="Tom") is not None
    assert memory.publications.get(queued.id).state == "cancelled"
    assert memory.proposals.get("ines", shown.id).state == "stale"


@pytest.mark.parametrize("further", [(), ("published",), ("unknown",), ("needs_human",)])
def test_too_late_is_said_and_changes_nothing(memory: Memory, further: tuple[Any, ...]) -> None:
    shown, approval = approved(memory)
    memory.publications.enqueue(publication(shown, approval))
    [row] = memory.publications.claim_due("w", NOON, timedelta(minutes=5), 1)
    row = memory.publications.step(row.id, epoch=1, to="armed", request={"a": 1}, key="k", attempts=1)
    for state in further:
        row = memory.publications.step(
            row.id, epoch=1, to=state, **({"remote_id": "r"} if state == "published" else {})
        )
    before = (memory.proposals.get("ines", shown.id), memory.publications.get(row.id), memory.ledger.entries())
    with pytest.raises(NotAllowed, match="too late") as caught:
        memory.voiding.void("ines", shown.id, WHY, by="Tom")
    assert caught.value.exit_code == 5
    with pytest.raises(NotAllowed, match="too late"):
        memory.voiding.replace(shown, proposal("New.", supersedes=shown.id), "Ines changed its text.", by="Ines")
    assert (memory.proposals.get("ines", shown.id), memory.publications.get(row.id), memory.ledger.entries()) == before
    assert memory.decisions.release("ines", shown.id) == approval


def test_nothing_is_voided_twice_or_where_there_is_nothing(memory: Memory) -> None:
    shown, _ = approved(memory)
    memory.voiding.void("ines", shown.id, WHY, by="Tom")
    entries = len(memory.ledger.entries())
    assert memory.voiding.void("ines", shown.id, "again", by="Tom") is None
    rejected = waiting(memory, "No.")
    memory.decisions.claim("ines", rejected.id, "reject", rejected.sha, "Ines")
    assert memory.voiding.void("ines", rejected.id, WHY, by="Tom") is None
    assert memory.proposals.get("ines", rejected.id).state == "rejected"
    assert len(memory.ledger.entries()) == entries + 1
    with pytest.raises(NotFound):
        memory.voiding.void("tom", shown.id, WHY, by="Tom")


def test_a_sweep_voids_what_lost_its_ground_and_stops_at_nothing(memory: Memory) -> None:
    sending, approval = approved(memory, "Sending.")
    memory.publications.enqueue(publication(sending, approval))
    [row] = memory.publications.claim_due("w", NOON, timedelta(minutes=5), 1)
    memory.publications.step(row.id, epoch=1, to="armed", request={"a": 1}, key="k", attempts=1)
    lost, kept = waiting(memory, "Lost."), waiting(memory, "Kept.")
    swept = memory.voiding.sweep("ines", lambda p: None if p.text == "Kept." else "It is gone.", by="Tom")
    assert [(each.proposal, each.reason) for each in swept.voided] == [(lost.id, "It is gone.")]
    [late] = swept.too_late
    assert late.proposal == sending.id
    assert late.reason.startswith("It is gone. It is too late")
    states = {p.id: p.state for p in memory.proposals.list("ines")}
    assert states == {sending.id: "approved", lost.id: "stale", kept.id: "waiting"}


def test_a_new_version_takes_the_place_in_the_same_transaction(memory: Memory) -> None:
    shown, approval = approved(memory)
    queued = memory.publications.enqueue(publication(shown, approval))
    new = proposal("Another text.", supersedes=shown.id)
    voided = memory.voiding.replace(shown, new, "Ines changed its text.", by="Ines", note="a slip")
    assert voided is not None and voided.decision == approval.id
    old = memory.proposals.get("ines", shown.id)
    assert (old.state, old.superseded_by, old.reason) == ("superseded", new.id, "Ines changed its text.")
    assert memory.proposals.get("ines", new.id).state == "waiting"
    assert memory.publications.get(queued.id).state == "cancelled"
    assert [e.kind for e in memory.ledger.entries()] == ["decision", "publication", "void", "revise"]
    again = memory.decisions.claim("ines", new.id, "approve", new.sha, "Ines")
    assert memory.publications.enqueue(publication(new, again)).state == "scheduled"
    with pytest.raises(AlreadyDecided, match=f"{new.id} took its place"):
        memory.voiding.replace(shown, proposal("Third."), "x", by="Ines")
    assert memory.ledger.verify().ok


def test_who_may_not_take_an_approval_back_puts_nothing_in_its_place(memory: Memory) -> None:
    memory.members.add("ines", "Per", "contributor", by="Ines", new_secret="a tin without a lid")
    shown, _ = approved(memory)
    open_one = waiting(memory, "Waits.")
    for old in (shown, open_one):
        with pytest.raises(NotAllowed, match="secret"):
            memory.voiding.replace(old, proposal("x", supersedes=old.id), "x", by="Per")
    with pytest.raises(NotAllowed, match="may not take a decision back"):
        memory.voiding.replace(shown, proposal("x", supersedes=shown.id), "x", by="Per", secret="a tin without a lid")
    with pytest.raises(NotAllowed, match="agent never"):
        memory.voiding.replace(shown, proposal("x", supersedes=shown.id), "x", by="agent")
    assert memory.proposals.get("ines", shown.id).state == "approved"
    memory.voiding.replace(open_one, proposal("x", supersedes=open_one.id), "x", by="Per", secret="a tin without a lid")


def approve_all(home: Path, name: str, barrier: Any, answers: Any, shown: list[tuple[str, str]]) -> None:
    memory, won = Memory.open(home, clock=lambda: NOON), []
    for proposal_id, sha in shown:
        barrier.wait()
        try:
            decision = memory.decisions.claim("ines", proposal_id, "approve", sha, name)
            memory.publications.enqueue(publication(memory.proposals.get("ines", proposal_id), decision))
            won.append("in time")
        except Stale:
            won.append("stale")
        except Refused:
            won.append("voided before it was in line")
    answers.put(won)
    memory.close()


def void_all(home: Path, name: str, barrier: Any, answers: Any, shown: list[tuple[str, str]]) -> None:
    memory, done = Memory.open(home, clock=lambda: NOON), []
    for proposal_id, _ in shown:
        barrier.wait()
        done.append(memory.voiding.void("ines", proposal_id, WHY, by=name) is not None)
    answers.put(done)
    memory.close()


def test_an_approval_and_a_void_at_once_leave_nothing_that_is_sent(memory: Memory) -> None:
    shown = [waiting(memory, f"Post {n}.") for n in range(60)]
    rows = [(p.id, p.sha) for p in shown]
    barrier, approvals, voids = SPAWN.Barrier(2), SPAWN.Queue(), SPAWN.Queue()
    pair = [
        SPAWN.Process(target=approve_all, args=(memory.home, "Ines", barrier, approvals, rows)),
        SPAWN.Process(target=void_all, args=(memory.home, "Tom", barrier, voids, rows)),
    ]
    for process in pair:
        process.start()
    ended, voided = approvals.get(timeout=120), voids.get(timeout=120)
    for process in pair:
        process.join()
    assert voided == [True] * 60  # nothing was armed, so a void is never too late
    assert len(ended) == 60
    assert {p.state for p in memory.proposals.list("ines")} == {"stale"}
    assert memory.publications.claim_due("w", NOON, timedelta(minutes=5), 100) == []
    assert {p.state for p in memory.publications.list("ines")} <= {"cancelled"}
    assert all(memory.decisions.release("ines", p.id) is None for p in shown)
    assert memory.ledger.verify().ok


def arm_all(home: Path, name: str, barrier: Any, answers: Any, shown: list[tuple[str, str]]) -> None:
    memory, armed = Memory.open(home, clock=lambda: NOON), []
    for proposal_id, _ in shown:
        [row] = [p for p in memory.publications.list("ines") if p.proposal_id == proposal_id]
        barrier.wait()
        try:
            row = memory.publications.step(row.id, epoch=0, to="preparing")
            memory.publications.step(row.id, epoch=1, to="armed", request={"a": 1}, key="k", attempts=1)
            armed.append(proposal_id)
        except (NotAllowed, Stale):
            pass
    answers.put(armed)
    memory.close()


def void_late(home: Path, name: str, barrier: Any, answers: Any, shown: list[tuple[str, str]]) -> None:
    memory, done = Memory.open(home, clock=lambda: NOON), []
    for proposal_id, _ in shown:
        barrier.wait()
        try:
            memory.voiding.void("ines", proposal_id, WHY, by=name)
            done.append(proposal_id)
        except NotAllowed as error:
            assert "too late" in error.message
    answers.put(done)
    memory.close()


def test_of_a_void_and_an_arming_at_once_exactly_one_wins(memory: Memory) -> None:
    shown = []
    for n in range(60):
        made, approval = approved(memory, f"Post {n}.")
        memory.publications.enqueue(publication(made, approval))
        shown.append((made.id, made.sha))
    barrier, armings, voids = SPAWN.Barrier(2), SPAWN.Queue(), SPAWN.Queue()
    pair = [
        SPAWN.Process(target=arm_all, args=(memory.home, "w", barrier, armings, shown)),
        SPAWN.Process(target=void_late, args=(memory.home, "Tom", barrier, voids, shown)),
    ]
    for process in pair:
        process.start()
    armed, voided = armings.get(timeout=120), voids.get(timeout=120)
    for process in pair:
        process.join()
    assert sorted(armed + voided) == sorted(proposal_id for proposal_id, _ in shown)
    states = {p.proposal_id: p.state for p in memory.publications.list("ines")}
    assert states == dict.fromkeys(armed, "armed") | dict.fromkeys(voided, "cancelled")
    assert memory.ledger.verify().ok
