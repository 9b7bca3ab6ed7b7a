"""A person who takes their consent back: no work that names them is written by any more, wherever works are used."""

import json
from pathlib import Path

import pytest

from app.studio import Studio
from core.dialogue import Said
from core.errors import WrongUse
from core.works import Piece, Work
from memory.export.fine_tuning import write_pairs
from memory.naming import naming
from tools.tag import own_tags

FERRY = "The small ferry, its timetable and the kiosk"


def work(studio: Studio, start: str) -> Work:
    return next(each for each in studio.works() if each.body.startswith(start) or each.title.startswith(start))


def say(studio: Studio, subject: str, *, granted: bool = False) -> None:
    studio.memory.consents.say(studio.workspace.id, subject, granted=granted, by="owner")


def found(studio: Studio, about: str) -> set[str]:
    return {each.work_id for each in studio.memory.recall(studio.workspace.id, about, k=25)}


def remember(studio: Studio, **fields: object) -> Work:
    piece = Piece.model_validate({"source": "extra.md", "body": "The kiosk sold coffee. " * 8} | fields)
    studio.memory.works.remember(studio.workspace.id, [piece])
    made = studio.memory.works.by_source(studio.workspace.id, piece.source)
    assert made is not None
    return made


def test_recall_leaves_out_what_names_them_until_they_grant_it_again(studio: Studio) -> None:
    ferry = next(each for each in studio.works() if "Olav" in each.body)
    assert ferry.id in found(studio, FERRY)
    say(studio, "person:OLAV")
    assert found(studio, FERRY) == {each.id for each in studio.works() if "Olav" not in each.body}
    say(studio, "person:Olav", granted=True)
    assert ferry.id in found(studio, FERRY)


@pytest.mark.parametrize(
    "fields",
    [{"authors": ("Olav Nes",)}, {"extra": {"speakers": ["Ines", "Olav Nes"]}}, {"tags": ("olav nes",)},
     {"title": "Olav Nes’s kiosk"}, {"excerpt": "By O\u00adlav\nNes."}],
    ids=["author", "speaker", "tag", "title", "excerpt"],
)  # fmt: skip
def test_wherever_they_are_named(studio: Studio, fields: dict[str, object]) -> None:
    made = remember(studio, **fields)
    assert made.id in found(studio, FERRY)
    say(studio, "person:Olav Nes")
    assert made.id not in found(studio, FERRY)
    assert found(studio, FERRY)  # "Olav" alone may be somebody else


def test_a_work_that_changes_or_comes_later_is_read_again(studio: Studio) -> None:
    say(studio, "person:Olav Nes")
    made = remember(studio)
    assert made.id in found(studio, FERRY)
    remember(studio, body="Olav Nes sold the coffee. " * 8)
    assert made.id not in found(studio, FERRY)
    remember(studio)
    assert made.id in found(studio, FERRY)
    with studio.memory._database.read() as conn:
        assert naming(conn, "other", ["Olav"]) == frozenset()


def test_no_draft_tag_profile_or_example_comes_from_them(studio: Studio, tmp_path: Path) -> None:
    ines = studio.workspace
    made = remember(studio, title="The kiosk", tags=("kiosk coffee",), body="Olav Nes sold kiosk coffee. " * 30)
    before = studio.memory.voice.profile(ines.id)
    assert "kiosk coffee" in [each.tag for each in own_tags(studio.crew.context, ines.id, "Of kiosk coffee")]
    say(studio, "person:Olav")
    assert "kiosk coffee" not in [each.tag for each in own_tags(studio.crew.context, ines.id, "Of kiosk coffee")]
    assert studio.memory.voice.profile(ines.id).words < before.words
    pairs = write_pairs(studio.memory, ines, tmp_path / "pairs.jsonl", mine=True)
    assert pairs.left_out == {"texts that name somebody whose consent was revoked": 2}
    assert "Olav" not in (tmp_path / "pairs.jsonl").read_text(encoding="utf-8")
    (proposal,) = studio.start("Tell of the kiosk and its coffee", channels=["site"]).proposals
    plan = studio.memory.briefs.plan(proposal.brief_id)
    assert plan and made.id not in [each.work_id for each in plan.recalled]
    assert made.id not in [receipt.work_id for receipt in proposal.receipts]


def test_nothing_is_started_from_a_work_that_may_not_be_used(studio: Studio) -> None:
    ferry = next(each for each in studio.works() if "Olav" in each.body)
    say(studio, "person:Olav")
    with pytest.raises(WrongUse, match="may not be used"):
        studio.start("Tell this again", from_=ferry.id, channels=["site"])
    assert studio.memory.briefs.list(studio.workspace.id) == []


def test_tags_of_a_revoked_work_are_no_vocabulary(studio: Studio) -> None:
    made = remember(studio, tags=("kiosk coffee",))
    say(studio, f"work:{made.id}")
    assert "kiosk coffee" not in [
        each.tag for each in own_tags(studio.crew.context, studio.workspace.id, "Kiosk coffee.")
    ]


def test_what_was_said_of_them_is_not_recalled(studio: Studio) -> None:
    ines, turns = studio.workspace.id, studio.memory.dialogue
    for number, text in enumerate(("Olav Nes sells the best coffee.", "The kiosk opens at six.")):
        said = {"source": f"t{number}", "thread": "t", "speaker": "Ines", "text": text, "said_at": studio.clock()}
        turns.remember(ines, [Said.model_validate(said)])
    say(studio, "person:Olav Nes")
    told = json.dumps([each.model_dump(mode="json") for each in turns.recall(ines, "Who sells coffee at the kiosk?")])
    assert "six" in told and "Olav" not in told
