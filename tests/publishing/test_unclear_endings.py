"""After an unclear ending nothing is sent again before it was read back, and nothing is called failed without proof."""

from datetime import timedelta

import pytest

from core.errors import NotAllowed
from core.publications import Publication
from memory import Memory
from publishing import Desk, DeskSettings
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import NOON, Clock, approved


def queued(memory: Memory, desk: Desk) -> Publication:
    return desk.enqueue(*approved(memory, channel="bluesky"))


def test_a_lost_answer_is_recovered_by_reading_back(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.answers = ["lost_ack"]
    row = queued(memory, desk)
    assert [each.state for each in desk.publish_due().unknown] == ["unknown"]
    clock.pass_by(seconds=89)
    assert [each.state for each in desk.publish_due().unknown] == ["unknown"]  # 30 s to send, 60 s to settle
    clock.pass_by(seconds=1)
    live = desk.publish_due().published[0]
    assert (live.remote_id, live.published_at, live.attempts) == (f"at://{row.key or live.key}", NOON, 1)
    assert (len(social.posts()), len(social.calls())) == (1, 1)


def test_what_turns_up_late_is_not_sent_again(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.answers = ["late"]
    queued(memory, desk)
    desk.publish_due()
    clock.pass_by(seconds=30)
    assert social.posts() == []
    desk.publish_due()
    clock.pass_by(seconds=60)
    assert len(desk.publish_due().published) == 1
    assert len(social.calls()) == 1


def test_what_was_dropped_is_sent_again_with_the_same_key_and_bytes(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.answers = ["drop"]
    row = queued(memory, desk)
    desk.publish_due()
    first = memory.publications.get(row.id)
    clock.pass_by(minutes=2)
    live = desk.publish_due().published[0]
    assert (live.request, live.key, live.attempts) == (first.request, first.key, 2)
    assert len({call["key"] for call in social.calls()}) == 1


def test_a_no_to_the_first_attempt_is_rejected_and_may_be_retried(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    social.answers = ["4xx"]
    row = queued(memory, desk)
    left = desk.publish_due().needs_human[0]
    assert (left.state, left.reason) == ("rejected", "the platform says: no")
    assert memory.proposals.get("ines", row.proposal_id).state == "failed"
    assert desk.retry(row.id).state == "scheduled"
    assert len(desk.publish_due().published) == 1


def test_a_no_to_a_repeat_is_read_back_first(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    """The first attempt went live unseen; the refusal of the second is no evidence of a failure."""
    social.idempotency = "D"
    social.answers = ["drop", "4xx"]
    row = queued(memory, desk)
    for _ in range(2):
        desk.publish_due()
        clock.pass_by(minutes=2)
    assert memory.publications.get(row.id).state == "unknown"
    desk.publish_due()
    assert memory.publications.get(row.id).state == "published"


def test_a_platform_without_idempotency_leaves_the_repeat_to_a_person(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.idempotency = "N"
    social.answers = ["drop"]
    row = queued(memory, desk)
    desk.publish_due()
    clock.pass_by(minutes=2)
    assert [each.state for each in desk.publish_due().needs_human] == ["needs_human"]
    clock.pass_by(hours=1)
    desk.publish_due()
    assert len(social.calls()) == 1
    desk.retry(row.id)
    assert len(desk.publish_due().published) == 1


def test_an_unreadable_platform_is_asked_again_and_then_a_person(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.readable = False
    social.answers = ["lost_ack"]
    row = queued(memory, desk)
    desk.publish_due()
    clock.pass_by(minutes=30)
    assert "could not be read back yet" in desk.publish_due().unknown[0].reason
    clock.pass_by(minutes=45)
    assert desk.publish_due().needs_human[0].id == row.id
    social.readable = True
    assert desk.reconcile(row.id).state == "published"
    assert len(social.calls()) == 1


def test_after_many_attempts_a_person_decides_and_may_go_on(
    memory: Memory, social: RecordingPlatform, clock: Clock
) -> None:
    desk = Desk(memory, {"bluesky": social}, clock, DeskSettings(most_attempts=2))
    social.answers = ["drop", "drop"]
    row = queued(memory, desk)
    for _ in range(4):
        desk.publish_due()
        clock.pass_by(minutes=2)
    assert "not live" in memory.publications.get(row.id).reason
    assert len(social.calls()) == 2
    assert desk.retry(row.id).state == "published"
    assert len(social.posts()) == 1


def test_what_is_not_live_by_the_end_of_its_window_is_not_sent_late(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.answers = ["drop"]
    row = desk.enqueue(*approved(memory, channel="bluesky", at=NOON, grace=1))
    desk.publish_due()
    clock.pass_by(minutes=2)
    left = desk.publish_due().needs_human[0]
    assert (left.id, "not live" in left.reason, len(social.calls())) == (row.id, True, 1)


def test_honest_answers_while_nothing_can_be_told(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.answers = ["lost_ack"]
    row = queued(memory, desk)
    with pytest.raises(NotAllowed, match="nothing to find out"):
        desk.reconcile(row.id)
    desk.publish_due()
    with pytest.raises(NotAllowed, match="too early to tell"):
        desk.reconcile(row.id)
    with pytest.raises(NotAllowed, match="could post it twice"):
        desk.retry(row.id)
    with pytest.raises(NotAllowed, match="may have left"):
        desk.cancel(row.id)
    clock.pass_by(minutes=2)
    assert desk.reconcile(row.id).state == "published"
    with pytest.raises(NotAllowed, match="is live"):
        desk.retry(row.id)


def test_a_worker_that_wakes_late_sends_nothing_and_overwrites_nothing(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is paused after arming; meanwhile another worker reads back, resends and commits."""
    row = queued(memory, desk)
    step = memory.publications.step
    other = Desk(memory, {"bluesky": social}, clock)

    def paused_after_arming(*given: object, **changes: object) -> Publication:
        armed = step(*given, **changes)  # type: ignore[arg-type]
        if changes["to"] == "armed" and armed.attempts == 1:
            monkeypatch.setattr(memory.publications, "step", step)
            clock.pass_by(minutes=10)
            other.publish_due()
        return armed

    monkeypatch.setattr(memory.publications, "step", paused_after_arming)
    desk.publish_due()
    live = memory.publications.get(row.id)
    assert (live.state, live.attempts, len(social.calls())) == ("published", 2, 1)


def test_a_worker_that_lost_its_claim_arms_nothing(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease ends while it uploads; another worker takes over; its own next step is refused by the epoch."""
    row = queued(memory, desk)
    prepare = social.prepare
    other = Desk(memory, {"bluesky": social}, clock, DeskSettings(worker="elsewhere:1"))

    def slow(*given: object) -> None:
        monkeypatch.setattr(social, "prepare", prepare)
        clock.pass_by(minutes=10)
        other.publish_due()
        prepare(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(social, "prepare", slow)
    desk.publish_due()
    assert (memory.publications.get(row.id).state, len(social.calls())) == ("published", 1)


def test_a_lease_elsewhere_is_waited_for(memory: Memory, desk: Desk, clock: Clock) -> None:
    row = queued(memory, desk)
    memory.publications.claim_due("elsewhere:1", NOON, timedelta(seconds=30), 1)
    assert desk.publish_due().waiting[0].id == row.id
    clock.pass_by(seconds=31)
    assert desk.publish_due().published[0].id == row.id
