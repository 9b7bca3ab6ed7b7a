from core.drafts import Finding
from core.repetition import compare, findings

OLD = "We write for people who are busy. Short sentences help everyone, and plain words cost nothing at all."
OTHER = "The ferry leaves at nine from the small harbour behind the old cannery, every day but Sunday."


def test_a_text_repeated_word_for_word_is_a_warning_that_names_the_piece() -> None:
    text = "New! " + OLD.upper() + " https://example.org #Plain"
    assert findings(text, [("w1", "Busy people", OLD), ("w2", "Ferry", OTHER)]) == (
        Finding(
            rule="repeats_past_work",
            severity="warning",
            message="94% of this stands in “Busy people” in the same words.",
            span=(5, 5 + len(OLD) - 1),
        ),
    )


def test_less_than_half_is_a_note_and_less_than_a_quarter_is_nothing() -> None:
    new = "Today I rode my bicycle along the river and counted nine herons on the way, which is more than last year."
    quoted = "We write for people who are busy. Short sentences help everyone"
    (finding,) = findings(f"{new} {quoted}", [("w1", "Busy people", OLD)])
    assert finding.severity == "note"
    assert finding.span is not None
    assert f"{new} {quoted}"[slice(*finding.span)] == quoted
    assert findings(new + " We write for people", [("w1", "Busy people", OLD)]) == ()


def test_the_most_repeated_piece_comes_first() -> None:
    text = OLD + " " + " ".join(OTHER.split()[:12])
    assert [overlap.work_id for overlap in compare(text, [("w2", "Ferry", OTHER), ("w1", "Busy", OLD)])] == ["w1", "w2"]


def test_a_few_words_are_too_little_to_judge() -> None:
    assert compare("We write for people who are busy.", [("w1", "Busy people", OLD)]) == []
