"""What no translator may touch comes back as it was, whatever the engine did to its mark."""

import random

import pytest

from core.protecting import joined, pieces, protect, restored

WORDS = ("tin", "tide", "at", "the", "harbour,", "rusted.", "¿dónde?", "缶", "2024", "— so")
KEPT = (
    "https://coast.example/a?b=1", "@ines@coast.example", "#tides", "{name}", "%s", "🌊", "`code x`", "Ferder", "ZXQ0X",
    "coast.org", "ines@coast.example", "%(count)d",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_an_honest_engine_and_one_that_works_piece_by_piece_bring_everything_back(seed: int) -> None:
    random_ = random.Random(seed)
    text = " ".join(random_.choice(random_.choice((WORDS, KEPT))) for _ in range(random_.randint(1, 14)))
    guarded = protect(text, ["Ferder"])
    assert restored(guarded.text, guarded) == text
    assert joined(pieces(guarded), guarded) == text
    for kept in KEPT:
        assert kept not in guarded.text or kept == "ZXQ0X"


def test_a_mark_that_an_engine_spaced_or_wrote_wide_is_known_again() -> None:
    guarded = protect("See {name} now")
    assert restored("Ve zxq 0 x ya", guarded) == "Ve {name} ya"


@pytest.mark.parametrize("said", ["Ve ya", "Ve ZXQ0X ZXQ0X ya", "Ve ZXQ1X ya", "Ve ZXQ0X ZXQ7X"])
def test_a_mark_that_was_lost_doubled_or_made_up_is_no_translation(said: str) -> None:
    assert restored(said, protect("See {name} now")) is None


def test_a_term_is_kept_whole_words_only_and_a_name_by_its_capitals() -> None:
    assert protect("Tide and tidewater", ["tide"]).kept == ("Tide",)
    assert protect("Apple pie with an apple", ["Apple"]).kept == ("Apple",)
    assert protect("The tide tables", ["tide", "tide tables"]).kept == ("tide tables",)
