"""After a restore from a backup nothing that was sent since goes out again."""

import shutil
from pathlib import Path

import pytest

from memory import Memory
from publishing import Desk
from publishing.platforms.site import FolderSite
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import Clock, approved, proposal
from tests.publishing.test_outbox_threads import thread as two_posts


def set_back(memory: Memory, backup: Path, clock: Clock) -> Memory:
    """Put a copy of the database in the place of today's, as a restore does."""
    memory.close()
    for name in ("greenroom.db", "greenroom.db-wal", "greenroom.db-shm"):
        (memory.home / name).unlink(missing_ok=True)
    shutil.copy(backup, memory.home / "greenroom.db")
    restored = Memory.open(memory.home, clock=clock)
    restored.quarantines.begin(restored_from="a backup", backup_made_at=clock())
    return restored


def back_up(memory: Memory, tmp_path: Path) -> Path:
    memory._database.pragma("wal_checkpoint(TRUNCATE)")
    return Path(shutil.copy(memory.home / "greenroom.db", tmp_path / "backup.db"))


def desk_of(memory: Memory, social: RecordingPlatform, clock: Clock) -> Desk:
    return Desk(memory, {"site": FolderSite(memory.home / "site"), "bluesky": social}, clock)


def test_what_went_out_after_the_backup_is_found_and_not_repeated(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path
) -> None:
    rows = [desk.enqueue(*approved(memory, channel="bluesky")), desk.enqueue(*approved(memory))]
    backup = back_up(memory, tmp_path)
    clock.pass_by(minutes=1)
    assert len(desk.publish_due().published) == 2
    clock.pass_by(hours=1)
    restored = set_back(memory, backup, clock)
    desk = desk_of(restored, social, clock)
    assert "being read back" in desk.publish_due().notes[-1]
    for _ in range(3):
        clock.pass_by(minutes=2)
        report = desk.publish_due()
    assert [restored.publications.get(row.id).state for row in rows] == ["published"] * 2
    assert len(social.calls()) == 1
    assert report.notes == ()
    restored.close()


def test_what_had_not_gone_out_goes_out_once_it_is_certain(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path
) -> None:
    row = desk.enqueue(*approved(memory, channel="bluesky"))
    restored = set_back(memory, back_up(memory, tmp_path), clock)
    desk = desk_of(restored, social, clock)
    desk.publish_due()
    assert (restored.publications.get(row.id).state, social.calls()) == ("unknown", [])
    clock.pass_by(minutes=2)
    desk.publish_due()
    assert (restored.publications.get(row.id).state, len(social.posts())) == ("published", 1)
    restored.close()


def test_an_approval_that_the_backup_does_not_know_is_not_sent_twice(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path
) -> None:
    """The proposal waited at the backup, was approved and published, waits again after the restore, and is approved."""
    waiting = proposal(memory, channel="bluesky")
    backup = back_up(memory, tmp_path)
    decision = memory.decisions.claim("ines", waiting.id, "approve", waiting.sha, "ines")
    desk.enqueue(memory.proposals.get("ines", waiting.id), decision)
    assert len(desk.publish_due().published) == 1
    clock.pass_by(hours=1)
    restored = set_back(memory, backup, clock)
    desk = desk_of(restored, social, clock)
    desk.publish_due()
    clock.pass_by(minutes=1)
    again = restored.decisions.claim("ines", waiting.id, "approve", waiting.sha, "ines")
    row = desk.enqueue(restored.proposals.get("ines", waiting.id), again)
    for _ in range(3):
        desk.publish_due()
        clock.pass_by(minutes=2)
    assert restored.publications.get(row.id).state == "published"
    assert len(social.calls()) == 1
    restored.close()


def test_nothing_new_is_sent_before_the_old_is_read_back(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path
) -> None:
    old = desk.enqueue(*approved(memory, channel="bluesky", text="Old."))
    restored = set_back(memory, back_up(memory, tmp_path), clock)
    clock.pass_by(seconds=1)
    desk = desk_of(restored, social, clock)
    page = desk.enqueue(*approved(restored))
    social.readable = False
    desk.publish_due()
    assert restored.publications.get(page.id).state == "scheduled"
    social.readable = True
    for _ in range(3):
        clock.pass_by(minutes=2)
        desk.publish_due()
    assert {restored.publications.get(each).state for each in (old.id, page.id)} == {"published"}
    restored.close()


@pytest.mark.parametrize("kind", ["N", "own"])
def test_where_nothing_can_be_read_back_a_person_is_asked(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path, kind: str
) -> None:
    row = desk.enqueue(*approved(memory, channel="bluesky"))
    restored = set_back(memory, back_up(memory, tmp_path), clock)
    if kind == "N":
        social.idempotency = "N"
    else:
        social.evidence = "own"
    desk_of(restored, social, clock).publish_due()
    left = restored.publications.get(row.id)
    assert (left.state, "Restored from a backup" in left.reason, social.calls()) == ("needs_human", True, [])
    restored.close()


def test_a_part_behind_one_that_needs_a_person_does_not_hold_up_everything_else(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path
) -> None:
    thread = desk.enqueue(*two_posts(memory, "One.", "Two."))
    restored = set_back(memory, back_up(memory, tmp_path), clock)
    clock.pass_by(seconds=1)
    social.idempotency = "N"
    desk = desk_of(restored, social, clock)
    page = desk.enqueue(*approved(restored))
    for _ in range(3):
        desk.publish_due()
        clock.pass_by(minutes=2)
    assert [each.state for each in restored.publications.thread(thread)] == ["needs_human", "scheduled"]
    assert restored.publications.get(page.id).state == "published"
    restored.close()
