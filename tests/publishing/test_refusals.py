"""Credentials that were refused rest: no hammering, nothing lost, and no waiting once they are connected anew."""

from memory import Memory
from publishing import Desk
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import Clock, approved

PLACE = ("ines", "bluesky", "ines.example")


def test_refused_credentials_are_tried_once_in_a_while(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    memory.connections.add(*PLACE, settings={})
    social.answers = ["401", "401"]
    rows = [desk.enqueue(*approved(memory, channel="bluesky", text=f"Post {number}")) for number in range(3)]
    clock.pass_by(seconds=1)
    for _ in range(14):
        waiting = desk.publish_due().waiting
        assert {each.reason for each in waiting} <= {"the platform says: who are you"}
        clock.pass_by(minutes=1)
    assert len(social.calls()) == 1
    clock.pass_by(minutes=2)
    desk.publish_due()
    assert len(social.calls()) == 2
    assert {memory.publications.get(row.id).state for row in rows} == {"paused_auth"}
    clock.pass_by(minutes=16)
    for _ in rows:
        desk.publish_due()
        clock.pass_by(minutes=10)
    assert {memory.publications.get(row.id).state for row in rows} == {"published"}


def test_an_account_that_is_connected_anew_goes_at_once(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    memory.connections.add(*PLACE, settings={})
    social.answers = ["401"]
    row = desk.enqueue(*approved(memory, channel="bluesky"))
    clock.pass_by(seconds=1)
    desk.publish_due()
    clock.pass_by(seconds=1)
    assert desk.publish_due().waiting[0].state == "paused_auth"
    memory.connections.add(*PLACE, settings={})
    assert desk.publish_due().published[0].id == row.id


def test_a_test_that_passes_lets_it_go_too(memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock) -> None:
    memory.connections.add(*PLACE, settings={})
    social.answers = ["401"]
    desk.enqueue(*approved(memory, channel="bluesky"))
    clock.pass_by(seconds=1)
    desk.publish_due()
    clock.pass_by(seconds=1)
    memory.connections.checked(*PLACE, facts={})
    assert len(desk.publish_due().published) == 1


def test_another_account_does_not_wait_with_it(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    memory.connections.add(*PLACE, settings={})
    social.answers = ["401"]
    desk.enqueue(*approved(memory, channel="bluesky"))
    clock.pass_by(seconds=1)
    desk.publish_due()
    ines = memory.workspaces.get("ines")
    memory.workspaces.replace(ines.model_copy(update={"accounts": {**ines.accounts, "bluesky": "other.example"}}))
    workspace = memory.workspaces.get("ines")
    row = desk.enqueue(*approved(memory, channel="bluesky", workspace=workspace, key="other"))
    desk.publish_due()
    assert memory.publications.get(row.id).state == "published"
