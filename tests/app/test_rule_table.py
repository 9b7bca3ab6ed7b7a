"""Cards of learned rules: what they show of the edits behind them, and that a word counts only for what was shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.rule_table import RuleTable
from app.studio import Studio
from tests.app.test_preferences import drafted, edit
from tests.conftest import Clock
from tests.making import make_studio, sat_down_at

MARK = {"name": "candidate", "colour": "amber", "shape": "triangle", "word": "waits for your word"}


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock, letters=False)
    for number in range(2):
        edit(made, drafted(made, number))
    yield made
    made.close()


@pytest.fixture
def table(studio: Studio) -> RuleTable:
    return RuleTable(studio)


def asking(table: RuleTable) -> dict[str, Any]:
    [rule] = [each for each in table.waiting()[1] if each.old == "users"]
    return table.cards([rule])[0]


def word(table: RuleTable, card: dict[str, Any], said: str) -> Any:
    return table.say({"id": card["id"], "stamp": card["stamp"], "word": said})


def now(table: RuleTable, card: dict[str, Any]) -> dict[str, Any]:
    return table.cards([table.latest(card["id"])])[0]


def test_a_card_shows_the_edits_that_it_was_learned_from(table: RuleTable) -> None:
    card = asking(table)
    assert card["title"] == "Keep to “folks” rather than “users”?"
    assert (card["sub"], card["state"]) == ("Learned from your edits of 20 November", MARK)
    assert (card["open"], card["undo"], card["outcome"], card["more"]) == (True, False, "", "")
    assert len(card["edits"]) == 2
    for shown in card["edits"]:
        assert shown["when"].startswith("LinkedIn, ")
        assert {tuple(part) for part in shown["parts"]} >= {("del", "Users"), ("ins", "Folks")}


def test_each_word_is_one_step_and_can_be_taken_back(table: RuleTable) -> None:
    card = asking(table)
    assert word(table, card, "accept").as_json() == {"said": "", "done": True}
    kept = now(table, card)
    assert (kept["state"]["name"], kept["open"], kept["undo"]) == ("active", False, True)
    assert kept["outcome"].startswith("You said so at ")
    assert word(table, kept, "undo").done
    assert now(table, card)["open"]
    assert word(table, now(table, card), "reject").done
    dropped = now(table, card)
    assert (dropped["state"]["name"], dropped["title"]) == ("rejected", "“folks” rather than “users”")
    assert dropped["outcome"].endswith("No edit brings it back, only your own word.")
    assert all(each.id != card["id"] for each in table.waiting()[1])


def test_of_two_people_at_once_the_first_word_counts_and_the_other_is_told(studio: Studio, table: RuleTable) -> None:
    card = asking(table)
    other = RuleTable(sat_down_at(studio, "Ines"))
    assert word(other, card, "reject").done
    late = word(table, card, "accept")
    assert (late.done, late.touched) == (False, card["id"])
    assert late.said.startswith("This rule stands otherwise since you saw it.")
    assert now(table, card)["outcome"].startswith("Ines dropped it at ")
    entries = [each for each in studio.memory.ledger.entries() if each.kind == "preference"]
    assert [each.payload["word"] for each in entries] == ["reject"]


def test_a_change_request_is_shown_in_its_own_words_and_no_other_workspaces_rule_is(
    studio: Studio, table: RuleTable
) -> None:
    proposal = drafted(studio, 2)
    studio.decide(proposal.id, "changes", proposal.sha, note="no emoji")
    notes = [each["note"] for rule in table.waiting()[1] for each in table.cards([rule])[0]["edits"] if each["note"]]
    assert notes == ["no emoji"]
    assert not word(table, {"id": "pref_000000000000", "stamp": "candidate:0"}, "accept").done


def test_what_a_card_must_show_anew_changes_its_stamp(studio: Studio, table: RuleTable) -> None:
    card = asking(table)
    before = table.stamps([card["id"]])
    edit(studio, drafted(studio, 2))  # the third edit: it holds by itself
    assert table.stamps([card["id"]]) != before
    kept = now(table, card)
    assert (kept["state"]["name"], kept["undo"], len(kept["edits"])) == ("active", False, 3)
    assert not word(table, card, "accept").done  # it was asked about as a candidate
