"""You said this in March: any past work, not only those that were recalled, and how it did."""

from pathlib import Path

from app.studio import Studio
from core.outcomes import Measured
from core.works import Piece
from tests.making import LETTERS

TIN = LETTERS["2024-03-01-tide-tables.md"][2].partition("\n\n")[0]
NEW = "The county has a new ferry now. It is quiet, and it smells of paint. "


def said(studio: Studio, text: str) -> list[tuple[str, str]]:
    return [(f.severity, f.message) for f in studio.check(text, "site") if f.rule == "repeats_past_work"]


def test_a_text_is_told_which_piece_it_repeats_how_much_and_how_that_did(studio: Studio) -> None:
    work = next(work for work in studio.works() if work.title == "Who owns the tide tables")
    figure = {"work_id": work.id, "metric": "likes", "value": 212, "measured_at": studio.clock(), "source": "mastodon"}
    studio.memory.outcomes.take(studio.workspace.id, [Measured.model_validate(figure)], by="owner")
    assert said(studio, TIN) == [
        (
            "warning",
            "You said this in March 2024, in “Who owns the tide tables”: 100% of this stands there in the same words. "
            "It did: 212 likes (mastodon).",
        )
    ]
    assert [severity for severity, _ in said(studio, NEW * 2 + TIN)] == ["warning"]
    assert said(studio, NEW * 3) == []


def test_a_quote_that_is_marked_as_one_is_no_repetition(studio: Studio) -> None:
    assert said(studio, f"{NEW}\n\n> {TIN}") == []
    assert said(studio, f"{NEW} “{TIN}”") == []


def test_no_repetition_is_found_in_another_workspace_or_in_what_may_not_be_used(studio: Studio) -> None:
    from core.works import Workspace

    studio.memory.workspaces.add(Workspace(id="other", name="Other", created_at=studio.clock()))
    assert studio.memory.repeats.suspects("other", TIN).past == ()
    work = next(work for work in studio.works() if work.title == "Who owns the tide tables")
    studio.memory.consents.say(studio.workspace.id, f"work:{work.id}", granted=False, by="owner")
    assert said(studio, TIN) == []


def test_a_piece_told_anew_on_purpose_does_not_repeat_itself(studio: Studio, tmp_path: Path) -> None:
    work = next(work for work in studio.works() if work.title == "Who owns the tide tables")
    copy = work.body.replace("biscuit tin", "tea tin")
    studio.memory.works.remember(studio.workspace.id, [Piece(source="copy", title="Its copy", body=copy)])
    file = tmp_path / "material.md"
    file.write_text(work.body, encoding="utf-8")
    for source in (work.id, str(file)):
        (proposal,) = studio.start("Tell this again", from_=source, channels=["site"]).proposals
        assert not [f for f in proposal.findings if "tide tables" in f.message or "Its copy" in f.message]
