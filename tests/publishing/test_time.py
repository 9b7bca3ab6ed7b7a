"""Clocks that are set back, gaps and folds, and a process in another time zone: a post leaves in its window, once."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from core.wall_time import to_instant
from memory import Memory
from publishing import Desk
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import NOON, Clock, approved


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/Oslo", datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # does not exist
        ("Europe/Oslo", datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice
        ("America/New_York", datetime(2027, 3, 14, 2, 30), datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_post_for_an_odd_hour_leaves_at_one_instant(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, zone: str, wall: datetime, utc: datetime
) -> None:
    at, _ = to_instant(wall, zone)
    assert at == utc
    clock.now = at - timedelta(hours=2)
    row = desk.enqueue(*approved(memory, channel="bluesky", at=at, grace=30))
    for _ in range(9):
        clock.pass_by(minutes=15)
        desk.publish_due()
    live = memory.publications.get(row.id)
    assert (live.state, live.published_at, len(social.calls())) == ("published", at, 1)


def test_a_clock_that_is_set_back_sends_nothing_early_and_nothing_twice(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    first = desk.enqueue(*approved(memory, channel="bluesky", text="Now.", at=NOON, grace=60))
    later = desk.enqueue(*approved(memory, channel="bluesky", text="Later.", at=NOON + timedelta(hours=1), grace=60))
    desk.publish_due()
    clock.now = NOON - timedelta(days=1)
    desk.publish_due()
    assert [memory.publications.get(each.id).state for each in (first, later)] == ["published", "scheduled"]
    clock.now = NOON + timedelta(hours=1)
    desk.publish_due()
    assert [call["call"] for call in social.calls()] == ["Now.", "Later."]


def test_a_clock_set_back_between_arming_and_reading_back_only_delays(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.answers = ["lost_ack"]
    row = desk.enqueue(*approved(memory, channel="bluesky"))
    desk.publish_due()
    clock.now = NOON - timedelta(hours=3)
    desk.publish_due()
    assert memory.publications.get(row.id).state == "unknown"
    clock.now = NOON + timedelta(minutes=2)
    desk.publish_due()
    assert (memory.publications.get(row.id).state, len(social.calls())) == ("published", 1)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_process_s_own_time_zone_is_never_used(
    memory: Memory, desk: Desk, clock: Clock, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TZ", zone)
    time.tzset()
    try:
        row = desk.enqueue(*approved(memory, at=NOON + timedelta(minutes=30), grace=10))
        assert (row.wall_time, row.zone) == ("2026-11-20 13:30", "Europe/Oslo")
        desk.publish_due()
        assert memory.publications.get(row.id).state == "scheduled"
        clock.pass_by(minutes=30)
        assert desk.publish_due().published[0].due_at == NOON + timedelta(minutes=30)
    finally:
        monkeypatch.undo()
        time.tzset()
