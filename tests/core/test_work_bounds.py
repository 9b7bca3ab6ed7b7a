"""Long hostile texts are read in one pass: what is quadratic takes minutes where this takes fractions of a second."""

import time
from collections.abc import Callable

import pytest

from core import hashtags, links, names
from core.edits.applying import applied
from core.edits.rules import Rule
from core.matching import Readable
from core.repetition import windows
from core.spans import Cover, blanked

SECONDS = 25.0  # of CPU time, on a machine several times slower than ours

LONG = {
    "dots": "." * 40_000 + "x.com",
    "labels": "a." * 10_000 + "com",
    "domains": "x.com " * 15_000,
    "addresses": "#ab https://x.com/a " * 5_000,
    "brackets": "x.com/" + "a(b" * 30_000,
    "names": "We met Ines Marit. " * 2_000,
}


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_links_tags_and_names_are_found_in_one_pass(text: str) -> None:
    assert seconds(lambda: (links.find(text), hashtags.find(text))) < SECONDS
    assert seconds(lambda: (Readable(text), windows(text))) < SECONDS


def test_names_are_found_in_one_pass() -> None:
    assert seconds(lambda: names.find(LONG["names"])) < SECONDS


@pytest.mark.parametrize(
    ("trait", "piece"),
    [
        ("emoji", "😀a"),
        ("hedges", "It is quite good. "),
        ("bold", "**b** "),
        ("hashtags", "#tag "),
        ("dashes", "a — b "),
    ],
)
def test_twenty_five_thousand_edits_take_no_longer_than_the_text(trait: str, piece: str) -> None:
    text = piece * (25_000 if trait == "emoji" else 8_000)
    assert seconds(lambda: applied(text, [Rule(trait=trait, new=",")])) < SECONDS


def test_a_cover_knows_what_lies_under_any_of_its_spans() -> None:
    cover = Cover([(5, 8), (0, 2), (7, 9), (9, 10), (3, 3)])
    assert cover.spans() == [(0, 2), (5, 10)]
    assert [cover.holds(at) for at in range(11)] == [True] * 2 + [False] * 3 + [True] * 5 + [False]
    assert cover.touches(2, 6) and not cover.touches(2, 5)
    assert blanked("0123456789a", [(5, 8), (0, 2)], "_") == "__234___89a"
