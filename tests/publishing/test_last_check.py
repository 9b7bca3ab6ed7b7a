"""What the sender asks at the last moment, of things that changed after the approval without anybody voiding it."""

from typing import Any

import pytest

from core.canonical import sha256
from core.proposals import envelope
from core.publications import Publication
from memory import Memory
from publishing import Desk
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import INES, Clock, approved, proposal

SECRET = "a tin without a lid"


def queued(memory: Memory, desk: Desk, **wanted: Any) -> tuple[str, Publication]:
    made, decision = approved(memory, channel="bluesky", **wanted)
    return made.id, desk.enqueue(made, decision)


def sent_nothing(memory: Memory, desk: Desk, social: RecordingPlatform, row: Publication) -> Publication:
    """Run the sender twice; return the row, after which nothing was called."""
    for _ in range(2):
        assert desk.publish_due().published == ()
    assert social.calls() == []
    assert memory.ledger.verify().ok
    return memory.publications.get(row.id)


def void_is_seen(memory: Memory, proposal_id: str, why: str) -> None:
    shown = memory.proposals.get("ines", proposal_id)
    assert shown.state == "stale"
    assert why in shown.reason
    assert [(e.actor, why in e.payload["reason"]) for e in memory.ledger.entries() if e.kind == "void"] == [
        ("sender", True)
    ]
    assert memory.decisions.release("ines", proposal_id) is None


def test_it_sends_what_nothing_has_happened_to(memory: Memory, desk: Desk, social: RecordingPlatform) -> None:
    queued(memory, desk)
    assert len(desk.publish_due().published) == 1
    assert len(social.calls()) == 1


def test_an_account_that_was_changed(memory: Memory, desk: Desk, social: RecordingPlatform) -> None:
    proposal_id, row = queued(memory, desk)
    accounts = INES.accounts | {"bluesky": "@other.example"}
    memory.workspaces.replace(INES.model_copy(update={"accounts": accounts}))
    assert sent_nothing(memory, desk, social, row).state == "cancelled"
    void_is_seen(memory, proposal_id, "The account of this channel was changed since: it is @other.example")


def test_a_default_account_that_was_changed_with_the_name(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    memory.workspaces.replace(INES.model_copy(update={"accounts": {}, "name": "ines.example"}))
    proposal_id, row = queued(memory, desk)
    memory.workspaces.replace(INES.model_copy(update={"accounts": {}, "name": "Another name"}))
    assert sent_nothing(memory, desk, social, row).state == "cancelled"
    void_is_seen(memory, proposal_id, "it is Another name, not ines.example")


@pytest.mark.parametrize("subject", ["work:w_1", "person:nobody could agree"])
def test_consent_that_was_revoked(memory: Memory, desk: Desk, social: RecordingPlatform, subject: str) -> None:
    proposal_id, row = queued(memory, desk)
    memory.consents.say("ines", subject, granted=False, by="ines")
    assert sent_nothing(memory, desk, social, row).state == "cancelled"
    void_is_seen(memory, proposal_id, "revoked by ines")


def test_consent_that_was_revoked_and_granted_again_in_time(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    queued(memory, desk)
    for granted in (False, True):
        memory.consents.say("ines", "work:w_1", granted=granted, by="ines")
    assert len(desk.publish_due().published) == 1


@pytest.mark.parametrize("part", [None, 2])
@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda path: path.write_bytes(b"other bytes"), "harbour.jpg is not the one you approved"),
        (lambda path: path.unlink(), "harbour.jpg can't be read any more"),
    ],
)
def test_a_picture_of_other_bytes(
    memory: Memory, desk: Desk, social: RecordingPlatform, harm: Any, why: str, part: int | None
) -> None:
    kept = memory.files.add("ines", b"a harbour", mime="image/jpeg", name="harbour.jpg")
    media = [
        {"sha256": kept.sha256, "mime": kept.mime, "bytes": 9, "width": 3, "height": 3, "alt": "", "name": kept.name}
    ]
    plain = proposal(memory, channel="bluesky")
    parts = [{"text": "One."}, {"text": "Two.", "media": media}]
    payload = plain.payload | ({"parts": parts} if part else {"media": media})
    covered = {n: getattr(plain, n) for n in ("workspace", "channel", "account", "locale", "at", "grace_minutes")}
    new = {"id": "p_picture", "payload": payload, "sha": sha256(envelope(**covered, payload=payload))}
    made = plain.model_copy(update=new)
    memory.proposals.add(made)
    decision = memory.decisions.claim("ines", made.id, "approve", made.sha, "ines")
    row = desk.enqueue(made, decision)
    harm(memory.files.path("ines", kept.sha256))
    assert sent_nothing(memory, desk, social, row).state == "cancelled"
    void_is_seen(memory, made.id, why)
    assert {each.state for each in memory.publications.list("ines")} == {"cancelled"}


def test_a_picture_that_changes_between_preparing_and_sending(
    memory: Memory, desk: Desk, social: RecordingPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check is asked again when the request is armed: what was fine a second ago may not be now."""
    proposal_id, row = queued(memory, desk)
    request = social.request

    def revoked_meanwhile(*given: Any) -> dict[str, Any]:
        memory.consents.say("ines", "work:w_1", granted=False, by="ines")
        return request(*given)

    monkeypatch.setattr(social, "request", revoked_meanwhile)
    left = sent_nothing(memory, desk, social, row)
    assert left.state == "needs_human"
    assert "revoked by ines" in left.reason
    assert memory.proposals.get("ines", proposal_id).state == "approved"  # armed: a person sees to it


def test_a_void_between_check_and_arming_wins(
    memory: Memory, desk: Desk, social: RecordingPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal_id, row = queued(memory, desk)
    prepare = social.prepare

    def voided_meanwhile(*given: Any) -> None:
        prepare(*given)
        memory.voiding.void("ines", proposal_id, "Tom changed its text.", by="Tom")

    monkeypatch.setattr(social, "prepare", voided_meanwhile)
    assert sent_nothing(memory, desk, social, row).state == "cancelled"
    assert memory.proposals.get("ines", proposal_id).reason == "Tom changed its text."


class Mats:
    """An editor with a secret, who has approved something that is due."""

    def __init__(self, memory: Memory, desk: Desk) -> None:
        memory.members.add("ines", "Mats", "editor", by="ines", new_secret=SECRET)
        self.made = proposal(memory, channel="bluesky")
        decision = memory.decisions.claim("ines", self.made.id, "approve", self.made.sha, "Mats", secret=SECRET)
        self.row = desk.enqueue(self.made, decision)
        self.decision = decision


@pytest.fixture
def mats(memory: Memory, desk: Desk) -> Mats:
    return Mats(memory, desk)


def _policy(memory: Memory, **approval: Any) -> None:
    memory.workspaces.replace(INES.model_copy(update={"policy": {"approval": approval}}))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda m: m.members.remove("ines", "Mats", by="ines"), "no member of this workspace any more"),
        (lambda m: m.members.change("ines", "Mats", by="ines", role="contributor"), "may not approve"),
        (lambda m: m.members.change("ines", "Mats", by="ines", role="agent"), "agent never decides"),
        (lambda m: m.members.change("ines", "Mats", by="ines", channels=["site"]), "may not approve for ines.example"),
        (lambda m: _policy(m, approvers={"bluesky": ["ines"]}), "Only ines may approve"),
    ],
)
def test_who_may_not_approve_any_more(
    memory: Memory, desk: Desk, social: RecordingPlatform, mats: Mats, change: Any, why: str
) -> None:
    change(memory)
    left = sent_nothing(memory, desk, social, mats.row)
    assert left.state == "needs_human"
    assert "may not approve here any more" in left.reason
    assert why in left.reason


def test_what_one_may_not_approve_any_more_another_one_can(
    memory: Memory, desk: Desk, social: RecordingPlatform, mats: Mats
) -> None:
    memory.members.remove("ines", "Mats", by="ines")
    assert sent_nothing(memory, desk, social, mats.row).state == "needs_human"
    memory.decisions.undo("ines", mats.decision.id, "ines")
    again = memory.decisions.claim("ines", mats.made.id, "approve", mats.made.sha, "ines")
    desk.enqueue(mats.made, again)
    assert len(desk.publish_due().published) == 1


def test_a_member_who_still_may_needs_no_second_proof(
    memory: Memory, desk: Desk, social: RecordingPlatform, mats: Mats
) -> None:
    assert len(desk.publish_due().published) == 1


def test_an_approval_in_the_agents_name_is_refused_however_it_got_there(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    """Somebody forged the row and its ledger entry alike; the sender still knows who never decides."""
    import sqlite3
    from contextlib import closing

    _, row = queued(memory, desk)
    with closing(sqlite3.connect(memory.home / "greenroom.db")) as raw:
        raw.execute("UPDATE decisions SET \"by\" = 'agent:chat'")
        raw.commit()
    for _ in range(2):
        assert desk.publish_due().published == ()
    assert social.calls() == []
    assert "agent never decides" in memory.publications.get(row.id).reason


def test_a_preview_says_it_and_changes_nothing(memory: Memory, desk: Desk, clock: Clock) -> None:
    proposal_id, row = queued(memory, desk)
    memory.consents.say("ines", "work:w_1", granted=False, by="ines")
    foreseen = desk.preview_due(clock())
    assert foreseen.published == ()
    assert "revoked by ines" in str(foreseen)
    assert memory.publications.get(row.id).state == "scheduled"
    assert memory.proposals.get("ines", proposal_id).state == "approved"
