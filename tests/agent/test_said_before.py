"""You said this in March: any past work, not only those that were recalled, and how it did."""

from pathlib import Path

from app.studio import Studio
from core.outcomes import Measured
from core.proposals import Proposal
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


OWN = (
    "The kelp harvest starts in May, and the guide to it is out. It says where to cut, how much to leave and whom to "
    "ask. Nobody who has cut kelp before needs it, and everybody who has not should read it twice before they take a "
    "knife."
)


def went_out(studio: Studio, ask: str) -> Proposal:
    """Take a post all the way out on the own site, and say how it did."""
    (drafted,) = studio.start(ask, channels=["site"]).proposals
    body = f"---\ntitle: The guide\n---\n\n{OWN}\n"
    made = studio.decide(drafted.id, "edit", drafted.sha, body=body, by="owner").new_proposal
    assert made is not None
    shown = studio.show(made.id)
    studio.decide(shown.id, "approve", shown.sha, by="owner")
    studio.publish_due()
    (row,) = [each for each in studio.publications() if each.proposal_id == shown.id]
    assert row.state == "published"
    figure = {"publication_id": row.id, "metric": "views", "value": 40, "measured_at": studio.clock(), "source": "site"}
    studio.memory.outcomes.take(studio.workspace.id, [Measured.model_validate(figure)], by="owner")
    return shown


def of_posts(studio: Studio, text: str) -> list[str]:
    return [message for _, message in said(studio, text) if message.startswith("You published this")]


def test_what_went_out_from_here_is_told_too(studio: Studio) -> None:
    shown = went_out(studio, "Announce our new guide to the kelp harvest")
    part = " ".join(OWN.split()[4:40])
    (message,) = of_posts(studio, part)
    assert message.startswith("You published this on Own site in November 2026, in “")
    assert "100% of this stands there in the same words. It did: 40 views (site)." in message
    assert of_posts(studio, NEW * 3) == []
    assert part in shown.text


def test_what_went_out_for_the_same_brief_is_meant_to_say_the_same(studio: Studio) -> None:
    shown = went_out(studio, "Announce our new guide to the kelp harvest")
    repeats, space = studio.memory.repeats, studio.workspace.id
    assert [past.place for past in repeats.suspects(space, shown.text).past if past.place] == [" on Own site"]
    same = repeats.suspects(space, shown.text, brief_id=shown.brief_id)
    assert not [past for past in same.past if past.place]
    (row,) = studio.publications()
    assert not [past for past in repeats.suspects(space, shown.text, besides=(row.id,)).past if past.place]
    assert repeats.suspects("other", shown.text).past == ()


def test_a_post_that_is_among_the_works_by_now_is_told_once(studio: Studio) -> None:
    shown = went_out(studio, "Announce our new guide to the kelp harvest")
    (row,) = studio.publications()
    piece = Piece(source="own", title="The guide", body=shown.text, url=row.url)
    studio.memory.works.remember(studio.workspace.id, [piece])
    assert of_posts(studio, shown.text) == []
    assert [message for _, message in said(studio, shown.text) if "“The guide”" in message]
