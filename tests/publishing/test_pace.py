"""No burst, whatever is due at once: gaps, quotas, and what a platform asks for."""

from datetime import timedelta

from core.publications import Publication
from core.works import Workspace
from memory import Memory
from publishing import Desk
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import INES, NOON, Clock, approved


def queued(memory: Memory, desk: Desk, text: str = "Text.", **wanted: object) -> Publication:
    desk._clock.pass_by(seconds=1)  # type: ignore[attr-defined]  the order in which they were put in line
    return desk.enqueue(*approved(memory, channel="bluesky", text=text, **wanted))


def replace(memory: Memory, **policy: object) -> Workspace:
    changed = INES.model_copy(update={"policy": {"outbox": policy}})
    memory.workspaces.replace(changed)
    return changed


def test_two_posts_of_one_account_keep_their_distance(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    first, second = (queued(memory, desk, text) for text in ("One.", "Two."))
    assert [each.id for each in desk.publish_due().published] == [first.id]
    waiting = memory.publications.get(second.id)
    assert (waiting.state, waiting.not_before) == ("scheduled", clock.now + timedelta(minutes=5))
    assert "keeps 5 minutes from the post before it" in waiting.reason
    clock.pass_by(minutes=4)
    assert desk.publish_due().published == ()
    clock.pass_by(minutes=1)
    assert [each.id for each in desk.publish_due().published] == [second.id]
    assert len(social.posts()) == 2


def test_a_policy_may_ask_for_another_gap(memory: Memory, desk: Desk, social: RecordingPlatform) -> None:
    replace(memory, gaps={"bluesky": 0})
    for n in range(4):
        queued(memory, desk, f"Post {n}.")
    assert len(desk.publish_due().published) == 4


def test_one_slow_channel_holds_up_no_other(memory: Memory, desk: Desk) -> None:
    queued(memory, desk, "One."), queued(memory, desk, "Two.")
    page = desk.enqueue(*approved(memory))
    assert page.id in {each.id for each in desk.publish_due().published}


def test_after_three_days_asleep_forty_posts_do_not_burst(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    """Those whose window passed are missed; the others leave one by one."""
    timed = [queued(memory, desk, f"Timed {n}.", at=NOON + timedelta(minutes=n), grace=120) for n in range(20)]
    for n in range(20):
        queued(memory, desk, f"Any time {n}.")
    clock.now = NOON + timedelta(days=3)
    assert len(desk.publish_due().published) == 1
    missed = {each.id for each in memory.publications.list("ines", states=("missed",))}
    assert missed <= {each.id for each in timed}
    for _ in range(60):
        clock.pass_by(minutes=5)
        desk.publish_due()
    times = sorted(post["live_at"] for post in social.posts())
    assert len(times) == len(set(times)) == 20
    assert {each.state for each in memory.publications.list("ines")} == {"missed", "published"}
    assert {each.id for each in memory.publications.list("ines", states=("missed",))} == {each.id for each in timed}


def test_what_was_missed_may_be_skipped_by_policy(memory: Memory, desk: Desk, clock: Clock) -> None:
    replace(memory, missed="skip")
    row = queued(memory, desk, at=NOON, grace=60)
    clock.pass_by(hours=2)
    desk.publish_due()
    left = memory.publications.get(row.id)
    assert (left.state, "policy is to skip" in left.reason) == ("cancelled", True)


def test_a_platform_that_asks_to_wait_is_left_alone_by_all(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    replace(memory, gaps={"bluesky": 0})
    social.answers = ["429"]
    first, second = (queued(memory, desk, text) for text in ("One.", "Two."))
    desk.publish_due()
    until = clock.now + timedelta(minutes=15)
    rows = [memory.publications.get(each.id) for each in (first, second)]
    assert [(row.state, row.not_before, row.attempts) for row in rows] == [
        ("paused_quota", until, 0),
        ("scheduled", until, 0),
    ]
    clock.pass_by(minutes=14)
    desk.publish_due()
    assert len(social.calls()) == 1
    clock.pass_by(minutes=1)
    assert len(desk.publish_due().published) == 2


def test_a_wait_after_a_repeat_is_no_evidence_that_nothing_left(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.answers = ["drop", "429"]
    row = queued(memory, desk)
    desk.publish_due()
    clock.pass_by(seconds=95)
    desk.publish_due()
    left = memory.publications.get(row.id)
    assert (left.state, left.not_before) == ("unknown", clock.now + timedelta(minutes=15))
    clock.pass_by(minutes=14)
    desk.publish_due()
    assert len(social.calls()) == 2
    clock.pass_by(minutes=1)
    assert [each.id for each in desk.publish_due().published] == [row.id]
    assert len(social.posts()) == 1


def test_credentials_refused_on_the_first_attempt_pause_and_lose_nothing(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    social.answers = ["401"]
    row = queued(memory, desk)
    assert desk.publish_due().waiting[0].state == "paused_auth"
    social.connected = False
    assert desk.publish_due().waiting[0].state == "paused_auth"
    assert len(social.calls()) == 1
    social.connected = True
    assert [each.id for each in desk.publish_due().published] == [row.id]


def test_a_quota_counts_what_may_be_live(memory: Memory, clock: Clock, social: RecordingPlatform) -> None:
    threads = RecordingPlatform(memory.home / "threads.jsonl", clock, name="threads")
    desk = Desk(memory, {"threads": threads}, clock)
    replace(memory, gaps={"threads": 0})
    for n in range(252):
        desk.enqueue(*approved(memory, channel="threads", text=f"Post {n}."))
    assert len(desk.publish_due().published) == 250
    waiting = memory.publications.list("ines", states=("scheduled",))
    assert {row.not_before for row in waiting} == {clock.now + timedelta(days=1)}
    assert "quota of 250 posts in 24 hours" in waiting[0].reason
    clock.pass_by(days=1)
    assert len(desk.publish_due().published) == 2
