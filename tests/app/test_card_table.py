"""What a card shows, and what its buttons do: on a real studio under the rehearsal model."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import card_table
from app.card_table import SHOWN, CardTable
from app.preview import preview
from app.studio import Studio
from core.proposals import MARKS, Proposal
from tests.conftest import Clock
from tests.making import ASK, CHANNELS, make_studio, sat_down_at


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cards")


@pytest.fixture(scope="module")
def studio(home: Path) -> Iterator[Studio]:
    made = make_studio(home, Clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC)))
    yield made
    made.close()


@pytest.fixture
def later(studio: Studio) -> Iterator[Clock]:
    """A quarter of an hour passes."""
    clock = studio.clock
    assert isinstance(clock, Clock)
    before, clock.now = clock.now, clock.now + timedelta(minutes=15)
    yield clock
    clock.now = before


@pytest.fixture
def table(studio: Studio) -> CardTable:
    return CardTable(studio)


@pytest.fixture
def drafts(studio: Studio) -> dict[str, Proposal]:
    return {each.channel: each for each in studio.start(ASK, channels=CHANNELS).proposals}


def press(table: CardTable, proposal: Proposal, verb: str, **more: Any) -> Any:
    return table.decide({"id": proposal.id, "sha": proposal.sha, "verb": verb, **more})


def shown(table: CardTable, proposal: Proposal) -> dict[str, Any]:
    return table.cards([table.latest(proposal.id)])[0]


def test_a_card_says_all_that_a_decision_needs(table: CardTable, drafts: dict[str, Proposal]) -> None:
    card = shown(table, drafts["bluesky"])
    assert card["state"] == {"name": "waiting", "colour": "amber", "shape": "triangle", "word": "waits for you"}
    assert card["preview"]["text"] == drafts["bluesky"].payload["text"]
    assert [(m["limit"], m["unit"], m["over"]) for m in card["meters"]] == [
        ("300", "graphemes", False),
        ("3,000", "bytes", False),
    ]
    assert card["provenance"] == "rehearsal: assembled from your own words, no language model"
    assert card["sha"].startswith(card["short_sha"])
    assert ASK[:40] in card["sub"]
    assert card["open"]
    assert card["receipts"][0]["source"].endswith(("2024", "2025"))
    assert (card["outcome"], card["undo"], card["url"], card["changed"]) == ("", None, None, None)


def test_letters_and_pages_show_their_fields(table: CardTable, drafts: dict[str, Proposal]) -> None:
    letter, page = (shown(table, drafts[name])["preview"] for name in ("newsletter", "site"))
    assert [name for name, _ in letter["fields"]] == ["Subject", "Preview"]
    assert page["title"] == drafts["site"].payload["title"]
    assert page["page"] == f"/preview/{drafts['site'].id}/"


def test_approving_twice_says_who_was_first(table: CardTable, drafts: dict[str, Proposal]) -> None:
    first, second = (press(table, drafts["x"], "approve") for _ in range(2))
    assert (first.done, second.done) == (True, False)
    assert second.said == "You approved this at 13:00. Your click changed nothing."
    assert shown(table, drafts["x"])["outcome"].startswith("You approved this at 13:00.")


def test_names_another_person(table: CardTable, studio: Studio, drafts: dict[str, Proposal]) -> None:
    sat_down_at(studio, "Ines").decide(drafts["x"].id, "reject", drafts["x"].sha, note="too early")
    assert press(table, drafts["x"], "approve").said == "Ines rejected this at 13:00. Your click changed nothing."
    card = shown(table, drafts["x"])
    assert card["outcome"] == "Ines rejected this at 13:00: “too early”. It will not be sent."
    assert card["state"]["shape"] == "octagon"


def test_another_hash_decides_nothing(table: CardTable, drafts: dict[str, Proposal]) -> None:
    reply = table.decide({"id": drafts["x"].id, "sha": "0" * 64, "verb": "approve"})
    assert not reply.done
    assert reply.said.startswith("This has changed since you saw it.")
    assert shown(table, drafts["x"])["state"]["name"] == "waiting"


def test_an_edit_lies_in_the_place_of_what_it_edits(table: CardTable, drafts: dict[str, Proposal]) -> None:
    old = drafts["bluesky"]
    document = table.document({"id": old.id}).document
    assert document
    reply = press(table, old, "edit", body=document.replace(document.split()[0], "Kelp", 1))
    new = table.latest(old.id)
    card = shown(table, old)
    assert reply.done
    assert new.id != old.id
    assert table.place(new) == table.place(old) == old.id
    assert card["id"] == new.id
    assert card["state"]["name"] == "waiting"  # an edit is no approval
    assert card["provenance"] == "rehearsal: assembled from your own words, no language model; edited by you"
    assert card["changed"]["words"] == "Since the version before:"
    assert ["ins", "Kelp"] in card["changed"]["parts"]


def test_a_click_on_the_old_version_brings_the_new_one(table: CardTable, drafts: dict[str, Proposal]) -> None:
    old = drafts["mastodon"]
    press(table, old, "edit", body="Kelp, by weight.")
    late = press(table, old, "approve")
    assert not late.done
    assert late.said == "You edited this at 13:00. Your click changed nothing."
    assert late.touched == table.latest(old.id).id


def test_asking_for_changes_without_saying_which_decides_nothing(table: CardTable, drafts: dict[str, Proposal]) -> None:
    reply = press(table, drafts["x"], "changes", note="  ")
    assert not reply.done
    assert "note" in reply.said
    assert shown(table, drafts["x"])["open"]


def test_undo_is_offered_while_it_is_possible(table: CardTable, studio: Studio, drafts: dict[str, Proposal]) -> None:
    press(table, drafts["site"], "approve")
    undo = shown(table, drafts["site"])["undo"]
    assert table.undo({"id": drafts["site"].id, "decision": undo}).said == "Taken back. It waits for you again."
    assert shown(table, drafts["site"])["state"]["name"] == "waiting"
    press(table, drafts["site"], "approve")
    studio.publish_due()
    live = shown(table, drafts["site"])
    assert (live["state"]["name"], live["undo"]) == ("live", None)
    assert live["url"] == f"/site/{drafts['site'].payload['path'].removesuffix('index.html')}"


def test_an_approved_channel_without_a_sender_is_kept_and_says_so(
    table: CardTable, studio: Studio, drafts: dict[str, Proposal]
) -> None:
    press(table, drafts["linkedin"], "approve")
    studio.publish_due()
    card = shown(table, drafts["linkedin"])
    assert card["state"]["name"] == "approved"
    assert card["outcome"].endswith("LinkedIn is not connected yet: this text is kept for you to copy.")
    assert "`" not in card["outcome"]
    assert card["copy"] == drafts["linkedin"].text


def test_a_card_promises_to_send_only_what_can_be_sent(table: CardTable, drafts: dict[str, Proposal]) -> None:
    said = {name: shown(table, each)["when"] for name, each in drafts.items()}
    exact = {name: shown(table, each)["exact"] for name, each in drafts.items()}
    assert said["site"].startswith("Goes out as soon as you approve it.")
    assert exact["site"] == "exactly what will be sent"
    for name in set(CHANNELS) - {"site"}:
        assert " is not connected yet: approving keeps exactly this text for you to copy." in said[name]
        assert f"goes out by itself if you connect the account (greenroom channels add {name})" in said[name]
        assert exact[name] == "exactly what is kept for you to copy"
    assert {shown(table, each)["copy"] for each in drafts.values()} == {None}  # nothing is approved yet


def test_a_card_of_a_connected_account_promises_to_send(table: CardTable, drafts: dict[str, Proposal]) -> None:
    made = drafts["bluesky"]
    table.studio.memory.connections.add(made.workspace, "bluesky", made.account, settings={}, by="owner")
    card = shown(table, made)
    assert (card["exact"], card["when"][:35]) == ("exactly what will be sent", "Goes out as soon as you approve it.")
    table.studio.memory.connections.disconnect(made.workspace, "bluesky", made.account, "the password was refused")
    assert shown(table, made)["exact"] == "exactly what is kept for you to copy"


def test_a_good_time_is_named_as_such(table: CardTable, drafts: dict[str, Proposal]) -> None:
    at = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    reason = "Fri 20 Nov 17:30 (Europe/Oslo) is the next free default slot for Site; defaults are not measured."
    timed = drafts["site"].model_copy(update={"suggested_at": at, "suggested_reason": reason})
    assert table.cards([timed])[0]["when"] == (
        "Goes out as soon as you approve it. A good time would be Fri 20 Nov 17:30 (default slot, not measured)."
    )


def test_letters_and_pages_are_shown_rendered_and_nothing_in_them_runs(
    table: CardTable, drafts: dict[str, Proposal]
) -> None:
    text = "## Kelp\n\n*Salt* [out](https://example.org) [no](javascript:run) <script>run()</script>"
    html = table.cards([drafts["newsletter"].model_copy(update={"text": text})])[0]["preview"]["html"]
    assert "<h2>Kelp</h2>" in html
    assert '<a target="_blank" rel="noreferrer" href="https://example.org">' in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert shown(table, drafts["bluesky"])["preview"]["html"] is None


def test_a_held_draft_can_still_be_decided(table: CardTable, drafts: dict[str, Proposal]) -> None:
    press(table, drafts["x"], "hold")
    held = shown(table, drafts["x"])
    assert (held["state"]["name"], held["state"]["colour"], held["open"]) == ("held", "blue", True)
    assert held["outcome"].startswith("You put this on hold at 13:00")


@pytest.mark.parametrize("asked", [{}, {"id": None}, {"id": "p_nobody", "sha": 1, "verb": []}, {"id": ["x"]}])
def test_nonsense_from_a_page_is_answered_in_words(table: CardTable, asked: dict[str, Any]) -> None:
    for answer in (table.decide(asked), table.undo(asked), table.document(asked)):
        assert not answer.done
        assert answer.said


def test_a_stamp_changes_with_all_that_a_card_shows(
    table: CardTable, studio: Studio, drafts: dict[str, Proposal]
) -> None:
    site = drafts["site"]
    seen = [table.stamps([site.id])]
    for step in (lambda: press(table, site, "hold"), lambda: press(table, site, "approve"), studio.publish_due):
        step()
        seen.append(table.stamps([site.id]))
    assert len({tuple(stamp[site.id]) for stamp in seen}) == 4


def test_a_new_page_lays_out_the_newest_brief_first(
    table: CardTable, studio: Studio, later: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_table, "MOST", 1000)
    newest = studio.start("Announce the kelp letter", channels=CHANNELS).proposals
    said, laid = table.waiting()
    waiting = len(studio.pending())
    assert said.startswith(f"## {waiting} drafts wait for you")
    assert {each.id for each in laid} == {each.id for each in newest}
    assert waiting > len(laid) == SHOWN
    assert f"the other {waiting - SHOWN}" in said


def test_starters_come_from_the_workspaces_own_state(table: CardTable, studio: Studio) -> None:
    labels = [label for label, _ in table.starters()]
    assert labels[-2:] == ["Turn “Kelp, by weight” into posts", "What did I say about harbours?"]
    waiting = len(studio.pending())
    assert labels[0] == f"{waiting} drafts wait for you" or waiting == 0


def test_approved_angles_bring_their_drafts(table: CardTable, studio: Studio) -> None:
    [angles] = studio.start(ASK, channels=["x", "site"], stop_at="angles").proposals
    card = shown(table, angles)
    assert (card["title"], card["meters"]) == ("Angles", [])
    assert card["when"] == "Approving goes on with these angles; nothing is sent yet."
    reply = press(table, angles, "approve")
    assert reply.done
    assert {each.channel for each in reply.made} == {"x", "site"}
    assert shown(table, angles)["state"]["name"] == "approved"


def test_every_state_of_a_proposal_has_colour_shape_and_word(table: CardTable, drafts: dict[str, Proposal]) -> None:
    for state, (colour, shape, _) in MARKS.items():
        card = table.cards([drafts["x"].model_copy(update={"state": state})])[0]
        assert (card["state"]["colour"], card["state"]["shape"]) == (colour, shape)
        assert card["state"]["word"]


def test_a_preview_is_the_very_document_that_would_be_sent(studio: Studio, drafts: dict[str, Proposal]) -> None:
    site, letter = drafts["site"], drafts["newsletter"]
    folder = site.payload["path"].removesuffix("index.html")
    assert preview(studio, site.id, "").headers["location"] == f"/preview/{site.id}/{folder}"
    assert preview(studio, site.id, folder).body == site.payload["page"].encode()
    assert preview(studio, letter.id, "").body == letter.payload["html"].encode()
    assert preview(studio, site.id, "assets/site.css").status_code == 200


@pytest.mark.parametrize(
    "rest", ["assets/../page.py", "assets/../../../pyproject.toml", "feed.xml", "assets", "posts/"]
)
def test_a_preview_shows_no_other_file(studio: Studio, drafts: dict[str, Proposal], rest: str) -> None:
    assert preview(studio, drafts["site"].id, rest).status_code == 404
    assert preview(studio, "p_nobody", rest).status_code == 404
