"""Where nothing can be read, an identical repeat that the platform recognises tells; on a first try it never does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.errors import Unknown
from core.publications import Delivery, Publication
from memory import Memory
from publishing import Desk, DeskSettings
from publishing.platform import AlreadyThere, Idempotency, OnlyARepeatTells, post_of
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import NOON, Clock, approved


class Unreadable(RecordingPlatform):
    """The fake, as a platform of class D that can't be read and names the first of two."""

    idempotency: Idempotency = "D"

    def send(self, request: Mapping[str, Any]) -> Delivery:
        text = post_of(request["payload"], request["part"])["text"]
        first = [post for post in self.posts(anytime=True) if post["text"] == text]
        if first:
            self._note({"call": text, "key": request["key"], "answer": "repeat"})
            raise AlreadyThere("a repeat", self._delivery(NOON, first[0]["key"]))
        return super().send(request)

    def look(self, publication: Publication) -> Delivery | None:
        raise OnlyARepeatTells("nobody may read")


@pytest.fixture
def social(tmp_path: Path, clock: Clock) -> Unreadable:
    return Unreadable(tmp_path / "journal.jsonl", clock, idempotency="D")


@pytest.mark.parametrize("answer", ["lost_ack", "late", "drop"])
def test_a_repeat_tells_what_became_of_the_first(
    memory: Memory, desk: Desk, social: Unreadable, clock: Clock, answer: str
) -> None:
    social.answers = [answer]
    row = desk.enqueue(*approved(memory, channel="bluesky"))
    desk.publish_due()
    clock.pass_by(minutes=2)
    live = desk.publish_due().published[0]
    assert (live.id, live.attempts, len(social.calls()), len(social.posts())) == (row.id, 2, 2, 1)
    assert live.remote_id == f"at://{live.key}"


def test_a_repeat_on_the_first_try_is_rejected(memory: Memory, social: Unreadable, clock: Clock) -> None:
    desk = Desk(memory, {"bluesky": social}, clock)
    made, decision = approved(memory, channel="bluesky", text="Said by hand")
    social._note({"text": made.payload["text"], "key": "by-hand", "live_at": NOON.isoformat()})
    row = desk.enqueue(made, decision)
    desk.publish_due()
    assert (memory.publications.get(row.id).state, len(social.posts())) == ("rejected", 1)


def test_what_may_be_live_is_never_called_not_live(
    memory: Memory, desk: Desk, social: Unreadable, clock: Clock
) -> None:
    """Its time is over before a repeat could tell: a person looks."""
    social.answers = ["lost_ack"]
    desk.enqueue(*approved(memory, channel="bluesky", at=NOON, grace=1))
    desk.publish_due()
    clock.pass_by(minutes=2)
    left = desk.publish_due().needs_human[0]
    assert "Whether it is live can't be read: nobody may read" in left.reason
    assert "not live" not in left.reason


def test_repeats_end_with_a_person_and_the_last_word(memory: Memory, social: Unreadable, clock: Clock) -> None:
    desk = Desk(memory, {"bluesky": social}, clock, DeskSettings(most_attempts=2))
    social.answers = ["drop", "4xx", "4xx"]
    row = desk.enqueue(*approved(memory, channel="bluesky"))
    for _ in range(3):
        desk.publish_due()
        clock.pass_by(minutes=2)
    left = memory.publications.get(row.id)
    assert (left.state, "the platform says: no" in left.reason) == ("needs_human", True)


def test_what_cannot_be_read_is_not_asked_for_all_the_time(
    memory: Memory, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    social = RecordingPlatform(tmp_path / "other.jsonl", clock, answers=["drop"])
    desk, looks = Desk(memory, {"bluesky": social}, clock), []

    def unreadable(publication: Publication) -> None:
        looks.append(clock.now)
        raise Unknown("503")

    monkeypatch.setattr(social, "look", unreadable)
    desk.enqueue(*approved(memory, channel="bluesky"))
    desk.publish_due()
    clock.pass_by(minutes=2)
    for _ in range(30):
        desk.publish_due()
        clock.pass_by(seconds=10)
    assert len(looks) == 5
