"""The outbox moves by compare-and-set on state and epoch, and the proposal moves with it."""

import sqlite3
from datetime import timedelta

import pytest

from core.decisions import Decision
from core.errors import NotAllowed, NotFound, Refused, Stale
from core.proposals import Proposal
from core.publications import TRANSITIONS, Publication, PublicationState
from memory import Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import publication, waiting

LEASE = timedelta(minutes=5)


def approved(memory: Memory, text: str = "Hello from the guide.") -> tuple[Proposal, Decision]:
    shown = waiting(memory, text)
    return shown, memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")


def queued(memory: Memory, text: str = "Hello from the guide.", **changes: object) -> Publication:
    shown, approval = approved(memory, text)
    return memory.publications.enqueue(publication(shown, approval, **changes))


def armed(memory: Memory) -> Publication:
    queued(memory)
    [taken] = memory.publications.claim_due("w1", NOON, LEASE, 1)
    return memory.publications.step(taken.id, epoch=taken.epoch, to="armed", request={"path": "a"}, key="k")


def state(memory: Memory, held: Publication) -> str:
    return memory.proposals.get("ines", held.proposal_id).state


def test_enqueueing_twice_makes_one_row(memory: Memory) -> None:
    shown, approval = approved(memory)
    first = memory.publications.enqueue(publication(shown, approval))
    assert memory.publications.enqueue(publication(shown, approval)) == first
    assert memory.publications.list("ines") == [first]
    assert memory.publications.for_decision(approval.id) == first
    assert memory.publications.for_decision("dec_other") is None


def test_what_nobody_approved_does_not_get_in(memory: Memory) -> None:
    shown, approval = approved(memory)
    for changes in ({"sha": "0" * 64}, {"account": "other"}, {"channel": "x"}):
        with pytest.raises(Refused):
            memory.publications.enqueue(publication(shown, approval, **changes))
    held = waiting(memory, "Held.")
    hold = memory.decisions.claim("ines", held.id, "hold", held.sha, "Ines")
    staged = waiting(memory, "Staged.", stages=("brand", "proposals"))
    first_stage = memory.decisions.claim("ines", staged.id, "approve", staged.sha, "Ines")
    for made, decision in ((held, hold), (staged, first_stage), (held, approval)):
        with pytest.raises(Refused):
            memory.publications.enqueue(publication(made, decision))
    assert memory.publications.list("ines") == []


def test_a_time_to_come_shows_as_scheduled(memory: Memory) -> None:
    later, now = queued(memory, "later", due_at=NOON + timedelta(hours=1)), queued(memory, "now")
    assert (state(memory, later), state(memory, now)) == ("scheduled", "approved")
    assert memory.publications.due(NOON) == [now]
    assert memory.publications.due(NOON + timedelta(hours=1), "ines") == [now, later]
    assert memory.publications.due(NOON, "tom") == []


def test_the_way_to_live(memory: Memory, clock: Clock) -> None:
    held = armed(memory)
    assert (held.state, held.epoch, held.worker, held.lease_until) == ("armed", 1, "w1", NOON + LEASE)
    clock.pass_by(seconds=5)
    live = memory.publications.step(
        held.id, epoch=1, to="published", remote_id="r1", url="https://ines.example/a", published_at=clock()
    )
    assert memory.publications.get(held.id) == live
    assert (live.state, live.remote_id, live.updated_at, state(memory, held)) == ("published", "r1", clock(), "live")
    last = memory.ledger.entries()[-1]
    assert (last.kind, last.payload["state"], last.payload["remote_id"]) == ("publication", "published", "r1")
    with pytest.raises(NotAllowed, match="is live"):
        memory.decisions.undo("ines", held.decision_id, "Ines")


def test_nothing_counts_as_published_without_a_remote_id(memory: Memory) -> None:
    held = armed(memory)
    with pytest.raises(ValueError, match="remote id"):
        memory.publications.step(held.id, epoch=1, to="published", remote_id="")
    assert memory.publications.get(held.id) == held


def test_failed_is_shown_only_on_evidence(memory: Memory) -> None:
    held = armed(memory)
    held = memory.publications.step(held.id, epoch=1, to="unknown", reason="no answer")
    assert state(memory, held) == "approved"
    held = memory.publications.step(held.id, epoch=1, to="reconciling")
    held = memory.publications.step(held.id, epoch=2, to="needs_human", reason="can't be read back")
    assert state(memory, held) == "approved"
    with pytest.raises(NotAllowed, match="may have left"):
        memory.decisions.undo("ines", held.decision_id, "Ines")
    refused = armed(memory)
    memory.publications.step(refused.id, epoch=1, to="rejected", reason="422")
    assert state(memory, refused) == "failed"
    memory.decisions.undo("ines", refused.decision_id, "Ines")
    assert state(memory, refused) == "waiting"


def test_too_late_to_take_back_what_is_being_sent(memory: Memory) -> None:
    held = armed(memory)
    with pytest.raises(NotAllowed, match="being sent"):
        memory.decisions.undo("ines", held.decision_id, "Ines")
    with pytest.raises(NotAllowed, match="being sent"):
        memory.publications.step(held.id, epoch=1, to="cancelled")
    assert (memory.publications.get(held.id), state(memory, held)) == (held, "approved")


def test_a_worker_that_wakes_late_finds_its_epoch_gone(memory: Memory, clock: Clock) -> None:
    queued(memory)
    [slow] = memory.publications.claim_due("slow", clock(), LEASE, 5)
    clock.pass_by(minutes=4)
    assert memory.publications.claim_due("quick", clock(), LEASE, 5) == []
    clock.pass_by(minutes=2)
    [quick] = memory.publications.claim_due("quick", clock(), LEASE, 5)
    assert (quick.id, quick.epoch, quick.worker) == (slow.id, 2, "quick")
    with pytest.raises(Stale, match="another worker"):
        memory.publications.step(slow.id, epoch=slow.epoch, to="armed", request={}, key="k")
    memory.publications.step(quick.id, epoch=quick.epoch, to="armed", request={}, key="k")


def test_taking_up_a_reconciliation_makes_a_new_epoch(memory: Memory) -> None:
    held = armed(memory)
    memory.publications.step(held.id, epoch=1, to="unknown")
    first = memory.publications.step(held.id, epoch=1, to="reconciling")
    assert first.epoch == 2
    memory.publications.step(held.id, epoch=2, to="unknown")
    second = memory.publications.step(held.id, epoch=2, to="reconciling")
    with pytest.raises(Stale):
        memory.publications.step(held.id, epoch=first.epoch, to="armed")
    again = memory.publications.step(held.id, epoch=second.epoch, to="armed")
    assert (again.request, again.key) == (held.request, held.key)


def test_the_request_is_frozen_once_armed(memory: Memory) -> None:
    held = armed(memory)
    memory.publications.step(held.id, epoch=1, to="unknown")
    held = memory.publications.step(held.id, epoch=1, to="reconciling")
    for changes in ({"request": {"path": "b"}}, {"key": "other"}):
        with pytest.raises(ValueError, match="prepared"):
            memory.publications.step(held.id, epoch=held.epoch, to="armed", **changes)
    for name in ("sha", "account", "channel", "proposal_id", "state", "decision_id", "nonsense"):
        with pytest.raises(ValueError, match="can't change"):
            memory.publications.step(held.id, epoch=held.epoch, to="unknown", **{name: "x"})
    assert memory.publications.get(held.id) == held


def test_handles_are_kept_while_preparing(memory: Memory) -> None:
    queued(memory)
    [taken] = memory.publications.claim_due("w1", NOON, LEASE, 1)
    kept = memory.publications.step(taken.id, epoch=1, to="preparing", handles={"image": "blob1"})
    assert (kept.handles, kept.epoch) == ({"image": "blob1"}, 1)


@pytest.mark.parametrize("old", sorted(TRANSITIONS))
def test_only_the_steps_of_the_state_machine_are_made(memory: Memory, old: PublicationState) -> None:
    held = queued(memory, remote_id="r")
    with sqlite3.connect(memory.home / "greenroom.db") as raw:
        raw.execute("UPDATE publications SET state = ?", (old,))
    raw.close()
    for to in sorted(set(TRANSITIONS) - TRANSITIONS[old]):
        with pytest.raises(NotAllowed):
            memory.publications.step(held.id, epoch=0, to=to)
    assert memory.publications.get(held.id).state == old


def test_cancelled_and_tried_again(memory: Memory) -> None:
    held = queued(memory, due_at=NOON + timedelta(hours=1))
    memory.publications.step(held.id, epoch=0, to="cancelled", by="Ines")
    assert state(memory, held) == "approved"
    refused = armed(memory)
    memory.publications.step(refused.id, epoch=1, to="rejected")
    memory.publications.step(refused.id, epoch=1, to="scheduled", due_at=NOON + timedelta(hours=2))
    assert state(memory, refused) == "scheduled"


def test_claims_the_soonest_first_and_no_more_than_asked(memory: Memory) -> None:
    third, first, second = (queued(memory, f"{m}", due_at=NOON - timedelta(minutes=m)) for m in (1, 3, 2))
    assert [p.id for p in memory.publications.claim_due("w", NOON, LEASE, 2)] == [first.id, second.id]
    assert [p.id for p in memory.publications.claim_due("w", NOON, LEASE, 2)] == [third.id]
    assert [p.id for p in memory.publications.list(states=["preparing"])] == [first.id, second.id, third.id]


def test_an_unknown_publication_is_not_found(memory: Memory) -> None:
    with pytest.raises(NotFound):
        memory.publications.get("pub_none")
    with pytest.raises(NotFound):
        memory.publications.step("pub_none", epoch=0, to="armed")
