"""A decision is claimed once, by the hash that was shown, and what follows from it is one transaction."""

import sqlite3
from pathlib import Path

import pytest

from core.errors import AlreadyDecided, NotAllowed, NotFound, Refused, Stale, WrongUse
from core.works import Workspace
from memory import Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import proposal, publication, waiting


def state(memory: Memory, proposal_id: str) -> str:
    return memory.proposals.get("ines", proposal_id).state


@pytest.mark.parametrize(
    ("verb", "after"),
    [
        ("approve", "approved"),
        ("reject", "rejected"),
        ("hold", "held"),
        ("edit", "superseded"),
        ("changes", "superseded"),
    ],
)
def test_a_decision_moves_the_proposal_and_stands_in_the_ledger(memory: Memory, verb: str, after: str) -> None:
    shown = waiting(memory)
    decision = memory.decisions.claim("ines", shown.id, verb, shown.sha, "Ines", note="as said", body="new text")
    assert state(memory, shown.id) == after
    assert memory.decisions.get(decision.id) == decision
    [entry] = memory.ledger.entries()
    assert (entry.seq, entry.at, entry.actor, entry.kind) == (1, NOON, "Ines", "decision")
    assert entry.payload == {
        "workspace": "ines",
        "decision": decision.id,
        "proposal": shown.id,
        "stage": "proposals",
        "verb": verb,
        "sha": shown.sha,
        "note": "as said",
        "body_sha": "cb0208b0b1fa06bc59f85c8b2be1e45ff2ef6ddbf0cef02e9f276b8208ea48ab",
    }


@pytest.mark.parametrize("other", ["", "a", "F" * 64, "0" * 64, "0" * 63, "0" * 65, " " + "0" * 63])
def test_refuses_a_hash_that_was_not_shown(memory: Memory, other: str) -> None:
    shown = waiting(memory)
    with pytest.raises(Stale, match="Nothing was decided"):
        memory.decisions.claim("ines", shown.id, "approve", other, "Ines")
    for form in (shown.sha.upper(), shown.sha + "\n", " " + shown.sha, shown.sha[:63]):
        with pytest.raises(Stale):
            memory.decisions.claim("ines", shown.id, "approve", form, "Ines")
    assert (state(memory, shown.id), memory.ledger.entries()) == ("waiting", [])


def test_refuses_a_row_whose_bytes_were_changed_behind_its_hash(memory: Memory) -> None:
    shown = waiting(memory)
    with sqlite3.connect(memory.home / "greenroom.db") as raw:
        raw.execute("DROP TRIGGER proposals_never_change")
        raw.execute('UPDATE proposals SET payload = \'{"channel":"site","text":"Buy now"}\'')
    raw.close()
    with pytest.raises(Stale, match="changed in the database"):
        memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")


def test_the_first_decision_wins_and_the_second_hears_who_was_first(memory: Memory) -> None:
    shown = waiting(memory)
    memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    with pytest.raises(AlreadyDecided, match=r"Already decided by Ines at 2026-11-20T12:00:00Z: approved\.") as caught:
        memory.decisions.claim("ines", shown.id, "reject", shown.sha, "Tom")
    assert caught.value.exit_code == 4
    assert len(memory.ledger.entries()) == 1


def test_a_wrong_hash_is_stale_even_after_a_decision(memory: Memory) -> None:
    shown = waiting(memory)
    memory.decisions.claim("ines", shown.id, "reject", shown.sha, "Ines")
    with pytest.raises(Stale):
        memory.decisions.claim("ines", shown.id, "reject", "0" * 64, "Ines")


def test_deciding_on_what_was_edited_names_the_new_proposal(memory: Memory) -> None:
    old, new = waiting(memory), proposal("Mine.")
    edit = memory.decisions.claim("ines", old.id, "edit", old.sha, "Ines", body="Mine.")
    memory.proposals.supersede(old.id, new)
    memory.proposals.supersede(old.id, new)  # after a crash: harmless
    memory.decisions.mark_resumed(edit.id, new_proposal_id=new.id)
    with pytest.raises(AlreadyDecided, match=rf"edited\. Proposal {new.id} took its place"):
        memory.decisions.claim("ines", old.id, "approve", old.sha, "Tom")
    assert memory.decisions.get(edit.id).new_proposal_id == new.id
    assert memory.decisions.unresumed() == []


def test_a_proposal_of_another_workspace_is_not_found(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    shown = waiting(memory)
    with pytest.raises(NotFound):
        memory.decisions.claim("tom", shown.id, "approve", shown.sha, "Tom")


def test_refuses_what_is_no_decision(memory: Memory) -> None:
    shown = waiting(memory)
    for verb, by, body in (("Approve", "Ines", None), ("approve", " ", None), ("edit", "Ines", " ")):
        with pytest.raises(WrongUse):
            memory.decisions.claim("ines", shown.id, verb, shown.sha, by, body=body)  # type: ignore[arg-type]
    assert memory.ledger.entries() == []


def test_a_hold_uses_nothing_up(memory: Memory) -> None:
    shown = waiting(memory)
    first = memory.decisions.claim("ines", shown.id, "hold", shown.sha, "Ines")
    second = memory.decisions.claim("ines", shown.id, "hold", shown.sha, "Tom")
    memory.decisions.undo("ines", first.id, "Ines")
    assert state(memory, shown.id) == "held"  # Tom's stands
    memory.decisions.undo("ines", second.id, "Tom")
    assert state(memory, shown.id) == "waiting"
    third = memory.decisions.claim("ines", shown.id, "hold", shown.sha, "Ines")
    memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    with pytest.raises(NotAllowed, match="moved on"):
        memory.decisions.undo("ines", third.id, "Ines")
    assert state(memory, shown.id) == "approved"
    assert [d.verb for d in memory.decisions.unresumed()] == ["approve"]


def test_every_stage_is_decided_in_its_order(memory: Memory) -> None:
    shown = waiting(memory, stages=("localization", "brand", "proposals"))
    first = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Lena")
    memory.decisions.claim("ines", shown.id, "hold", shown.sha, "Ben")
    second = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ben")
    assert [d.stage for d in (first, second)] == ["localization", "brand"]
    assert memory.decisions.release("ines", shown.id) is None
    with pytest.raises(NotAllowed, match="moved on"):
        memory.decisions.undo("ines", first.id, "Lena")
    memory.decisions.undo("ines", second.id, "Ben")
    assert memory.proposals.get("ines", shown.id).stage == "brand"
    memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ben")
    last = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    assert (last.stage, state(memory, shown.id)) == ("proposals", "approved")
    assert memory.decisions.release("ines", shown.id) == last
    assert memory.ledger.verify().ok


def test_an_approval_is_taken_back_with_its_publication(memory: Memory, clock: Clock) -> None:
    shown = waiting(memory)
    approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    queued = memory.publications.enqueue(publication(shown, approval))
    clock.pass_by(minutes=1)
    entry = memory.decisions.undo("ines", approval.id, "Tom")
    assert (entry.kind, entry.actor, entry.payload["decision"]) == ("undo", "Tom", approval.id)
    assert memory.decisions.get(approval.id).undone_by == entry.seq
    assert memory.publications.get(queued.id).state == "cancelled"
    assert memory.decisions.release("ines", shown.id) is None
    with pytest.raises(AlreadyDecided, match="taken back before"):
        memory.decisions.undo("ines", approval.id, "Ines")
    again = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    assert memory.publications.enqueue(publication(shown, again)).id != queued.id
    assert memory.ledger.verify().ok


def test_an_approval_taken_back_before_its_publication_never_gets_one(memory: Memory) -> None:
    shown = waiting(memory)
    approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    memory.decisions.undo("ines", approval.id, "Ines")
    assert memory.decisions.unresumed() == []
    with pytest.raises(Refused):
        memory.publications.enqueue(publication(shown, approval))


@pytest.mark.parametrize("verb", ["edit", "changes"])
def test_what_made_a_new_proposal_is_not_taken_back(memory: Memory, verb: str) -> None:
    shown = waiting(memory)
    decision = memory.decisions.claim("ines", shown.id, verb, shown.sha, "Ines", body="x")  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        memory.decisions.undo("ines", decision.id, "Ines")


def test_a_rejection_is_taken_back(memory: Memory) -> None:
    shown = waiting(memory)
    rejection = memory.decisions.claim("ines", shown.id, "reject", shown.sha, "Ines")
    memory.decisions.undo("ines", rejection.id, "Ines")
    assert state(memory, shown.id) == "waiting"


@pytest.mark.parametrize("verb", ["approve", "edit", "changes", "reject"])
def test_what_could_not_be_carried_out_is_given_back(memory: Memory, verb: str) -> None:
    shown = waiting(memory)
    decision = memory.decisions.claim("ines", shown.id, verb, shown.sha, "Ines", body="x")  # type: ignore[arg-type]
    assert memory.decisions.give_back(decision.id, reason="the model did not answer")
    assert state(memory, shown.id) == "waiting"
    assert not memory.decisions.give_back(decision.id, reason="again")
    last = memory.ledger.entries()[-1]
    assert (last.actor, last.kind, last.payload["reason"]) == ("greenroom", "undo", "the model did not answer")
    memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    assert memory.ledger.verify().ok


def test_what_was_carried_out_is_not_given_back(memory: Memory) -> None:
    old, new = waiting(memory), proposal("Mine.")
    edit = memory.decisions.claim("ines", old.id, "edit", old.sha, "Ines", body="Mine.")
    memory.proposals.supersede(old.id, new)
    assert not memory.decisions.give_back(edit.id, reason="cut off after the new proposal was made")
    assert memory.decisions.get(edit.id).new_proposal_id == new.id
    approval = memory.decisions.claim("ines", new.id, "approve", new.sha, "Ines")
    memory.decisions.mark_resumed(approval.id)
    assert not memory.decisions.give_back(approval.id, reason="late")
    assert state(memory, new.id) == "approved"


def test_nothing_stays_of_a_claim_that_is_cut_off(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = waiting(memory)

    def cut_off(*args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(memory.ledger, "append", cut_off)
    with pytest.raises(KeyboardInterrupt):
        memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    assert (state(memory, shown.id), memory.decisions.for_proposal(shown.id)) == ("waiting", [])


def test_a_standing_decision_can_not_be_doubled_even_by_hand(memory: Memory, tmp_path: Path) -> None:
    shown = waiting(memory)
    memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    raw = sqlite3.connect(memory.home / "greenroom.db")
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute("INSERT INTO decisions SELECT 'dec_2', workspace, proposal_id, stage, 'reject', 'Tom', at, sha, note, body, undone_by, new_proposal_id, resumed_at FROM decisions")  # fmt: skip  # noqa: E501
    raw.close()
