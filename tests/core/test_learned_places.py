"""What a rule of one's own would write, as spans: accepting them all gives what the rule gives a draft."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.assists import accepted, apart
from core.assists.learned import Held, learned_places
from core.edits.applying import applied
from core.edits.rules import Rule
from core.edits.traits import all_traits

SWAP, CUT = Rule(trait="words", old="users", new="folks"), Rule(trait="phrases", old="of course")
GREET = Rule(trait="first_line", new="Dear readers,")
TEXTS = (
    "Users wait, of course, at the pier.\n\nOf course the users came back.",
    "The users of Ferder.  \n\n\n\nWhat do you think?\n\n#fog #signal",
    "---\ntitle: Users\n---\n\nUsers said “users first” to the `users` table.\n",
    "Nobody came.",
)


def places(text: str, *rules: Rule, field: str = "text", locale: str = "en"):  # type: ignore[no-untyped-def]
    return apart(learned_places([Held(rule, "yours") for rule in rules], field, text, locale))


def test_words_are_replaced_where_they_are_ones_own_and_nothing_else_changes() -> None:
    found = places(TEXTS[2], SWAP)
    assert [(each.before, each.after, each.rule, each.why) for each in found] == [
        ("Users", "Folks", "your_rule", "yours")
    ]
    assert accepted({"text": TEXTS[2]}, found)["text"] == TEXTS[2].replace("\nUsers said", "\nFolks said")
    assert places(TEXTS[2], SWAP, field="title", locale="es") != ()
    assert places(TEXTS[3], SWAP, CUT) == ()


@pytest.mark.parametrize("text", [TEXTS[0], TEXTS[3], "We ask the users.\n\nUsers, of course, answer."])
@pytest.mark.parametrize("rule", [SWAP, CUT, GREET, Rule(trait="last_question"), Rule(trait="hashtags")])
def test_all_accepted_is_what_a_draft_would_become(text: str, rule: Rule) -> None:
    assert accepted({"text": text}, places(text, rule))["text"] == applied(text, [rule])[0]


def test_a_cut_of_whole_lines_leaves_no_gap_and_what_is_untidy_elsewhere_stays() -> None:
    found = places(TEXTS[1], SWAP)
    assert accepted({"text": TEXTS[1]}, found)["text"] == TEXTS[1].replace("users", "folks")
    assert places("Title\n", GREET, field="title") == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*TEXTS, "\n", "  ", "users", "of course, ", "🦊 ", "אב "]), max_size=6).map("".join))
def test_every_place_reads_what_it_says(text: str) -> None:
    rules = [SWAP, CUT, GREET, *(Rule(trait=each.name, new="2") for each in all_traits() if not each.late)]
    for each in places(text, *rules):
        assert text[each.start : each.end] == each.before != each.after
