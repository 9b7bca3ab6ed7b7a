"""Who may decide: roles, secrets, four eyes, and the workspace that has one owner."""

import multiprocessing
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadInput, GreenroomError, NotAllowed, NotFound
from core.members import ROLES, is_agent
from core.proposals import Proposal, Provenance
from memory import Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import proposal, publication, waiting

SECRET = "a tin without a lid"
OTHER = "twice a minute, by the clock"
SPAWN = multiprocessing.get_context("spawn")


def decide(memory: Memory, shown: Proposal, verb: str, by: str, **more: Any) -> Any:
    return memory.decisions.claim("ines", shown.id, verb, shown.sha, by, **more)  # type: ignore[arg-type]


def policy(memory: Memory, **approval: Any) -> None:
    space = memory.workspaces.get("ines")
    memory.workspaces.replace(space.model_copy(update={"policy": {"approval": approval}}))


def undecided(memory: Memory, shown: Proposal) -> bool:
    """Whether a refusal left nothing behind: no decision, no ledger entry of one, the proposal as it was."""
    told = [entry for entry in memory.ledger.entries() if entry.kind in ("decision", "undo")]
    return (memory.proposals.get("ines", shown.id), memory.decisions.for_proposal(shown.id), told) == (shown, [], [])


@pytest.fixture
def mats(memory: Memory) -> str:
    """An editor with a secret; Ines is recorded as the owner."""
    return memory.members.add("ines", "Mats", "editor", by="Ines", new_secret=SECRET).name


def test_a_workspace_without_members_is_whoever_sits_there(memory: Memory) -> None:
    assert memory.members.list("ines") == []
    assert decide(memory, waiting(memory), "approve", "Somebody").by == "Somebody"


@pytest.mark.parametrize(
    "name", ["agent", "Agent", " agent:chat", "GREENROOM", "model", "assistant:9", "ａｇｅｎｔ", "ag\u200bent"]
)
def test_the_agent_never_decides_not_even_alone(memory: Memory, name: str) -> None:
    shown = waiting(memory)
    for verb in ("approve", "reject", "hold", "edit", "changes"):
        with pytest.raises(NotAllowed, match="agent never decides") as caught:
            decide(memory, shown, verb, name, body="x")
        assert caught.value.exit_code == 5
    assert undecided(memory, shown)
    approval = decide(memory, shown, "approve", "Ines")
    with pytest.raises(NotAllowed):
        memory.decisions.undo("ines", approval.id, name)
    with pytest.raises(BadInput):
        memory.members.add("ines", name, "owner", by="Ines", new_secret=SECRET)


def test_names_that_only_look_like_the_agents_are_peoples() -> None:
    assert [is_agent(name) for name in ("Agenta", "agent-smith", "Ines", "model 3", "agent :x")] == [False] * 4 + [True]


def test_the_first_member_makes_the_present_person_the_owner(memory: Memory, mats: str) -> None:
    assert [(m.name, m.role, m.is_founder, m.secret_hash is None) for m in memory.members.list("ines")] == [
        ("Ines", "owner", True, True),
        ("Mats", "editor", False, False),
    ]
    told = [(e.actor, e.payload["name"], e.payload["role"], e.payload["what"]) for e in memory.ledger.entries()]
    assert told == [("Ines", "Ines", "owner", "added"), ("Ines", "Mats", "editor", "added")]


ALLOWED = {
    "owner": {"approve", "edit", "changes", "reject", "hold"},
    "editor": {"approve", "edit", "changes", "reject", "hold"},
    "contributor": {"edit", "changes", "hold"},
    "viewer": set(),
    "agent": set(),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_it_may(memory: Memory, role: Any) -> None:
    memory.members.add("ines", "Per", role, by="Ines", new_secret=SECRET)
    done = set()
    for verb in ("approve", "edit", "changes", "reject", "hold"):
        shown = waiting(memory, f"Post for {verb}.")
        try:
            decide(memory, shown, verb, "Per", body="Mine.", secret=SECRET)
            done.add(verb)
        except NotAllowed as error:
            assert "Per" in error.message or "agent" in error.message
            assert memory.proposals.get("ines", shown.id) == shown
    assert done == ALLOWED[role]
    mine = waiting(memory, "Another.")
    rejection = decide(memory, mine, "reject", "Ines")
    if role in ("owner", "editor"):
        memory.decisions.undo("ines", rejection.id, "Per", secret=SECRET)
    else:
        with pytest.raises(NotAllowed):
            memory.decisions.undo("ines", rejection.id, "Per", secret=SECRET)


def test_who_is_no_member_decides_nothing(memory: Memory, mats: str) -> None:
    shown = waiting(memory)
    for name in ("Tom", "mats", "MATS", "owner"):
        with pytest.raises(NotAllowed, match="no member of this workspace"):
            decide(memory, shown, "approve", name, secret=SECRET)
    assert undecided(memory, shown)


def test_a_secret_is_asked_for_every_time(memory: Memory, mats: str) -> None:
    shown = waiting(memory)
    for given in (None, "", "a tin with a lid!", SECRET + " "):
        with pytest.raises(NotAllowed, match="secret") as caught:
            decide(memory, shown, "approve", mats, secret=given)
        assert "--secret-file" in caught.value.hint
    assert undecided(memory, shown)
    assert decide(memory, shown, "hold", mats, secret=SECRET).by == "Mats"
    with pytest.raises(NotAllowed):
        decide(memory, shown, "approve", mats)
    approval = decide(memory, shown, "approve", mats, secret=SECRET)
    with pytest.raises(NotAllowed):
        memory.decisions.undo("ines", approval.id, mats, secret="not this one")
    memory.decisions.undo("ines", approval.id, mats, secret=SECRET)


def test_one_members_secret_is_no_others(memory: Memory, mats: str) -> None:
    memory.members.add("ines", "Per", "editor", by="Ines", new_secret=OTHER)
    with pytest.raises(NotAllowed):
        decide(memory, waiting(memory), "approve", "Per", secret=SECRET)


def test_who_was_added_without_a_secret_decides_nothing_yet(memory: Memory) -> None:
    memory.members.add("ines", "Per", "owner", by="Ines")
    shown = waiting(memory)
    for secret in (None, "anything at all"):
        with pytest.raises(NotAllowed, match="no secret yet"):
            decide(memory, shown, "approve", "Per", secret=secret)
    with pytest.raises(NotAllowed):
        memory.members.set_secret("ines", "Per", SECRET, by="Per")
    memory.members.set_secret("ines", "Per", SECRET, by="Ines")
    decide(memory, shown, "approve", "Per", secret=SECRET)


@pytest.mark.parametrize("secret", ["short", " " * 20, "1234567", "x" * 1025, "half \ud83e a pair"])
def test_what_is_no_secret_is_refused(memory: Memory, secret: str) -> None:
    with pytest.raises(BadInput):
        memory.members.add("ines", "Per", "editor", by="Ines", new_secret=secret)
    assert memory.members.list("ines") == []


def test_the_same_keys_are_the_same_secret(memory: Memory) -> None:
    memory.members.add("ines", "Per", "editor", by="Ines", new_secret="fjord und fu\u0308nf")
    decide(memory, waiting(memory), "approve", "Per", secret="fjord und f\u00fcnf")


def test_a_secret_is_nowhere_in_clear(memory: Memory, mats: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        decide(memory, waiting(memory), "approve", mats, secret="a wrong but secret guess")
    shown = repr(caught.value) + caught.value.message + caught.value.hint + repr(memory.members.get("ines", mats))
    with closing(sqlite3.connect(memory.home / "greenroom.db")) as raw:
        shown += "\n".join(raw.iterdump())
    assert SECRET not in shown
    assert "a wrong but secret guess" not in shown
    assert "$argon2id$" not in repr(memory.members.get("ines", mats))
    assert "$argon2id$" not in str([entry.payload for entry in memory.ledger.entries()])


def test_guessing_is_slowed_and_the_wait_outlives_the_process(memory: Memory, mats: str, clock: Clock) -> None:
    shown = waiting(memory)
    for _ in range(5):
        with pytest.raises(NotAllowed, match="not Mats's secret"):
            decide(memory, shown, "approve", mats, secret="not this one")
    other = Memory.open(memory.home, clock=clock)
    with pytest.raises(NotAllowed, match="5 wrong secrets") as caught:  # the right one isn't even looked at
        other.decisions.claim("ines", shown.id, "approve", shown.sha, mats, secret=SECRET)
    assert "2026-11-20T12:00:10Z" in caught.value.hint
    clock.pass_by(seconds=11)
    with pytest.raises(NotAllowed, match="not Mats's"):
        other.decisions.claim("ines", shown.id, "approve", shown.sha, mats, secret="not this one")
    with pytest.raises(NotAllowed, match="6 wrong secrets"):
        decide(memory, shown, "approve", mats, secret=SECRET)
    clock.pass_by(seconds=21)
    assert decide(memory, shown, "approve", mats, secret=SECRET)
    with pytest.raises(NotAllowed, match="not Mats's"):  # the count began anew
        memory.members.refuse("ines", mats, "not this one", roles=("editor",), what="x")
    other.close()


def test_the_wait_is_never_long_and_a_clock_set_back_ends_it(memory: Memory, mats: str, clock: Clock) -> None:
    for _ in range(14):
        with pytest.raises(NotAllowed, match="not Mats's"):
            memory.members.refuse("ines", mats, "not this one", roles=("editor",), what="x")
        clock.pass_by(minutes=5, seconds=1)
    clock.now = NOON - timedelta(days=3)
    memory.members.refuse("ines", mats, SECRET, roles=("editor",), what="x")


def test_channels_say_what_a_member_may_approve(memory: Memory) -> None:
    memory.members.add("ines", "Per", "editor", by="Ines", new_secret=SECRET, channels=["bluesky", "site:ines.example"])
    memory.members.add("ines", "Liv", "editor", by="Ines", new_secret=SECRET, channels=["site:other.example"])
    memory.members.add("ines", "Eva", "editor", by="Ines", new_secret=SECRET, channels=[])
    decide(memory, waiting(memory), "approve", "Per", secret=SECRET)
    for name in ("Liv", "Eva"):
        shown = waiting(memory, f"For {name}.")
        with pytest.raises(NotAllowed, match=rf"{name} may not approve for ines.example on site"):
            decide(memory, shown, "approve", name, secret=SECRET)
        decide(memory, shown, "reject", name, secret=SECRET)


def test_a_policy_names_who_alone_approves(memory: Memory, mats: str) -> None:
    policy(memory, approvers={"site": ["Mats"], "bluesky": ["Ines"]})
    with pytest.raises(NotAllowed, match=r"Only Mats may approve for ines\.example on site"):
        decide(memory, waiting(memory), "approve", "Ines")
    decide(memory, waiting(memory), "approve", mats, secret=SECRET)


def test_with_four_eyes_nobody_approves_their_own_request(memory: Memory, mats: str) -> None:
    policy(memory, four_eyes=True)
    own = waiting(memory, requested_by="Ines")
    with pytest.raises(NotAllowed, match="second pair of eyes"):
        decide(memory, own, "approve", "Ines")
    asked_as = waiting(memory, "Another.", requested_by="ines ")  # the same person, written otherwise
    with pytest.raises(NotAllowed, match="second pair of eyes"):
        decide(memory, asked_as, "approve", "Ines")
    decide(memory, own, "approve", mats, secret=SECRET)


def test_with_four_eyes_nobody_approves_their_own_words_in_any_earlier_version(memory: Memory, mats: str) -> None:
    policy(memory, four_eyes=True)
    first = waiting(memory, requested_by="Ines")
    decide(memory, first, "edit", mats, secret=SECRET, body="Mine.")
    second = proposal("Mine.", supersedes=first.id, requested_by="Ines")
    memory.proposals.supersede(first.id, second)
    decide(memory, second, "changes", "Ines", note="shorter")
    third = proposal("Mine", supersedes=second.id, requested_by="Ines")
    memory.proposals.supersede(second.id, third)
    for name, secret in (("Ines", None), (mats, SECRET)):
        with pytest.raises(NotAllowed, match="second pair of eyes"):
            decide(memory, third, "approve", name, secret=secret)
    memory.members.add("ines", "Per", "editor", by="Ines", new_secret=SECRET)
    decide(memory, third, "approve", "Per", secret=SECRET)


def test_who_only_asked_for_changes_may_approve_what_came_of_them(memory: Memory, mats: str) -> None:
    policy(memory, four_eyes=True)
    first = waiting(memory, requested_by="Ines")
    decide(memory, first, "changes", mats, secret=SECRET, note="shorter")
    second = proposal("Short.", supersedes=first.id, requested_by="Ines")
    memory.proposals.supersede(first.id, second)
    decide(memory, second, "approve", mats, secret=SECRET)


@pytest.mark.parametrize("key", ["edited_by", "revised_by"])
def test_the_provenance_names_who_worded_it_too(memory: Memory, mats: str, key: str) -> None:
    policy(memory, four_eyes=True)
    made = Provenance(model="rehearsal", inputs={key: "Mats"}, created_at=NOON)
    with pytest.raises(NotAllowed, match="second pair of eyes"):
        decide(memory, waiting(memory, provenance=made), "approve", mats, secret=SECRET)


def test_alone_with_four_eyes_a_second_person_is_asked_for(memory: Memory) -> None:
    policy(memory, four_eyes=True)
    with pytest.raises(NotAllowed, match="second pair of eyes"):
        decide(memory, waiting(memory, requested_by="owner"), "approve", "owner")


def test_a_passphrase_is_asked_of_the_founder_too(memory: Memory) -> None:
    policy(memory, passphrase=True)
    shown = waiting(memory)
    with pytest.raises(NotAllowed, match="asks for a passphrase, and Ines has none") as caught:
        decide(memory, shown, "approve", "Ines")
    assert "greenroom members secret" in caught.value.hint
    with pytest.raises(NotAllowed, match="passphrase"):
        memory.members.add("ines", "Eve", "owner", by="Ines", new_secret=OTHER)  # no way around it
    memory.members.set_secret("ines", "Ines", SECRET, by="Ines")
    assert [(m.name, m.role) for m in memory.members.list("ines")] == [("Ines", "owner")]
    with pytest.raises(NotAllowed):
        memory.members.set_secret("ines", "Ines", OTHER, by="Ines")  # the present one is needed to change it
    with pytest.raises(NotAllowed):
        decide(memory, shown, "approve", "Ines")
    with pytest.raises(NotAllowed, match="no member"):
        decide(memory, shown, "approve", "Somebody")
    decide(memory, shown, "approve", "Ines", secret=SECRET)


def test_only_owners_change_who_belongs(memory: Memory, mats: str) -> None:
    before = memory.members.list("ines")
    for attempt in (
        lambda: memory.members.add("ines", "Eve", "owner", by=mats, secret=SECRET),
        lambda: memory.members.change("ines", mats, by=mats, role="owner", secret=SECRET),
        lambda: memory.members.remove("ines", "Ines", by=mats, secret=SECRET),
        lambda: memory.members.set_secret("ines", "Ines", OTHER, by=mats, secret=SECRET),
        lambda: memory.members.add("ines", "Eve", "owner", by="Eve"),
        lambda: memory.members.add("ines", "Eve", "owner", by="agent"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert memory.members.list("ines") == before
    memory.members.set_secret("ines", "Ines", OTHER, by="Ines")
    with pytest.raises(NotAllowed, match="Ines's secret is needed"):
        memory.members.add("ines", "Eve", "owner", by="Ines")
    memory.members.add("ines", "Eve", "owner", by="Ines", secret=OTHER)


def test_the_last_owner_stays(memory: Memory, mats: str) -> None:
    for attempt in (
        lambda: memory.members.remove("ines", "Ines", by="Ines"),
        lambda: memory.members.change("ines", "Ines", by="Ines", role="viewer"),
    ):
        with pytest.raises(NotAllowed, match="last owner"):
            attempt()
    assert memory.members.get("ines", "Ines").role == "owner"
    memory.members.change("ines", mats, by="Ines", role="owner")
    memory.members.remove("ines", "Ines", by=mats, secret=SECRET)
    with pytest.raises(NotAllowed, match="any more"):
        decide(memory, waiting(memory), "approve", "Ines")
    with pytest.raises(NotAllowed, match="any more"):
        memory.members.add("ines", "Eve", "owner", by="Ines")


def test_who_was_removed_comes_back_only_with_a_new_secret(memory: Memory, mats: str) -> None:
    memory.members.remove("ines", mats, by="Ines")
    assert [m.name for m in memory.members.list("ines", removed=True)] == ["Ines", "Mats"]
    with pytest.raises(NotAllowed, match="any more"):
        decide(memory, waiting(memory), "approve", mats, secret=SECRET)
    with pytest.raises(NotFound):
        memory.members.change("ines", mats, by="Ines", role="owner")
    memory.members.add("ines", mats, "contributor", by="Ines", new_secret=OTHER)
    back = memory.members.get("ines", mats)
    assert (back.role, back.removed_at) == ("contributor", None)
    decide(memory, waiting(memory), "hold", mats, secret=OTHER)


@pytest.mark.parametrize("name", ["", "  ", "a\nb\x00", "x" * 129, "MATS", "Ｍats", "Mats\u200b"])
def test_a_name_is_readable_and_nobody_elses(memory: Memory, mats: str, name: str) -> None:
    with pytest.raises(BadInput):
        memory.members.add("ines", name, "owner", by="Ines", new_secret=OTHER)


def test_a_role_that_there_is_not_is_refused(memory: Memory) -> None:
    with pytest.raises(BadInput, match="no role 'king'"):
        memory.members.add("ines", "Per", "king", by="Ines")  # type: ignore[arg-type]
    assert memory.members.list("ines") == []


def test_members_of_one_workspace_are_nobody_in_another(memory: Memory, mats: str) -> None:
    space = memory.workspaces.get("ines")
    memory.workspaces.add(space.model_copy(update={"id": "tom", "name": "Tom"}))
    memory.members.add("tom", "Liv", "editor", by="Tom", new_secret=SECRET)
    shown = waiting(memory, workspace="tom", brief_id="b_2")
    with pytest.raises(NotAllowed, match="no member"):
        memory.decisions.claim("tom", shown.id, "approve", shown.sha, mats, secret=SECRET)


def test_who_was_removed_between_approval_and_sending_is_named(memory: Memory, mats: str) -> None:
    shown = waiting(memory)
    decide(memory, shown, "approve", mats, secret=SECRET)
    assert memory.members.refusal(shown, mats) is None
    memory.members.remove("ines", mats, by="Ines")
    assert re.search("any more", memory.members.refusal(shown, mats) or "")


def test_every_change_is_in_the_ledger_and_it_holds(memory: Memory, mats: str) -> None:
    memory.members.change("ines", mats, by="Ines", channels=["site"])
    memory.members.change("ines", mats, by="Ines", all_channels=True)
    memory.members.set_secret("ines", "Ines", OTHER, by="Ines")
    memory.members.remove("ines", mats, by="Ines", secret=OTHER)
    told = [(e.kind, e.payload["name"], e.payload["what"], e.payload["channels"]) for e in memory.ledger.entries()][2:]
    assert told == [
        ("member", "Mats", "changed", ["site"]),
        ("member", "Mats", "changed", None),
        ("member", "Ines", "secret set", None),
        ("member", "Mats", "removed", None),
    ]
    assert memory.ledger.verify().ok


def approve_all(home: Path, name: str, barrier: Any, answers: Any, shown: list[tuple[str, str]]) -> None:
    memory, done = Memory.open(home), []
    barrier.wait()
    for proposal_id, sha in shown:
        try:
            memory.decisions.claim("ines", proposal_id, "approve", sha, name, secret=SECRET)
            done.append(proposal_id)
        except NotAllowed:
            pass
    answers.put(done)
    memory.close()


def remove_soon(home: Path, name: str, barrier: Any, answers: Any, begun: int) -> None:
    memory = Memory.open(home)
    barrier.wait()
    while len(memory.ledger.entries()) < begun + 3:
        pass
    memory.members.remove("ines", name, by="Ines")
    answers.put(len(memory.ledger.entries()))
    memory.close()


def test_whoever_is_removed_while_they_approve_approves_nothing_after_it(memory: Memory, mats: str) -> None:
    shown = [waiting(memory, f"Post {n}.") for n in range(25)]
    barrier, answers, removed = SPAWN.Barrier(2), SPAWN.Queue(), SPAWN.Queue()
    begun = len(memory.ledger.entries())
    pair = [
        SPAWN.Process(target=approve_all, args=(memory.home, mats, barrier, answers, [(p.id, p.sha) for p in shown])),
        SPAWN.Process(target=remove_soon, args=(memory.home, mats, barrier, removed, begun)),
    ]
    for process in pair:
        process.start()
    done, _ = answers.get(timeout=120), removed.get(timeout=120)
    for process in pair:
        process.join()
    kinds = [entry.kind for entry in memory.ledger.entries()][begun:]
    assert kinds == ["decision"] * len(done) + ["member"]
    assert 3 <= len(done) < len(shown)
    assert {p.id for p in memory.proposals.list("ines", states=("approved",))} == set(done)


def test_many_guesses_at_once_are_counted_one_by_one(memory: Memory, mats: str, clock: Clock) -> None:
    import threading

    errors: list[GreenroomError] = []

    def guess() -> None:
        try:
            memory.members.refuse("ines", mats, "not this one", roles=("editor",), what="x")
        except NotAllowed as error:
            errors.append(error)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    looked_at = [error for error in errors if "not Mats's secret" in error.message]
    assert (len(errors), len(looked_at)) == (12, 5)


def test_a_withdrawn_right_is_no_way_to_take_a_publication_out(memory: Memory) -> None:
    memory.members.add("ines", "Per", "contributor", by="Ines", new_secret=SECRET)
    shown = waiting(memory)
    approval = decide(memory, shown, "approve", "Ines")
    queued = memory.publications.enqueue(publication(shown, approval))
    with pytest.raises(NotAllowed, match="may not take a decision back"):
        memory.decisions.undo("ines", approval.id, "Per", secret=SECRET)
    assert memory.publications.get(queued.id).state == "scheduled"
