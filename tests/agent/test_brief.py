"""One brief through the graph, under the rehearsal model, on real SQLite and the real embedder."""

import pytest

from app.studio import Studio
from core.channels import channel
from core.counting import lengths
from core.errors import BadInput, WrongUse
from tests.making import ASK, CHANNELS


def test_six_channels_make_six_proposals_that_wait(studio: Studio) -> None:
    result = studio.start(ASK, channels=CHANNELS)
    assert [p.channel for p in result.proposals] == list(CHANNELS)
    assert {p.state for p in result.proposals} == {"waiting"}
    assert {p.id for p in studio.pending()} == {p.id for p in result.proposals}


def test_every_draft_keeps_its_channels_limits(studio: Studio) -> None:
    for proposal in studio.start(ASK, channels=CHANNELS).proposals:
        for length in lengths(proposal.channel, proposal.text):
            assert length.limit is None or length.used <= length.limit, (proposal.channel, length)
        assert not [f for f in proposal.findings if f.severity == "error"], proposal.findings


def test_every_receipt_stands_in_the_work_that_it_names(studio: Studio) -> None:
    proposals = studio.start(ASK, channels=CHANNELS).proposals
    works = {work.id: " ".join(f"{work.title}\n{work.body}".split()) for work in studio.works()}
    quoted = [r for p in proposals for r in p.receipts if r.work_id]
    assert quoted
    for receipt in quoted:
        assert receipt.quote in works[str(receipt.work_id)]


def test_the_hash_covers_what_the_row_holds(studio: Studio) -> None:
    for proposal in studio.start(ASK, channels=("site", "x")).proposals:
        assert proposal.sha == proposal.recomputed_sha()


def test_a_time_is_proposed_outside_the_hash_and_inside_it_on_request(studio: Studio) -> None:
    [loose] = studio.start(ASK, channels=["bluesky"]).proposals
    assert loose.at is None
    assert loose.suggested_at is not None and loose.suggested_reason
    [bound] = studio.start(ASK, channels=["bluesky"], when="auto").proposals
    assert bound.at == bound.suggested_at
    assert bound.grace_minutes


def test_the_same_brief_twice_reads_the_same(studio: Studio) -> None:
    first, second = (studio.start(ASK, channels=CHANNELS).proposals for _ in range(2))
    assert [p.text for p in first] == [p.text for p in second]


def test_it_says_what_it_can_not_translate(studio: Studio) -> None:
    result = studio.start(ASK, channels=["bluesky"], locales=["en", "es"])
    assert [p.locale for p in result.proposals] == ["en"]
    assert any(notice.startswith("es:") for notice in result.notices)


def test_variants_lean_on_different_angles(studio: Studio) -> None:
    result = studio.start(ASK, channels=["linkedin"], variants=2)
    assert [p.variant for p in result.proposals] == [1, 2]
    assert result.proposals[0].text != result.proposals[1].text


def test_an_unknown_channel_is_refused_before_anything_is_made(studio: Studio) -> None:
    with pytest.raises(BadInput, match="myspace"):
        studio.start(ASK, channels=["myspace"])
    assert studio.pending() == []


def test_an_empty_brief_is_refused(studio: Studio) -> None:
    with pytest.raises(WrongUse):
        studio.start("   ")


def test_what_a_page_leans_on_is_part_of_what_is_approved(studio: Studio) -> None:
    [site] = studio.start(ASK, channels=["site"]).proposals
    leaned_on = [work_id for work_id in dict.fromkeys(r.work_id for r in site.receipts) if work_id]
    made = site.payload["provenance"]
    assert leaned_on and [work["id"] for work in made["works"]] == leaned_on
    assert (made["model"], made["prompt_versions"]) == (site.provenance.model, site.provenance.prompt_versions)


def test_a_brief_from_a_past_work_never_leans_on_that_work(studio: Studio) -> None:
    work = studio.works()[0]
    result = studio.start("Tell this again", from_=work.id, channels=["linkedin"])
    plan = studio.memory.briefs.plan(result.brief_id)
    assert plan is not None
    assert work.id not in [recalled.work_id for recalled in plan.recalled]


def test_keywords_come_from_the_creators_own_tags(studio: Studio) -> None:
    [site] = studio.start(ASK, channels=["site"]).proposals
    own = {tag for work in studio.works() for tag in work.tags}
    assert site.payload["tags"] and set(site.payload["tags"]) <= own
    assert "tags" in channel("site").fields


def test_angles_first_then_drafts_from_the_approved_ones(studio: Studio) -> None:
    [angles] = studio.start(ASK, channels=["bluesky", "site"], stop_at="angles").proposals
    assert (angles.channel, angles.stage) == ("angles", "angles")
    assert 2 <= len(angles.payload["angles"]) <= 3
    decided = studio.decide(angles.id, "approve", angles.sha)
    assert decided.brief is not None
    assert [p.channel for p in decided.brief.proposals] == ["bluesky", "site"]
    assert studio.publications() == []


def test_edited_angles_wait_again_and_then_lead(studio: Studio) -> None:
    [angles] = studio.start(ASK, channels=["bluesky"], stop_at="angles").proposals
    edited = studio.decide(angles.id, "edit", angles.sha, body="## The tin\n\nWhat a biscuit tin is for.\n")
    assert edited.new_proposal is not None and edited.new_proposal.state == "waiting"
    studio.decide(edited.new_proposal.id, "approve", edited.new_proposal.sha)
    plan = studio.memory.briefs.plan(angles.brief_id)
    assert plan is not None
    assert [(a.title, a.source) for a in plan.angles] == [("The tin", "person")]


def test_a_brief_without_any_past_work_still_comes_to_proposals(studio: Studio) -> None:
    for work in studio.works():
        studio.memory.forget(studio.workspace.id, work.id)
    result = studio.start("Announce our open day at the boat shed", channels=["bluesky", "site"])
    assert len(result.proposals) == 2
    assert all(p.voice is None or p.voice.verdict == "not_enough" for p in result.proposals)
