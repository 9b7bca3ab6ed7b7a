"""What the edit of a title or subject shows: its own habits and those of words and marks, nothing of a text's shape."""

import pytest

from core.edits.lessons import lesson_of, together
from core.edits.rules import Rule

SHOWN = [
    ("headline_sentence_case", "Where The Tide Tables Went To", "Where the tide tables went to"),
    ("headline_title_case", "Where the tide tables finally went", "Where The Tide Tables Finally Went"),
    ("headline_shorter", "A new guide to the kelp harvest is finally out", "A new guide to the kelp harvest"),
    ("headline_no_question", "Who owns the tide tables?", "The tide tables and their owner"),
    ("headline_question", "The owner of the tide tables", "Who is the owner of the tide tables?"),
    ("headline_no_stop", "The fog signal is back.", "The fog signal is back"),
    ("exclamations", "The fog signal is back!", "The fog signal is back."),
    ("emoji", "The fog signal is back 🎉", "The fog signal is back"),
    ("british", "The color of the harbor", "The colour of the harbour"),
]


def voices(before: str, after: str, *, headline: bool = True) -> dict[str, str]:
    return {seen.rule.trait: seen.voice for seen in lesson_of(before, after, headline=headline)}


@pytest.mark.parametrize(("trait", "before", "after"), SHOWN, ids=[row[0] for row in SHOWN])
def test_a_habit_of_headlines_is_seen_in_its_own_direction(trait: str, before: str, after: str) -> None:
    assert voices(before, after).get(trait) == "for"
    assert voices(after, before).get(trait) != "for"
    assert voices(before, before) == {}


def test_another_headline_altogether_teaches_neither_case_nor_length() -> None:
    found = voices("Where The Tide Tables Went To", "Coffee at the old kiosk")
    assert not {"headline_sentence_case", "headline_shorter"} & set(found)
    assert "headline_sentence_case" not in voices("A Guide", "A guide")  # too short to tell


def test_what_is_left_as_it_was_speaks_against() -> None:
    found = voices("Where The Tide Tables Went To Rest", "Where The Tide Tables Came To Rest")
    assert (found["headline_sentence_case"], found["headline_shorter"]) == ("against", "against")
    assert voices("Who owns the tide tables?", "Who owns the old tables?")["headline_no_question"] == "against"


def test_a_text_shows_nothing_of_headlines_and_a_headline_nothing_of_texts() -> None:
    for trait, before, after in SHOWN:
        if trait.startswith("headline"):
            assert trait not in voices(before, after, headline=False)
    found = voices("It is open. It is open at last. Come in.", "It is open.")
    assert not {"short_opening", "opening_alone", "paragraphs", "shorter"} & set(found)


def test_of_one_edits_parts_the_text_is_heard_first() -> None:
    text = lesson_of("It is open! Come in!", "It is open. Come in.")
    title = lesson_of("The door is open! At last", "The door is open! At long last", headline=True)
    rule = Rule(trait="exclamations")
    assert [seen.voice for seen in title if seen.rule == rule] == ["against"]
    assert [seen.voice for seen in together((text, title)) if seen.rule == rule] == ["for"]
