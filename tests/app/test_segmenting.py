"""Translations segment by segment, without any translator: a person fills, reviews, sees what a new source voids."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.revising import Wish
from app.segment_rows import Review, review, reviews, shown_beside
from app.segmenting import edit, open_grid, say, undo, update
from app.studio import Studio
from core.errors import NotAllowed, NotFound, Stale, WrongUse
from tests.app.translating import LATA, TIN, post, small_studio, translate
from tests.conftest import Clock
from tests.making import sat_down_at


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = small_studio(tmp_path, clock)
    yield made
    made.close()


def states(found: Review) -> list[str]:
    return [row.state for row in found.rows]


def test_without_a_translator_the_grid_opens_a_person_fills_it_and_it_waits(studio: Studio) -> None:
    source = post(studio)
    grid = open_grid(studio, source.id, "es")
    assert states(grid) == ["empty"] * 4
    assert "needs a language model" in grid.notices[0]
    assert [each.as_json()["id"] for each in reviews(studio)] == [grid.looked.draft.id]
    assert grid.proposal is None and grid.as_json()["whole"] is False
    for number, words in enumerate(LATA[:3], start=1):
        grid = edit(studio, grid.looked.draft.id, str(number), words)
    assert states(grid) == ["edited"] * 3 + ["empty"]
    assert grid.proposal is None
    done = edit(studio, grid.looked.draft.id, "4", LATA[3])
    assert done.proposal is not None
    assert done.proposal.state == "waiting"
    assert done.proposal.text == " ".join(LATA)
    assert done.proposal.locale == "es"
    assert done.proposal.provenance.model == "person"
    assert done.rows[0].words == "worded by owner, 2026-11-20 12:00"
    assert not any(row.findings for row in done.rows)


def test_every_check_runs_on_what_a_person_types(studio: Studio) -> None:
    source = post(studio, "See @ines@coast.example at 5 pm, {name}: https://coast.example/tin #tides 🌊 now.")
    found = translate(studio, source, ("See at 6, Ana.",))
    rules = {each.rule for each in found.rows[0].findings}
    assert {"handle", "number", "placeholder", "url", "hashtag", "emoji"} <= rules
    assert found.proposal is not None and rules <= {each.rule for each in found.proposal.findings}


def test_an_approval_is_of_exactly_one_source_and_target_and_has_a_name(studio: Studio) -> None:
    found = translate(studio, post(studio))
    other = sat_down_at(studio, "Ana")
    ref = found.as_json()["proposal_id"]
    shown = found.rows[1].as_json()["sha"]
    found = say(other, ref, ["2"], "approve", shown=shown)
    assert states(found) == ["edited", "approved", "edited", "edited"]
    assert found.rows[1].words == "approved by Ana, 2026-11-20 12:00"
    [act] = [act for act in found.rows[1].acts if act.verb == "approve"]
    assert (act.by, act.source, act.target) == ("Ana", "It rusted on a shelf.", LATA[1])
    found = edit(studio, ref, "2", "Se oxidó en la balda.")
    assert found.rows[1].state == "edited"
    with pytest.raises(Stale):
        say(other, found.as_json()["proposal_id"], ["2"], "approve", shown=shown)
    assert studio.verify_ledger().ok


def test_the_same_approval_twice_is_one(studio: Studio) -> None:
    found = translate(studio, post(studio))
    for _ in range(2):
        found = say(studio, found.as_json()["proposal_id"], ["1"], "approve")
    assert [act.verb for act in found.rows[0].acts] == ["edit", "approve"]
    assert studio.memory.translations.counts(studio.workspace.id) == [("en", "es", 1)]


def test_a_comment_needs_words_and_changes_nothing_else(studio: Studio) -> None:
    found = translate(studio, post(studio))
    ref = found.as_json()["proposal_id"]
    with pytest.raises(WrongUse):
        say(studio, ref, ["3"], "comment")
    said = say(sat_down_at(studio, "Ana"), ref, ["3"], "comment", note="too formal")
    assert states(said) == states(found)
    assert [(act.by, act.note) for act in said.rows[2].acts if act.verb == "comment"] == [("Ana", "too formal")]
    assert said.proposal == found.proposal


def test_approve_all_leaves_out_what_has_an_error(studio: Studio) -> None:
    words = ("La lata guardó tablas de mareas hasta 1978.", *LATA[1:])
    found = translate(studio, post(studio), words)
    found = say(studio, found.as_json()["proposal_id"], [], "approve")
    assert states(found) == ["edited", "approved", "approved", "approved"]
    found = say(studio, found.as_json()["proposal_id"], ["1"], "approve")  # by name a person may
    assert states(found) == ["approved"] * 4


def test_an_approval_that_is_taken_back_leaves_the_memory_too(studio: Studio) -> None:
    found = translate(studio, post(studio))
    found = say(studio, found.as_json()["proposal_id"], ["1"], "approve")
    [act] = [act for act in found.rows[0].acts if act.verb == "approve"]
    undo(studio, act.id)
    assert review(studio, found.as_json()["proposal_id"]).rows[0].state == "edited"
    assert studio.memory.translations.counts(studio.workspace.id) == []
    assert studio.verify_ledger().ok


def test_a_changed_source_voids_exactly_the_dependent_segments_and_the_approval_and_says_so(studio: Studio) -> None:
    source = post(studio)
    found = translate(studio, source)
    ref = found.as_json()["proposal_id"]
    found = say(studio, ref, [], "approve")
    assert found.proposal is not None
    studio.decide(ref, "approve", found.proposal.sha)
    new = studio.revise(
        source.id, Wish(body=TIN.replace("It rusted on a shelf.", "It rusted under the stove."))
    ).proposal

    stale = review(studio, ref)
    assert states(stale) == ["approved", "void", "approved", "approved"]
    assert "Its source was changed since owner approved it: it said “It rusted on a shelf.”" in stale.rows[1].words
    now = studio.show(ref)
    assert now.state == "stale"
    assert "1 of 4 segments: “It rusted on a shelf.”" in now.reason
    assert [act.verb for act in stale.looked.acts if not act.stands] == ["approve"]
    assert studio.publish_due().published == ()
    with pytest.raises(Stale):
        say(studio, ref, ["2"], "approve")
    with pytest.raises(Stale):
        edit(studio, ref, "2", "Se oxidó bajo la estufa.")
    assert [each["state"] for each in shown_beside(studio, now)] == ["approved", "void", "approved", "approved"]

    grid = update(studio, ref)
    assert states(grid) == ["approved", "empty", "approved", "approved"]
    assert grid.rows[1].segment.source == "It rusted under the stove."
    assert grid.rows[1].segment.was == ("It rusted on a shelf.", LATA[1])
    reuse = grid.rows[1].segment.reuse
    assert reuse is None or reuse.percent < 100
    done = edit(studio, grid.looked.draft.id, "2", "Se oxidó bajo la estufa.")
    assert done.proposal is not None
    assert (done.proposal.supersedes, done.proposal.state) == (ref, "waiting")
    assert states(done) == ["approved", "edited", "approved", "approved"]
    assert new.state == "waiting"
    assert studio.verify_ledger().ok


def test_new_sentences_in_the_source_leave_the_others_approved(studio: Studio) -> None:
    source = post(studio)
    found = say(studio, translate(studio, source).as_json()["proposal_id"], [], "approve")
    ref = found.as_json()["proposal_id"]
    studio.revise(source.id, Wish(body=f"A first line. {TIN}"))
    assert states(review(studio, ref)) == ["approved"] * 4
    assert studio.show(ref).state == "stale"
    grid = update(studio, ref)
    assert states(grid) == ["empty"] + ["approved"] * 4


def test_a_grid_with_gaps_is_behind_where_its_source_got_another_sentence(studio: Studio) -> None:
    source = post(studio)
    grid = edit(studio, open_grid(studio, source.id, "es").looked.draft.id, "1", LATA[0])
    studio.revise(source.id, Wish(body=f"{TIN} And so on."))
    with pytest.raises(Stale) as caught:
        edit(studio, grid.looked.draft.id, "2", LATA[1])
    assert f"greenroom segments update {grid.looked.draft.id}" in caught.value.hint
    grid = update(studio, grid.looked.draft.id)
    assert states(grid) == ["edited", "empty", "empty", "empty", "empty"]
    with pytest.raises(WrongUse, match="Nothing would change"):
        update(studio, grid.looked.draft.id)


def test_only_the_layout_of_the_source_changed(studio: Studio) -> None:
    source = post(studio)
    found = say(studio, translate(studio, source).as_json()["proposal_id"], [], "approve")
    studio.revise(source.id, Wish(body=TIN.replace("1987. It", "1987.\n\nIt")))
    done = update(studio, found.as_json()["proposal_id"])
    assert states(done) == ["approved"] * 4
    assert done.proposal is not None and done.proposal.state == "waiting"
    assert done.proposal.text == " ".join(LATA).replace("1987. Se", "1987.\n\nSe")


def test_a_translation_of_another_language_is_left_alone(studio: Studio) -> None:
    source = post(studio)
    ids = [translate(studio, source, to=locale).as_json()["proposal_id"] for locale in ("es", "pt")]
    for ref in ids:
        say(studio, ref, ["1", "2"], "approve")
    edit(studio, ids[0], "1", "La lata tuvo tablas de mareas hasta 1987.")
    assert states(review(studio, ids[1]))[:2] == ["approved", "approved"]


def test_two_people_at_one_grid_lose_no_words(studio: Studio) -> None:
    grid = open_grid(studio, post(studio).id, "es")
    looked = studio.memory.segments.look(grid.looked.line)
    assert looked is not None
    edit(studio, grid.looked.draft.id, "1", LATA[0])
    late = looked.draft.model_copy(update={"id": "d_late00000000", "parent_id": looked.draft.id})
    with pytest.raises(Stale, match="Nothing was changed"):
        studio.memory.segments.keep(
            looked, late, by="Ana", edited=grid.rows[1].segment.model_copy(update={"target": "x"})
        )
    found = review(studio, grid.looked.draft.id)
    assert [row.segment.target for row in found.rows] == [LATA[0], "", "", ""]
    assert [act.by for act in found.looked.acts] == ["owner"]


def test_a_whole_grid_that_a_crash_kept_from_waiting_waits_when_it_is_opened_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = post(studio)

    def crash(*_: object, **__: object) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(type(studio.memory.segments), "wait", crash)
        with pytest.raises(OSError, match="the power went"):
            translate(studio, source)
    assert [each.proposal for each in reviews(studio)] == [None]
    again = open_grid(studio, source.id, "es")
    assert again.proposal is not None and again.proposal.text == " ".join(LATA)
    assert open_grid(studio, source.id, "es").proposal == again.proposal


def test_where_the_policy_wants_it_no_translation_is_approved_before_its_segments(studio: Studio) -> None:
    wanted = {"localization": {"review_segments": True}}
    studio.memory.workspaces.replace(studio.workspace.model_copy(update={"policy": wanted}))
    found = translate(studio, post(studio))
    ref = found.as_json()["proposal_id"]
    say(studio, ref, ["1", "2", "3"], "approve")
    assert found.proposal is not None
    with pytest.raises(NotAllowed, match="1 of 4 segments"):
        studio.decide(ref, "approve", found.proposal.sha)
    say(studio, ref, ["4"], "approve")
    assert [each.proposal for each in reviews(studio)] == [found.proposal]
    assert studio.decide(ref, "approve", found.proposal.sha).publication is not None
    assert reviews(studio) == []


def test_what_is_no_translation_and_what_is_not_there_say_so(studio: Studio) -> None:
    source = post(studio)
    with pytest.raises(WrongUse, match="is no translation"):
        review(studio, source.id)
    with pytest.raises(WrongUse, match="no source"):
        open_grid(studio, source.id, "en")
    with pytest.raises(NotFound):
        review(studio, "d_nobody000000")
    grid = open_grid(studio, source.id, "es")
    with pytest.raises(NotFound, match="there are 4"):
        edit(studio, grid.looked.draft.id, "9", "x")
    with pytest.raises(WrongUse, match="no translation yet"):
        say(studio, grid.looked.draft.id, ["1"], "approve")


def test_a_translation_that_is_approved_as_a_whole_is_known_from_then_on_until_that_is_taken_back(
    studio: Studio,
) -> None:
    found = translate(studio, post(studio))
    assert found.proposal is not None
    say(studio, found.proposal.id, ["1"], "approve", by=None)
    done = studio.decide(found.proposal.id, "approve", found.proposal.sha)
    space = studio.workspace.id
    rows = studio.memory.translations.all(space)
    assert sorted((row.origin, row.source, row.by) for row in rows) == [
        ("proposal", "It rusted on a shelf.", "owner"),
        ("proposal", "Nobody owns the tide.", "owner"),
        ("proposal", "The lid does not close.", "owner"),
        ("segment", "The tin held tide tables until 1987.", "owner"),
    ]
    assert done.decision is not None
    studio.undo(done.decision.id)
    assert [row.origin for row in studio.memory.translations.all(space)] == ["segment"]


def test_what_was_approved_before_fills_the_next_grid_and_still_needs_a_look(studio: Studio) -> None:
    say(studio, str(translate(studio, post(studio)).as_json()["proposal_id"]), [], "approve")
    grid = open_grid(studio, post(studio, "The lid does not close. Nobody owns this tide. New words.").id, "es")
    assert states(grid) == ["open", "empty", "empty"]
    first, second, third = (row.segment for row in grid.rows)
    assert (first.target, first.made_by) == (LATA[2], "memory")
    assert first.reuse is not None and (first.reuse.percent, first.reuse.by) == (100, "owner")
    assert second.reuse is not None and 70 <= second.reuse.percent < 100
    assert third.reuse is None
    assert grid.looked.draft.model == "memory"


def test_words_from_a_work_whose_consent_was_revoked_are_not_used_again(studio: Studio) -> None:
    say(studio, str(translate(studio, post(studio, source_work_id="w_tin")).as_json()["proposal_id"]), [], "approve")
    assert open_grid(studio, post(studio).id, "es").rows[0].segment.target == LATA[0]
    studio.memory.consents.say(studio.workspace.id, "work:w_tin", granted=False, by="owner")
    grid = open_grid(studio, post(studio).id, "es")
    assert states(grid) == ["empty"] * 4
    assert all(row.segment.reuse is None for row in grid.rows)


def test_members_say_what_their_role_lets_them_and_with_their_own_name(studio: Studio) -> None:
    space, secret = studio.workspace.id, "a tin without a lid"
    for name, role in (("Ines", "owner"), ("Kit", "contributor"), ("Vi", "viewer")):
        by = ("owner", None) if name == "Ines" else ("Ines", secret)
        studio.memory.members.add(space, name, role, by=by[0], secret=by[1], new_secret=secret)
    source = post(studio)
    who = {"by": "Kit", "secret": secret}
    grid = translate(studio, source, **who)
    ref = str(grid.as_json()["proposal_id"])
    assert grid.rows[0].words == "worded by Kit, 2026-11-20 12:00"
    with pytest.raises(NotAllowed):
        say(studio, ref, ["1"], "approve", **who)
    with pytest.raises(NotAllowed):
        say(studio, ref, ["1"], "comment", note="x", by="Vi", secret=secret)
    with pytest.raises(NotAllowed):
        say(studio, ref, ["1"], "approve", by="Ines", secret="not hers at all")
    with pytest.raises(NotAllowed):
        studio.memory.segments.say(grid.looked.line, grid.rows[0].segment, "approve", by="greenroom")
    assert say(studio, ref, ["1"], "approve", by="Ines", secret=secret).rows[0].state == "approved"


def test_a_second_pair_of_eyes_is_another_persons(studio: Studio) -> None:
    studio.memory.workspaces.replace(studio.workspace.model_copy(update={"policy": {"approval": {"four_eyes": True}}}))
    ref = str(translate(sat_down_at(studio, "Ana"), post(studio)).as_json()["proposal_id"])
    with pytest.raises(NotAllowed, match="own wording"):
        say(sat_down_at(studio, "Ana"), ref, ["1"], "approve")
    assert say(sat_down_at(studio, "Luz"), ref, ["1"], "approve").rows[0].state == "approved"


def test_the_limits_of_the_channel_hold_for_the_translation_of_its_own(studio: Studio) -> None:
    source = post(studio, "The lid does not close.", channel="bluesky")
    found = translate(studio, source, ("La tapa " + "no " * 120 + "cierra.",))
    assert found.proposal is not None
    assert {each.rule for each in found.proposal.findings if each.severity == "error"} >= {"length"}
