"""The checkpoint: what a person may say, what it leads to, and what a crash can't lose."""

from datetime import timedelta

import pytest

from app.studio import Studio
from core.errors import AlreadyDecided, BadInput, NeedsModel, Stale, WrongUse
from core.proposals import Proposal
from tests.conftest import Clock
from tests.making import ASK, make_studio, sat_down_at


@pytest.fixture
def site(studio: Studio) -> Proposal:
    """A site proposal that waits."""
    [proposal] = studio.start(ASK, channels=["site"]).proposals
    return proposal


def test_an_approval_of_what_was_shown_goes_live_once(studio: Studio, site: Proposal) -> None:
    decided = studio.decide(site.id, "approve", site.sha)
    assert decided.publication is not None and decided.publication.sha == site.sha
    [live] = studio.publish_due().published
    assert live.url and live.remote_id
    assert studio.show(site.id).state == "live"
    assert studio.publish_due().published == ()


def test_the_page_that_is_live_is_byte_for_byte_what_was_approved(studio: Studio, site: Proposal) -> None:
    studio.decide(site.id, "approve", site.sha)
    studio.publish_due()
    page = studio.settings.home / "site" / studio.workspace.id / site.payload["path"]
    assert page.read_bytes() == site.payload["page"].encode()


@pytest.mark.parametrize("sha", ["0" * 64, "", "abc", "z" * 64])
def test_another_hash_than_the_shown_one_is_stale(studio: Studio, site: Proposal, sha: str) -> None:
    with pytest.raises(Stale):
        studio.decide(site.id, "approve", sha)
    assert studio.show(site.id).state == "waiting"


def test_the_second_decision_is_told_who_was_first(studio: Studio, site: Proposal) -> None:
    sat_down_at(studio, "Ines").decide(site.id, "approve", site.sha)
    with pytest.raises(AlreadyDecided, match="Ines"):
        sat_down_at(studio, "Per").decide(site.id, "reject", site.sha)


def test_nothing_leaves_without_a_decision(studio: Studio, site: Proposal) -> None:
    assert studio.publish_due().published == ()
    assert not (studio.settings.home / "site" / studio.workspace.id / site.payload["path"]).exists()


def test_an_edit_makes_a_new_version_that_waits(studio: Studio, site: Proposal) -> None:
    document = studio.document(site.id) + "\n\nAnd the lid still does not close.\n"
    new = studio.decide(site.id, "edit", site.sha, body=document).new_proposal
    assert new is not None
    assert (new.state, new.supersedes) == ("waiting", site.id)
    assert new.sha != site.sha and "And the lid still does not close." in new.text
    old = studio.show(site.id)
    assert (old.state, old.superseded_by) == ("superseded", new.id)
    with pytest.raises(AlreadyDecided, match=new.id):
        studio.decide(site.id, "approve", site.sha)
    assert studio.publish_due().published == ()


def test_an_edit_keeps_only_the_receipts_whose_words_still_stand(studio: Studio) -> None:
    [post] = studio.start(ASK, channels=["linkedin"]).proposals
    assert post.receipts
    new = studio.decide(post.id, "edit", post.sha, body="A wholly new text about fog.").new_proposal
    assert new is not None and new.receipts == ()
    assert new.provenance.inputs["edited_by"] == "owner"


def test_a_held_draft_can_still_be_revised(studio: Studio) -> None:
    [post] = studio.start(ASK, channels=["linkedin"]).proposals
    studio.decide(post.id, "hold", post.sha)
    new = studio.reviewing.revise(studio.workspace.id, post.id, "shorter")
    assert (new.state, new.supersedes) == ("waiting", post.id)


def test_a_broken_edit_costs_nothing(studio: Studio, site: Proposal) -> None:
    with pytest.raises(BadInput):
        studio.decide(site.id, "edit", site.sha, body="---\ntitle: [broken\n---\n\ntext")
    assert studio.show(site.id).state == "waiting"


def test_a_change_request_that_the_rehearsal_model_can_do(studio: Studio) -> None:
    [post] = studio.start(ASK, channels=["linkedin"]).proposals
    new = studio.decide(post.id, "changes", post.sha, note="shorter").new_proposal
    assert new is not None
    assert len(new.text) < len(post.text)
    assert new.state == "waiting"


def test_a_change_request_that_can_not_be_done_gives_the_proposal_back(studio: Studio, site: Proposal) -> None:
    with pytest.raises(NeedsModel):
        studio.decide(site.id, "changes", site.sha, note="make it sound like a sea shanty in Latin")
    again = studio.show(site.id)
    assert (again.state, again.superseded_by) == ("waiting", None)
    assert studio.decide(site.id, "approve", site.sha).proposal.state in ("approved", "scheduled")
    assert studio.verify_ledger().ok


def test_changes_without_a_wish_are_refused(studio: Studio, site: Proposal) -> None:
    with pytest.raises(WrongUse):
        studio.decide(site.id, "changes", site.sha)


def test_held_can_still_be_decided(studio: Studio, site: Proposal) -> None:
    assert studio.decide(site.id, "hold", site.sha, note="wait for the photo").proposal.state == "held"
    assert studio.decide(site.id, "hold", site.sha).proposal.state == "held"
    studio.decide(site.id, "approve", site.sha)
    assert len(studio.publish_due().published) == 1


def test_a_rejection_publishes_nothing(studio: Studio, site: Proposal) -> None:
    assert studio.decide(site.id, "reject", site.sha, note="not now").proposal.state == "rejected"
    assert studio.publish_due().published == ()


def test_undo_before_it_is_sent_and_approve_again(studio: Studio, site: Proposal) -> None:
    decision = studio.decide(site.id, "approve", site.sha).decision
    assert studio.undo(decision.id).state == "waiting"
    assert studio.publish_due().published == ()
    studio.decide(site.id, "approve", site.sha)
    assert len(studio.publish_due().published) == 1
    assert studio.verify_ledger().ok


def test_a_decision_that_a_crash_cut_off_is_carried_out_later(studio: Studio, site: Proposal) -> None:
    claimed = studio.memory.decisions.claim(studio.workspace.id, site.id, "approve", site.sha, "Ines")
    assert studio.publications() == []
    assert len(studio.publish_due().published) == 1
    assert studio.memory.decisions.get(claimed.id).resumed_at is not None
    assert studio.publish_due().published == ()


def test_an_edit_that_can_not_be_written_is_refused_before_it_is_claimed(studio: Studio, site: Proposal) -> None:
    with pytest.raises(BadInput):
        studio.decide(site.id, "edit", site.sha, body='---\ntitle: "\\ud83e"\n---\nWords.\n')
    assert studio.show(site.id).state == "waiting"


def test_one_decision_that_can_not_be_carried_out_stops_no_other(
    studio: Studio, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = studio.start(ASK, channels=["site", "linkedin"]).proposals
    claim = studio.memory.decisions.claim
    claim(studio.workspace.id, second.id, "changes", second.sha, "Per", note="shorter")
    claim(studio.workspace.id, first.id, "approve", first.sha, "Ines")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the model's machine is on fire")

    monkeypatch.setattr("agent.review_nodes.revise", broken)
    early = studio.publish_due()
    assert len(early.published) == 1  # the approval goes out; the change request may be at work elsewhere
    assert any(second.id in note for note in early.notes)
    clock.now += timedelta(minutes=6)
    late = studio.publish_due()
    assert any("on fire" in note for note in late.notes)
    assert studio.show(second.id).state == "waiting"
    assert studio.verify_ledger().ok


def test_lost_checkpoints_lose_no_decision(studio: Studio, site: Proposal, clock: Clock) -> None:
    studio.close()
    for file in studio.settings.home.glob("checkpoints*"):
        file.unlink()
    again = Studio.open(studio.settings, clock=clock)
    again.decide(site.id, "approve", site.sha)
    assert len(again.publish_due().published) == 1
    again.close()


def test_a_policy_adds_a_stage_and_only_the_last_one_releases(tmp_path, clock: Clock) -> None:
    studio = make_studio(tmp_path / "policy", clock)
    policy = {"stages": [{"stage": "brand_editor", "channels": ["site"]}]}
    studio.memory.workspaces.replace(studio.workspace.model_copy(update={"policy": policy}))
    studio.close()
    studio = Studio.open(studio.settings, clock=clock)
    [site] = studio.start(ASK, channels=["site"]).proposals
    assert (site.stage, site.stages) == ("brand_editor", ("brand_editor", "proposals"))
    first = sat_down_at(studio, "Editor").decide(site.id, "approve", site.sha)
    assert (first.proposal.state, first.proposal.stage, first.publication) == ("waiting", "proposals", None)
    assert studio.publish_due().published == ()
    assert sat_down_at(studio, "Ines").decide(site.id, "approve", site.sha).publication is not None
    assert len(studio.publish_due().published) == 1
    studio.close()


def test_the_agents_own_revision_is_no_decision(studio: Studio) -> None:
    [post] = studio.start(ASK, channels=["linkedin"]).proposals
    new = studio.reviewing.revise(studio.workspace.id, post.id, "shorter")
    assert (new.state, new.supersedes) == ("waiting", post.id)
    assert studio.memory.decisions.for_proposal(post.id) == []
