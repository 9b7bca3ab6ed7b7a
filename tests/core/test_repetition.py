from datetime import UTC, datetime

from core.drafts import Finding
from core.repetition import Past, compare, findings, grams_of, windows

OLD = "We write for people who are busy. Short sentences help everyone, and plain words cost nothing at all."
OTHER = "The ferry leaves at nine from the small harbour behind the old cannery, every day but Sunday."


def test_a_text_repeated_word_for_word_is_a_warning_that_names_the_piece() -> None:
    text = "New! " + OLD.upper() + " https://example.org #Plain"
    busy = Past("w1", "Busy people", OLD, datetime(2024, 3, 1, tzinfo=UTC), "1,204 views, 212 likes")
    assert findings(text, [busy, Past("w2", "Ferry", OTHER)]) == (
        Finding(
            rule="repeats_past_work",
            severity="warning",
            message="You said this in March 2024, in “Busy people”: 94% of this stands there in the same words. "
            "It did: 1,204 views, 212 likes.",
            span=(5, 5 + len(OLD) - 1),
        ),
    )


def test_less_than_half_is_a_note_and_less_than_a_quarter_is_nothing() -> None:
    new = "Today I rode my bicycle along the river and counted nine herons on the way, which is more than last year."
    quoted = "We write for people who are busy. Short sentences help everyone"
    (finding,) = findings(f"{new} {quoted}", [Past("w1", "Busy people", OLD)])
    assert finding.severity == "note"
    assert finding.span is not None
    assert f"{new} {quoted}"[slice(*finding.span)] == quoted
    assert findings(new + " We write for people", [Past("w1", "Busy people", OLD)]) == ()


def test_the_most_repeated_piece_comes_first() -> None:
    text = OLD + " " + " ".join(OTHER.split()[:12])
    assert [overlap.work_id for overlap in compare(text, [Past("w2", "Ferry", OTHER), Past("w1", "Busy", OLD)])] == [
        "w1",
        "w2",
    ]


def test_a_few_words_are_too_little_to_judge() -> None:
    assert compare("We write for people who are busy.", [Past("w1", "Busy people", OLD)]) == []


def test_a_paragraph_in_a_long_text_is_named_by_its_words_in_a_row() -> None:
    new = " ".join(f"word{number} and number{number}" for number in range(60))
    (finding,) = findings(f"{new}. {OTHER}", [Past("w2", "Ferry", OTHER)])
    assert (finding.severity, finding.message) == (
        "note",
        "You said this, in “Ferry”: 17 words in a row stand there.",
    )


def test_a_sign_off_that_stands_in_many_pieces_is_no_repetition_but_versions_of_one_piece_are_one() -> None:
    off = "Thank you for reading, and see you at the harbour next week when the ferry comes in again."
    letters = [Past(f"w{n}", f"Letter {n}", f"Something else {n}. {off}") for n in range(5)]
    assert findings(off, letters) == ()
    versions = [letter._replace(family="w0") for letter in letters]
    assert len(findings(off, versions)) == 1
    assert findings(off, letters[:1], usual=frozenset(gram for run in windows(off) for gram in grams_of(run))) == ()


def test_common_phrases_here_and_there_are_no_repetition() -> None:
    draft = "At the end of the day one of the most useful tools is the one that you have at hand"
    old = "At the end of the story, one of the most stubborn dogs took the one that you like. It was at hand."
    assert findings(draft, [Past("w1", "Dogs", old)]) == ()
