"""The words are the same everywhere."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording import DONE, KEPT_WORDS, STATES, clock, place, shortened, told, wall_time, word_diff
from core.decisions import VERBS, Decision
from core.proposals import MARKS

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WORD = st.text(alphabet="abcé ø\n", min_size=0, max_size=30)


def test_every_state_and_every_verb_has_its_word() -> None:
    assert set(STATES) == set(MARKS)
    assert set(DONE) == set(VERBS)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 20, 8, 12, tzinfo=UTC), "09:12"),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "Sat 21 Nov, 00:30"),  # tomorrow already, in Oslo
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), "Wed 1 Jul, 10:00"),  # summer time
        (datetime(2027, 1, 4, 8, 0, tzinfo=UTC), "Mon 4 Jan 2027, 09:00"),
    ],
)
def test_says_a_time_as_people_there_say_it(moment: datetime, said: str) -> None:
    assert clock(moment, "Europe/Oslo", NOW) == said


def test_writes_a_time_with_its_day_even_today() -> None:
    assert wall_time(datetime(2026, 11, 20, 16, 30, tzinfo=UTC), "Europe/Oslo") == "Fri 20 Nov 17:30"


def test_says_who_did_what_and_when() -> None:
    decision = Decision(
        id="dec_1", workspace="w", proposal_id="p_1", stage="proposals", verb="approve", by="Ines", at=NOW, sha="0" * 64
    )
    assert told(decision, "Europe/Oslo", NOW) == "Ines approved this at 13:00"
    earlier = decision.model_copy(update={"at": datetime(2026, 11, 18, 8, 0, tzinfo=UTC), "by": "owner"})
    assert told(earlier, "Europe/Oslo", NOW) == "You approved this on Wed 18 Nov, 09:00"


def test_names_a_zone_as_people_do() -> None:
    assert [place(zone) for zone in ("UTC", "Europe/Oslo", "America/New_York")] == ["UTC", "Oslo time", "New York time"]


def test_shortens_after_a_word() -> None:
    assert shortened("a long line\nof words", 12) == "a long line…"
    assert shortened("short", 12) == "short"


def test_shows_what_changed_between_two_versions() -> None:
    parts = word_diff("we dive into the tide", "forty minutes with the tide")
    assert [part for part in parts if part[0] != "same"] == [
        ["del", "we"],
        ["ins", "forty"],
        ["del", "dive"],
        ["ins", "minutes"],
        ["del", "into"],
        ["ins", "with"],
    ]


def test_shows_only_a_few_words_around_a_change() -> None:
    long = "same " * 60
    kept = word_diff(f"{long}old {long}", f"{long}new {long}")
    assert [op for op, _ in kept] == ["same", "del", "ins", "same"]
    assert all(len(text.split()) <= 2 * KEPT_WORDS + 1 for op, text in kept if op == "same")


@given(old=WORD, new=WORD)
def test_a_difference_holds_both_versions_whole(old: str, new: str) -> None:
    parts = word_diff(old, new)
    assert "".join(text for op, text in parts if op != "ins") == old
    assert "".join(text for op, text in parts if op != "del") == new
