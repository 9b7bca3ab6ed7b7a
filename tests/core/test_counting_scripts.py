"""Counting and cutting in every script: never within a sign, never too long, and what fits is left as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import channels
from core.counting import ELLIPSIS, MEASURES, cut_at, fits, graphemes, lengths, shorten

PIECES = [
    "tide ",
    "港の",
    "灯り。",
    "שלום ",
    "مرحبا ",
    "नमस्ते ",
    "👩‍💻",
    "🇳🇴",
    "é",
    "e\u0301",
    "https://a.example/b ",
    "#kelp ",
    "\n",
    "@mira ",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
PLACES = [each.name for each in channels() if each.limits_of("text") and not each.threads]


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from(PLACES), st.integers(1, 30))
def test_what_is_shortened_fits_and_what_fits_is_left(text: str, place: str, times: int) -> None:
    long = text * times
    short = shorten(place, long)
    assert fits(place, short)
    assert (short == long) == fits(place, long)
    kept = short.removesuffix(ELLIPSIS)
    assert long.startswith(kept.rstrip()) or not kept
    at = cut_at(place, long)
    assert "".join(graphemes(long[:at])) == long[:at] and len(graphemes(long[:at])) + len(graphemes(long[at:])) == len(
        graphemes(long)
    )


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_no_measure_is_negative_or_fails(text: str) -> None:
    assert all(measure(text) >= 0 for measure in MEASURES.values())
    assert all(each.used >= 0 for place in channels() for each in lengths(place, text))


@pytest.mark.parametrize("place", ["bluesky", "x"])
def test_japanese_is_cut_between_signs_and_not_at_its_only_space(place: str) -> None:
    text = "Chrome は" + "港の灯りが消えた夜のことを覚えている人はもう多くない、" * 20
    short = shorten(place, text)
    assert fits(place, short) and len(short) > 100 and short.endswith(ELLIPSIS) and "、…" not in short
