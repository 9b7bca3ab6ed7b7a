"""An embargo holds from the brief to the sender: said before, it is frozen and waits; said after, it voids."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.card_table import CardTable
from app.embargoing import embargoes, keep_back, kept_back, lift
from app.revising import Wish
from app.studio import Studio
from core.errors import BadInput, Stale
from core.proposals import Proposal
from publishing import Desk
from tests.conftest import Clock
from tests.copied import copied_studio
from tests.fakes.recording_platform import RecordingPlatform
from tests.making import ASK


@pytest.fixture
def social(tmp_path: Path, clock: Clock) -> RecordingPlatform:
    """A fake platform that records every call."""
    return RecordingPlatform(tmp_path / "journal.jsonl", clock)


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, social: RecordingPlatform) -> Iterator[Studio]:
    """A studio whose posts to Bluesky are recorded."""
    made = copied_studio(tmp_path, clock)
    made.__dict__["desk"] = Desk(made.memory, {"bluesky": social}, clock)
    yield made
    made.close()


def post_from(studio: Studio) -> tuple[Proposal, str]:
    """A waiting post that is made from a past work, and that work's id."""
    work = studio.works()[0].id
    return studio.start(ASK, from_=work, channels=["bluesky"]).proposals[0], work


def test_said_after_the_approval_it_voids_and_the_new_version_waits_for_its_end(
    studio: Studio, social: RecordingPlatform, clock: Clock
) -> None:
    post, work = post_from(studio)
    studio.decide(post.id, "approve", post.sha)
    until = clock() + timedelta(days=3)
    said, swept = keep_back(studio, work, until, note="the publisher")
    assert [each.proposal for each in swept.voided] == [post.id]
    assert "is under an embargo until 2026-11-23 12:00 UTC (said by owner)" in swept.voided[0].reason
    assert (studio.show(post.id).state, said.note) == ("stale", "the publisher")
    assert studio.publish_due().published == ()
    new = studio.revise(post.id, Wish()).proposal
    assert (new.not_before, new.state) == (until, "waiting")
    assert new.sha != post.sha
    due = studio.decide(new.id, "approve", new.sha).publication
    assert due is not None
    assert due.due_at == until
    clock.now = until - timedelta(seconds=1)
    assert studio.publish_due().published == ()
    assert social.calls() == []
    clock.now = until
    assert [each.proposal_id for each in studio.publish_due().published] == [new.id]
    assert studio.verify_ledger().ok


def test_a_word_that_no_sweep_followed_is_caught_by_the_sender(
    studio: Studio, social: RecordingPlatform, clock: Clock
) -> None:
    post, work = post_from(studio)
    studio.decide(post.id, "approve", post.sha)
    studio.memory.embargoes.say(studio.workspace.id, work, clock() + timedelta(days=3), by="owner")
    assert studio.publish_due().published == ()
    assert social.calls() == []
    assert "under an embargo" in studio.show(post.id).reason


def test_said_while_it_waits_it_can_not_be_approved_as_it_is(studio: Studio, clock: Clock) -> None:
    post, work = post_from(studio)
    keep_back(studio, work, clock() + timedelta(days=3))
    with pytest.raises(Stale, match="embargo"):
        studio.decide(post.id, "approve", post.sha)


def test_said_before_it_is_frozen_with_it_and_every_door_shows_it(studio: Studio, clock: Clock) -> None:
    work = studio.works()[0].id
    until = clock() + timedelta(days=3)
    keep_back(studio, work, until)
    post = studio.start(ASK, from_=work, channels=["bluesky"]).proposals[0]
    assert post.not_before == until
    assert post.suggested_at is not None
    assert post.suggested_at >= until
    assert f"The embargo on the past work {work} holds until" in post.suggested_reason
    card = CardTable(studio).cards([post])[0]
    assert "not before Mon 23 Nov, 13:00" in card["when"]
    [row] = embargoes(studio)
    assert (row["work_id"], row["holds"]) == (work, True)
    assert [each.id for each in kept_back(studio)] == [post.id]
    clock.now = until
    assert (embargoes(studio)[0]["holds"], kept_back(studio)) == (False, [])


def test_a_time_before_its_end_is_an_error_that_can_not_be_approved(studio: Studio, clock: Clock) -> None:
    post, work = post_from(studio)
    keep_back(studio, work, clock() + timedelta(days=3))
    early = studio.revise(post.id, Wish(at=clock() + timedelta(days=1))).proposal
    assert [each.rule for each in early.findings if each.severity == "error"] == ["embargo"]
    with pytest.raises(Stale, match="before the end of its own embargo"):
        studio.decide(early.id, "approve", early.sha)


def test_lifted_what_was_frozen_with_it_keeps_it_until_it_is_made_anew(
    studio: Studio, social: RecordingPlatform, clock: Clock
) -> None:
    work = studio.works()[0].id
    keep_back(studio, work, clock() + timedelta(days=3))
    post = studio.start(ASK, from_=work, channels=["bluesky"]).proposals[0]
    studio.decide(post.id, "approve", post.sha)
    assert [each.id for each in lift(studio, work)] == [post.id]
    assert studio.publish_due().published == ()
    new = studio.revise(post.id, Wish()).proposal
    assert new.not_before is None
    studio.decide(new.id, "approve", new.sha)
    assert [each.proposal_id for each in studio.publish_due().published] == [new.id]
    assert len(social.calls()) == 1


def test_it_comes_too_late_for_what_may_have_left(studio: Studio, social: RecordingPlatform, clock: Clock) -> None:
    post, work = post_from(studio)
    studio.decide(post.id, "approve", post.sha)
    social.answers = ["lost_ack"]
    studio.publish_due()
    _, swept = keep_back(studio, work, clock() + timedelta(days=3))
    assert swept.voided == ()
    assert [each.proposal for each in swept.too_late] == [post.id]


def test_a_time_that_is_past_keeps_nothing_back(studio: Studio, clock: Clock) -> None:
    with pytest.raises(BadInput, match="is past"):
        keep_back(studio, studio.works()[0].id, clock())
    assert embargoes(studio) == []
