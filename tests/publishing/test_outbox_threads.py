"""A thread's posts are publications of their own: in order, once each, and partial success shows."""

from typing import Any

import pytest

from core.canonical import sha256
from core.decisions import Decision
from core.errors import NotAllowed
from core.proposals import Proposal, envelope
from core.publications import Publication
from memory import Memory
from publishing import Desk
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import Clock, proposal


def thread(memory: Memory, *texts: str) -> tuple[Proposal, Decision]:
    """Put an approved thread into memory."""
    single = proposal(memory, channel="bluesky", text="A post.")
    payload: dict[str, Any] = {
        "channel": "bluesky",
        "text": "\n\n---\n\n".join(texts),
        "parts": [{"text": text} for text in texts],
    }
    covered = {
        name: getattr(single, name) for name in ("workspace", "channel", "account", "locale", "at", "grace_minutes")
    }
    made = single.model_copy(
        update={
            "id": single.id + "t",
            "payload": payload,
            "text": payload["text"],
            "sha": sha256(envelope(payload=payload, **covered)),
        }
    )
    memory.proposals.add(made)
    decision = memory.decisions.claim("ines", made.id, "approve", made.sha, "ines")
    return memory.proposals.get("ines", made.id), decision


def states(memory: Memory, first: Publication) -> list[str]:
    return [each.state for each in memory.publications.thread(first)]


def test_all_parts_leave_in_order_and_then_the_proposal_is_live(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    first = desk.enqueue(*thread(memory, "One.", "Two.", "Three."))
    assert [(each.part, each.parts, each.root_id) for each in memory.publications.thread(first)] == [
        (1, 3, None),
        (2, 3, first.id),
        (3, 3, first.id),
    ]
    desk.publish_due()
    assert [post["text"] for post in social.posts()] == ["One.", "Two.", "Three."]
    assert states(memory, first) == ["published"] * 3
    assert memory.proposals.get("ines", first.proposal_id).state == "live"


def test_enqueueing_a_thread_twice_is_one_thread(memory: Memory, desk: Desk) -> None:
    made, decision = thread(memory, "One.", "Two.")
    assert desk.enqueue(made, decision) == desk.enqueue(made, decision)
    assert len(memory.publications.list("ines")) == 2


def test_a_part_that_is_not_certain_holds_back_the_rest(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    social.answers = ["accept", "lost_ack"]
    first = desk.enqueue(*thread(memory, "One.", "Two.", "Three."))
    desk.publish_due()
    assert states(memory, first) == ["published", "unknown", "scheduled"]
    assert memory.proposals.get("ines", first.proposal_id).state != "live"
    clock.pass_by(minutes=2)
    desk.publish_due()
    assert states(memory, first) == ["published"] * 3
    assert [post["text"] for post in social.posts()] == ["One.", "Two.", "Three."]


def test_a_refused_part_shows_what_is_live_and_may_be_tried_again(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    social.answers = ["accept", "4xx"]
    first = desk.enqueue(*thread(memory, "One.", "Two.", "Three."))
    desk.publish_due()
    assert states(memory, first) == ["published", "rejected", "scheduled"]
    assert memory.proposals.get("ines", first.proposal_id).state == "failed"
    desk.retry(memory.publications.thread(first)[1].id)
    desk.publish_due()
    assert states(memory, first) == ["published"] * 3
    assert memory.proposals.get("ines", first.proposal_id).state == "live"


def test_cancelling_a_part_cancels_what_follows(memory: Memory, desk: Desk, social: RecordingPlatform) -> None:
    social.answers = ["accept", "4xx"]
    first = desk.enqueue(*thread(memory, "One.", "Two.", "Three."))
    desk.publish_due()
    desk.cancel(memory.publications.thread(first)[1].id)
    assert states(memory, first) == ["published", "cancelled", "cancelled"]
    with pytest.raises(NotAllowed, match="is live"):
        desk.cancel(first.id)


def test_taking_the_approval_back_is_too_late_once_a_part_left(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    social.answers = ["accept", "4xx"]
    made, decision = thread(memory, "One.", "Two.")
    first = desk.enqueue(made, decision)
    desk.publish_due()
    with pytest.raises(NotAllowed, match="too late"):
        memory.decisions.undo("ines", decision.id, "ines")
    assert states(memory, first) == ["published", "rejected"]
