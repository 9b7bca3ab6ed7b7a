"""The seven causes: each voids what was approved, visibly, sends nothing, and leaves a way to approve what is new."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.freezing import freeze_at
from app.card_table import CardTable
from app.consenting import revoke
from app.founding import Wanted, founded
from app.revising import Wish
from app.studio import Studio
from core.drafts import Draft, Picture
from core.errors import AlreadyDecided, BadInput, NotAllowed, Stale, WrongUse
from core.ids import new_id
from core.proposals import Proposal
from publishing import Desk
from tests.conftest import Clock
from tests.fakes.recording_platform import RecordingPlatform
from tests.making import ASK, LETTERS, make_studio, sat_down_at


@pytest.fixture
def social(tmp_path: Path, clock: Clock) -> RecordingPlatform:
    """A fake platform that records every call."""
    return RecordingPlatform(tmp_path / "journal.jsonl", clock)


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, social: RecordingPlatform) -> Iterator[Studio]:
    """A studio whose posts to Bluesky are recorded."""
    made = make_studio(tmp_path, clock)
    made.__dict__["desk"] = Desk(made.memory, {"bluesky": social}, clock)
    yield made
    made.close()


@pytest.fixture
def post(studio: Studio) -> Proposal:
    """A post that waits."""
    return studio.start(ASK, channels=["bluesky"]).proposals[0]


def approve(studio: Studio, proposal: Proposal) -> Proposal:
    assert studio.decide(proposal.id, "approve", proposal.sha).publication is not None
    return studio.show(proposal.id)


def frozen(studio: Studio, old: Proposal, **changes: Any) -> Proposal:
    """Freeze another draft of the same brief: in another locale, or with a picture."""
    memory = studio.memory
    draft: Draft = memory.drafts.get(str(old.draft_id))
    content = draft.content.model_copy(update=changes.pop("content", {}))
    draft = draft.model_copy(update={"id": new_id("d"), "parent_id": draft.id, "content": content, **changes})
    memory.drafts.add(draft)
    brief = memory.briefs.get(old.brief_id)
    new = freeze_at(studio.crew, brief, draft, studio.workspace, at=old.at, grace=old.grace_minutes, suggested=None)
    memory.proposals.add(new)
    return new


def nothing_is_sent(studio: Studio, social: RecordingPlatform) -> None:
    for _ in range(2):
        assert studio.publish_due().published == ()
    assert social.calls() == []
    assert studio.verify_ledger().ok


def seen(studio: Studio, proposal: Proposal, why: str) -> None:
    """Every door shows that it is out of date, and why; and it can't be approved."""
    now = studio.show(proposal.id)
    assert now.state == "stale"
    assert why in now.reason
    assert why in now.as_json()["reason"]
    card = CardTable(studio).cards([now])[0]
    assert card["state"]["word"] == "out of date"
    assert why in card["outcome"]
    with pytest.raises(Stale) as caught:
        studio.decide(proposal.id, "approve", proposal.sha)
    assert why in caught.value.message


def the_new_version_goes_out(studio: Studio, social: RecordingPlatform, new: Proposal) -> None:
    assert studio.publish_due().published == ()
    assert new.state == "waiting"
    approve(studio, new)
    [live] = studio.publish_due().published
    assert (live.proposal_id, len(social.calls())) == (new.id, 1)


def test_an_edit(studio: Studio, social: RecordingPlatform, post: Proposal) -> None:
    approved = approve(studio, post)
    result = studio.revise(post.id, Wish(body="A wholly other text about fog.", note="a slip"))
    assert result.voided is not None
    assert result.voided.model_dump() == {
        "proposal": post.id,
        "decision": studio.memory.decisions.for_proposal(post.id)[0].id,
        "reason": "owner changed its text: a slip.",
    }
    old = studio.show(post.id)
    assert (old.state, old.superseded_by, old.reason) == ("superseded", result.proposal.id, result.voided.reason)
    assert (result.proposal.supersedes, result.proposal.text) == (post.id, "A wholly other text about fog.")
    assert approved.sha != result.proposal.sha
    nothing_is_sent(studio, social)
    with pytest.raises(AlreadyDecided):
        studio.revise(post.id, Wish(body="Third."))
    the_new_version_goes_out(studio, social, result.proposal)


def test_an_edit_of_one_channels_version_leaves_the_others_approved(
    studio: Studio, social: RecordingPlatform, clock: Clock
) -> None:
    posts = studio.start(ASK, channels=["bluesky", "site"]).proposals
    for each in posts:
        approve(studio, each)
    bluesky, site = posts
    studio.revise(bluesky.id, Wish(body="Only for Bluesky."))
    assert studio.show(site.id).state == "approved"
    assert studio.memory.decisions.release(studio.workspace.id, bluesky.id) is None
    assert studio.memory.decisions.release(studio.workspace.id, site.id) is not None
    nothing_is_sent(studio, social)


def test_a_moved_time(studio: Studio, social: RecordingPlatform, clock: Clock) -> None:
    soon = clock() + timedelta(hours=2)
    post = studio.start(ASK, channels=["bluesky"], when=soon).proposals[0]
    assert post.grace_minutes == 120
    approve(studio, post)
    later = soon + timedelta(days=1)
    result = studio.revise(post.id, Wish(at=later))
    assert result.voided is not None and result.voided.reason == "owner changed its time."
    assert (result.proposal.at, result.proposal.text, result.proposal.sha != post.sha) == (later, post.text, True)
    clock.now = soon
    nothing_is_sent(studio, social)
    approve(studio, result.proposal)
    nothing_is_sent(studio, social)  # not before its new time
    clock.now = later
    assert len(studio.publish_due().published) == 1


def test_a_missed_post_gets_a_new_time_or_none(studio: Studio, social: RecordingPlatform, clock: Clock) -> None:
    post = studio.start(ASK, channels=["bluesky"], when=clock() + timedelta(hours=2)).proposals[0]
    approve(studio, post)
    clock.now += timedelta(days=3)
    nothing_is_sent(studio, social)
    assert [p.state for p in studio.publications()] == ["missed"]
    new = studio.revise(post.id, Wish(at=None)).proposal
    assert new.at is None
    the_new_version_goes_out(studio, social, new)


def test_the_policy_says_how_late_a_new_time_may_be(studio: Studio, post: Proposal, clock: Clock) -> None:
    policy = {"outbox": {"missed": "late", "late_hours": 5}}
    studio.memory.workspaces.replace(studio.workspace.model_copy(update={"policy": policy}))
    new = studio.revise(post.id, Wish(at=clock() + timedelta(hours=1))).proposal
    assert new.grace_minutes == 300
    timed = studio.start(ASK, channels=["bluesky"], when=clock() + timedelta(hours=2)).proposals[0]
    assert timed.grace_minutes == 300


@pytest.mark.parametrize("change", [{"accounts": {"bluesky": "@other.example"}}, {"name": "Another name"}])
def test_a_changed_account(
    studio: Studio, social: RecordingPlatform, post: Proposal, clock: Clock, change: dict[str, Any]
) -> None:
    approve(studio, post)
    waits = studio.start(ASK, channels=["bluesky"]).proposals[0]
    settings = studio.settings.model_copy(update={"workspace": studio.workspace.id})
    space, swept = founded(settings, Wanted(**change), clock=clock)
    assert {each.proposal for each in swept.voided} == {post.id, waits.id}
    del studio.__dict__["workspace"]
    account = space.account_on("bluesky")
    nothing_is_sent(studio, social)
    for each in (post, waits):
        seen(studio, each, f"The account of this channel was changed since: it is {account}, not Small harbour.")
    with pytest.raises(BadInput, match="is not this workspace's account"):
        studio.revise(post.id, Wish(account="Small harbour"))
    new = studio.revise(post.id, Wish(account=account)).proposal
    assert new.account == account
    the_new_version_goes_out(studio, social, new)


def test_what_else_init_changes_voids_nothing(studio: Studio, post: Proposal, clock: Clock) -> None:
    settings = studio.settings.model_copy(update={"workspace": studio.workspace.id})
    _, swept = founded(settings, Wanted(locale="nb", accounts={"x": "@small"}), clock=clock)
    assert (swept.voided, swept.too_late) == ((), ())
    assert studio.show(post.id).state == "waiting"


def test_a_swapped_picture(studio: Studio, social: RecordingPlatform, post: Proposal) -> None:
    memory, space = studio.memory, studio.workspace.id
    kept = memory.files.add(space, b"a harbour", mime="image/jpeg", name="harbour.jpg", size=(3, 3))
    facts = {"sha256": kept.sha256, "mime": kept.mime, "bytes": kept.bytes, "width": 3, "height": 3, "alt": "A harbour"}
    pictured = frozen(studio, post, content={"pictures": (Picture(**facts, name="harbour.jpg"),)})
    payload = pictured.payload
    assert [each["sha256"] for each in payload.get("media", ())] == [kept.sha256]
    approve(studio, pictured)
    memory.files.path(space, kept.sha256).write_bytes(b"other bytes")  # the same name, other bytes
    nothing_is_sent(studio, social)
    seen(studio, pictured, "The picture harbour.jpg is not the one you approved")
    swapped = studio.revise(pictured.id, Wish()).proposal
    with pytest.raises(Stale, match="is not the one you approved"):  # not a door that approves it either
        studio.decide(swapped.id, "approve", swapped.sha)
    memory.files.add(space, b"a harbour", mime="image/jpeg")  # attached again
    the_new_version_goes_out(studio, social, studio.revise(swapped.id, Wish()).proposal)


def test_revoked_consent(studio: Studio, social: RecordingPlatform, post: Proposal) -> None:
    memory, space = studio.memory, studio.workspace.id
    [work_id] = {receipt.work_id for receipt in post.receipts if receipt.work_id} or {None}
    approve(studio, post)
    free = studio.revise(studio.start(ASK, channels=["bluesky"]).proposals[0].id, Wish(body="Nothing of it.")).proposal
    held = frozen(studio, post, content={"text": "Marit kept them in a tin."}, receipts=())
    studio.decide(held.id, "hold", held.sha)
    _, swept = revoke(memory, space, f"work:{work_id}", by="owner", note="her mail of 3 March")
    assert [each.proposal for each in swept.voided] == [post.id]
    _, swept = revoke(memory, space, "person:Marit", by="owner")
    assert [each.proposal for each in swept.voided] == [held.id]
    assert studio.show(free.id).state == "waiting"
    nothing_is_sent(studio, social)
    seen(studio, post, f"Consent to use the past work {work_id} was revoked by owner")
    seen(studio, held, "Marit's consent to be named was revoked by owner")
    new = studio.revise(post.id, Wish()).proposal
    with pytest.raises(Stale, match="revoked"):
        studio.decide(new.id, "approve", new.sha)
    memory.consents.say(space, f"work:{work_id}", granted=True, by="owner")
    memory.consents.say(space, "person:Marit", granted=True, by="owner")
    the_new_version_goes_out(studio, social, studio.revise(new.id, Wish()).proposal)


@pytest.fixture
def translated(studio: Studio) -> tuple[Proposal, Proposal]:
    """A post made from a past work, and its translation, both waiting."""
    work = studio.memory.works.by_source(studio.workspace.id, "2024-06-14-fog-signal.md") or studio.works()[0]
    [source] = studio.start(ASK, from_=work.id, channels=["bluesky"], locales=["en", "es"]).proposals
    return source, frozen(studio, source, locale="es", content={"text": "La señal de niebla sonaba."})


def fog_is_rewritten(studio: Studio, tmp_path: Path) -> Any:
    work = studio.memory.briefs.list(studio.workspace.id)[-1].source_work_id
    source = studio.memory.works.get(studio.workspace.id, str(work)).source
    name = next(each for each in LETTERS if Path(source).name == each)
    folder = tmp_path / "letters"
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + "\nIt sounded once a minute, I was told since.\n")
    return studio.import_paths([folder])


def test_a_changed_source_under_a_translation(
    studio: Studio, social: RecordingPlatform, translated: tuple[Proposal, Proposal], tmp_path: Path
) -> None:
    source, spanish = translated
    approve(studio, spanish)
    report = fog_is_rewritten(studio, tmp_path)
    assert (report.updated, [each["proposal"] for each in report.voided]) == (1, [spanish.id])
    assert studio.show(source.id).state == "waiting"
    nothing_is_sent(studio, social)
    seen(studio, spanish, "The past work that it was translated from")
    with pytest.raises(WrongUse, match="was changed since"):
        studio.revise(spanish.id, Wish(at=None))
    new = studio.revise(spanish.id, Wish(body="La señal de niebla sonaba una vez por minuto.")).proposal
    the_new_version_goes_out(studio, social, new)


def test_a_source_that_changed_without_a_sweep_is_caught_by_the_sender(
    studio: Studio, social: RecordingPlatform, translated: tuple[Proposal, Proposal], tmp_path: Path
) -> None:
    from memory.importers import collect

    _, spanish = translated
    approve(studio, spanish)
    work = studio.memory.works.get(studio.workspace.id, str(studio.memory.briefs.get(spanish.brief_id).source_work_id))
    path = tmp_path / "letters" / Path(work.source).name
    path.write_text(path.read_text(encoding="utf-8") + "\nAnd more.\n")
    studio.memory.works.remember(studio.workspace.id, collect([tmp_path / "letters"]).pieces)
    nothing_is_sent(studio, social)
    seen(studio, spanish, "The past work that it was translated from")


@pytest.mark.parametrize("how", ["edit", "changes", "revise", "agent"])
def test_a_source_version_that_was_reworded(
    studio: Studio, social: RecordingPlatform, translated: tuple[Proposal, Proposal], how: str
) -> None:
    source, spanish = translated
    approve(studio, spanish)
    if how == "revise":
        studio.revise(source.id, Wish(body="The fog signal sounded."))
    elif how == "agent":
        studio.reviewing.revise(studio.workspace.id, source.id, "shorter")
    else:
        studio.decide(source.id, how, source.sha, body="The fog signal sounded.", note="shorter")
    nothing_is_sent(studio, social)
    seen(studio, spanish, "The version in en that it was translated from was changed since")
    new = studio.revise(spanish.id, Wish(body="La señal de niebla sonaba.")).proposal
    the_new_version_goes_out(studio, social, new)


def test_a_source_version_that_only_got_a_new_time_changes_no_translation(
    studio: Studio, translated: tuple[Proposal, Proposal], clock: Clock
) -> None:
    source, spanish = translated
    approve(studio, spanish)
    studio.revise(source.id, Wish(at=clock() + timedelta(days=1)))
    assert len(studio.publish_due().published) == 1
    assert studio.show(spanish.id).state == "live"


def test_too_late_is_said_and_nothing_is_changed(studio: Studio, social: RecordingPlatform, post: Proposal) -> None:
    approve(studio, post)
    social.answers = ["lost_ack"]
    studio.publish_due()
    with pytest.raises(NotAllowed, match="too late") as caught:
        studio.revise(post.id, Wish(body="Other."))
    assert caught.value.exit_code == 5
    assert len(studio.pending()) == 0
    assert len(social.calls()) == 1


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(), WrongUse),
        (Wish(at=None), WrongUse),
        (Wish(account="@nobody.example"), BadInput),
        (Wish(body=" "), WrongUse),
        (Wish(body="half \ud83e"), BadInput),
    ],
)
def test_a_slip_of_the_pen_costs_no_approval(
    studio: Studio, post: Proposal, wish: Wish, error: type[Exception]
) -> None:
    approve(studio, post)
    with pytest.raises(error):
        studio.revise(post.id, wish)
    assert studio.show(post.id).state == "approved"
    assert len(studio.publish_due().published) == 1


def test_a_time_that_has_passed_costs_no_approval(studio: Studio, post: Proposal, clock: Clock) -> None:
    approve(studio, post)
    with pytest.raises(BadInput, match="in the past"):
        studio.revise(post.id, Wish(at=clock() - timedelta(minutes=1)))
    assert studio.show(post.id).state == "approved"


def test_nobody_speaks_for_another_without_their_secret(studio: Studio, post: Proposal) -> None:
    with pytest.raises(NotAllowed, match="no members besides owner"):
        studio.decide(post.id, "approve", post.sha, by="Ines")
    studio.memory.members.add(studio.workspace.id, "Mats", "editor", by="owner", new_secret="a tin without a lid")
    for by, secret in (("Mats", None), ("Mats", "a tin with a lid"), ("Tom", "a tin without a lid")):
        with pytest.raises(NotAllowed):
            studio.decide(post.id, "approve", post.sha, by=by, secret=secret)
    with pytest.raises(NotAllowed, match="no member with a secret"):
        sat_down_at(studio, "Mats").decide(post.id, "approve", post.sha, by="owner")
    with pytest.raises(NotAllowed, match="Mats's secret is needed"):
        sat_down_at(studio, "Mats").decide(post.id, "approve", post.sha)
    assert studio.show(post.id) == post
    decided = studio.decide(post.id, "approve", post.sha, by="Mats", secret="a tin without a lid")
    assert decided.decision.by == "Mats"


def test_only_an_owner_changes_the_workspace_once_it_has_members(studio: Studio, clock: Clock) -> None:
    studio.memory.members.add(studio.workspace.id, "Mats", "editor", by="owner", new_secret="a tin without a lid")
    studio.memory.members.set_secret(studio.workspace.id, "owner", "a fog signal at Ferder", by="owner")
    asked = Wanted(policy={"approval": {"four_eyes": False}}, name="Mine now")
    for user, secret in (("Mats", "a tin without a lid"), ("owner", None), ("owner", "not this one"), ("Tom", None)):
        settings = studio.settings.model_copy(update={"user": user, "workspace": studio.workspace.id})
        with pytest.raises(NotAllowed):
            founded(settings, asked, clock=clock, secret=secret)
    assert studio.memory.workspaces.get(studio.workspace.id) == studio.workspace
    founded(settings.model_copy(update={"user": "owner"}), asked, clock=clock, secret="a fog signal at Ferder")


def test_four_eyes_hold_for_who_moved_or_reworded_it(studio: Studio, post: Proposal, clock: Clock) -> None:
    space = studio.workspace
    policy = {"approval": {"four_eyes": True}}
    studio.memory.workspaces.replace(space.model_copy(update={"policy": policy}))
    add = studio.memory.members.add
    for name in ("Mats", "Liv"):
        add(space.id, name, "editor", by="owner", new_secret="a tin without a lid")
    decide = {"secret": "a tin without a lid"}
    new = studio.revise(post.id, Wish(at=clock() + timedelta(hours=1)), by="Mats", **decide).proposal
    for name in ("owner", "Mats"):
        with pytest.raises(NotAllowed, match="second pair of eyes"):
            studio.decide(new.id, "approve", new.sha, by=name, secret=None if name == "owner" else decide["secret"])
    assert studio.decide(new.id, "approve", new.sha, by="Liv", **decide).publication is not None
    assert "Mats" not in str(new.payload)
