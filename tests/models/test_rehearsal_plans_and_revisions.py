"""Angles that differ, and changes that do what was wished and nothing else."""

import pytest

from core.errors import ModelFailed, NeedsModel
from models import ModelConfig, ask, open_model
from models.rehearsal.drafting import draft
from models.rehearsal.planning import plan
from models.rehearsal.revising import EDITS, revise
from models.rehearsal.vectors import Vectors
from models.rehearsal.wishes import known, read_wish
from models.tasks import (
    DraftAnswer,
    DraftToRevise,
    Flaw,
    LocalizeAnswer,
    LocalizeRequest,
    PlanRequest,
    RevisedDraft,
    ReviseRequest,
    Source,
)
from tests.models.material import ASK, WORKS, request

BY_WORDS = Vectors(None)


def revised(
    channel: str, wish: str = "", findings: tuple[Flaw, ...] = (), content: DraftAnswer | None = None
) -> RevisedDraft:
    before = content or draft(request(channel), BY_WORDS)
    asked = ReviseRequest(
        ask=ASK,
        works=WORKS,
        hashtags=("harbours", "tide tables"),
        links=("https://harbour.example/walk",),
        drafts=(DraftToRevise(draft_id="d_1", channel=channel, content=before, findings=findings, wish=wish),),
    )
    (after,) = revise(asked, BY_WORDS).drafts
    assert after.draft_id == "d_1"
    return after


def test_three_angles_differ_and_lean_on_different_works_the_last_crosses_two() -> None:
    angles = plan(PlanRequest(ask=ASK, works=WORKS), BY_WORDS).angles
    assert len(angles) == 3
    assert len({angle.title for angle in angles}) == 3
    assert angles[0].title == "Our walk along the harbour with the tide tables"
    assert len(angles[2].work_ids) == 2
    assert all(angle.work_ids for angle in angles)
    assert set(angles[0].work_ids) != set(angles[1].work_ids)


def test_angles_without_works_come_from_the_source() -> None:
    text = "The tide gauge at Ferder has kept the height of the sea since 1928."
    angles = plan(PlanRequest(ask="Announce our gauge", source=Source(text=text)), BY_WORDS).angles
    assert 1 <= len(angles) <= 3
    assert any("1928" in angle.premise for angle in angles)


def test_shorter_is_shorter_and_whole() -> None:
    for channel in ("bluesky", "linkedin", "newsletter", "site"):
        before, after = draft(request(channel), BY_WORDS), revised(channel, "make it shorter")
        assert 0 < len(after.text) <= 0.8 * len(before.text)
        assert after.text.count("“") == after.text.count("”")
        assert not after.text.rstrip().endswith(":")


def test_hashtags_and_emoji_and_links_come_and_go() -> None:
    with_emoji = DraftAnswer(
        text="Our walk 🚶🏽‍♀️ along the harbour.\n\nMore here: https://a.example/b\n\n#Harbours #Sea"
    )
    assert revised("mastodon", "no emoji", content=with_emoji).text.startswith("Our walk along the harbour.")
    assert "#" not in revised("mastodon", "remove the hashtags", content=with_emoji).text
    without = revised("mastodon", "without the link", content=with_emoji).text
    assert "http" not in without
    assert "More here" not in without
    bare = DraftAnswer(text="Our walk along the harbour.")
    assert revised("mastodon", "add hashtags, add the link", content=bare).text == (
        "Our walk along the harbour.\n\n#Harbours #TideTables\n\nhttps://harbour.example/walk"
    )


def test_replaces_drops_and_adds_what_the_person_names() -> None:
    content = DraftAnswer(text="Our walk begins at six. Bring a lamp and a coat. It ends at the kiosk.")
    assert "stroll begins" in revised("x", "replace “walk” with “stroll”", content=content).text
    assert revised("x", 'drop the sentence about "lamp"', content=content).text == (
        "Our walk begins at six. It ends at the kiosk."
    )
    assert (
        revised("x", "drop the last sentence", content=content).text
        == "Our walk begins at six. Bring a lamp and a coat."
    )
    assert revised("x", "add “It is free.”", content=content).text.endswith("kiosk.\n\nIt is free.")


def test_another_hook_begins_in_another_way_and_keeps_the_rest() -> None:
    before = draft(request("linkedin"), BY_WORDS)
    after = revised("linkedin", "another hook")
    assert after.text.split("\n\n")[0] != before.text.split("\n\n")[0]
    assert after.text.split("\n\n")[1:] == before.text.split("\n\n")[1:]


def test_another_quote_is_another_of_the_creators_sentences() -> None:
    before, after = draft(request("bluesky"), BY_WORDS), revised("bluesky", "another quote")
    quoted = {line.line for line in after.receipts if line.origin == "work"}
    assert quoted
    assert not quoted & {line.line for line in before.receipts if line.origin == "work"}


def test_receipts_follow_what_stands_in_the_text() -> None:
    after = revised("linkedin", "drop the last sentence, no hashtags")
    assert after.receipts
    assert all(line.line in after.text for line in after.receipts)


def test_a_wish_it_cannot_do_changes_nothing_and_names_what_works() -> None:
    with pytest.raises(NeedsModel) as refusal:
        revised("bluesky", "shorter and a bit more poetic")
    assert "“a bit more poetic”" in refusal.value.message
    assert "Nothing was changed" in refusal.value.message
    assert all(each.says in refusal.value.hint for each in known())


def test_every_example_is_understood_as_what_it_stands_for() -> None:
    for each in known():
        assert [edit.wish for edit in read_wish(each.example)] == [each.wish]
    assert set(EDITS) == {each.wish for each in known()}


def test_findings_are_mended_by_rule() -> None:
    content = DraftAnswer(text="Our walk along the harbour. It cost 4,000,000 kroner. Bring a coat.")
    invented = Flaw(rule="invented_number", message="", text="4,000,000")
    assert revised("x", findings=(invented,), content=content).text == "Our walk along the harbour. Bring a coat."
    long = DraftAnswer(
        text="\n\n".join(["Our walk along the harbour."] + ["A sentence about the sea and the quay."] * 12)
    )
    assert len(revised("x", findings=(Flaw(rule="length", message=""),), content=long).text) <= 280


def test_the_date_of_a_quoted_piece_is_not_taken_for_invented() -> None:
    before = draft(request("mastodon"), BY_WORDS)
    after = revised("mastodon", findings=(Flaw(rule="invented_date", message="", text="March"),), content=before)
    assert after.text == before.text


def test_a_quote_that_says_it_is_one_is_no_repetition_but_unmarked_reuse_is_replaced() -> None:
    before = draft(request("bluesky"), BY_WORDS)
    (quoted, *_) = [line.line for line in before.receipts if line.origin == "work"]
    flaw = Flaw(rule="repeats_past_work", message="", text=quoted)
    assert revised("bluesky", findings=(flaw,), content=before).text == before.text
    unmarked = DraftAnswer(text=f"Our walk along the harbour.\n\n{quoted}")
    after = revised("bluesky", findings=(flaw,), content=unmarked)
    assert quoted not in after.text
    assert "Our walk along the harbour." in after.text


def test_translation_needs_a_language_model_and_says_so() -> None:
    asked = LocalizeRequest(source_locale="en", target_locale="es", segments=("Hello.",))
    with pytest.raises(NeedsModel, match="from en to es needs a language model"):
        ask(open_model(ModelConfig()), "localize", asked, LocalizeAnswer, stage="localize")


def test_an_unknown_task_is_no_crash() -> None:
    model = open_model(ModelConfig())
    with pytest.raises(NeedsModel, match="does not know the task"):
        model.invoke('<request task="poem">\n{}\n</request>')
    assert not issubclass(NeedsModel, ModelFailed)
