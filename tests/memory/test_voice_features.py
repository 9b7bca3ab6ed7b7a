import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.voice.features import FEATURES, NAMES, measure
from memory.voice.function_words import FUNCTION_WORDS
from memory.voice.prose import Prose

_BY_NAME = {feature.name: feature for feature in FEATURES}


def _count(name: str, text: str) -> tuple[int, int]:
    prose = Prose.of(text)
    return _BY_NAME[name].count(prose), _BY_NAME[name].opportunities(prose)


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 66
    assert len(set(FUNCTION_WORDS)) == len(FUNCTION_WORDS)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("commas", "One, two, three.", (2, 3)),
        ("dashes", "A dash — here, one - there, one--here, a well-known word.", (3, 11)),
        ("hyphens", "A well-known, long-lived thing - yes.", (2, 7)),
        ("exclamations", "Yes! No. Oh!!", (3, 3)),
        ("emoji", "Done 🎉 and 👩‍💻 too.", (2, 3)),
        ("hashtags", "Look at #harbour and @ines, not a#b.", (2, 8)),
        ("digits", "In 2026 we had 3.5 of them.", (2, 7)),
        ("capitals", "NASA and I like the USA and CODE.", (2, 8)),
        ("capitalised", "The Ines of the Harbour sang. She left.", (2, 8)),
        ("serial_commas", "I like tea, milk, and bread. We saw a cat, a dog and birds.", (1, 2)),
        ("early_commas", "In spring, it rains. It rains, too, in the long dark winter.", (2, 2)),
        ("short_sentences", "One two three four five. No.", (1, 2)),
        ("contracted", "It's late. I don't know. It is far.", (2, 3)),
        ("contractions", "Ines's kettle isn't hers, let's go.", (2, 6)),
        ("first_person", "I said I'm here with my kettle.", (3, 7)),
        ("open_and", "And so it goes. But why? The end.", (2, 3)),
        ("passives", "It was painted, and they were being watched.", (2, 8)),
        ("which", "The thing which that man had.", (1, 2)),
        ("must", "We have to go, you need it.", (2, 7)),
        ("british", "The colour of the organization.", (1, 2)),
        ("british", "No such word here.", (0, 0)),
    ],
)
def test_counts_a_habit_out_of_its_opportunities(name: str, text: str, expected: tuple[int, int]) -> None:
    assert _count(name, text) == expected


@given(st.text(alphabet="aA é.,;!?'’\n1#—日🎉", max_size=200))
def test_any_text_can_be_measured(text: str) -> None:
    found = measure(Prose.of(text))
    assert (found.counts >= 0).all() and (found.opportunities >= 0).all()
    assert found.function_words.sum() == found.words
    assert not found.counts[found.opportunities == 0].any() or found.words == 0


@given(st.lists(st.sampled_from(["harbour", "the", "kettle,", "isn't", "lovely!", "we", "1,000"]), min_size=1))
def test_rates_are_what_anyone_would_count(pieces: list[str]) -> None:
    text = " ".join(pieces)
    prose = Prose.of(text)
    assert _BY_NAME["commas"].rate(prose) == 100 * text.count(",") / len(pieces)
    assert _BY_NAME["contractions"].rate(prose) == 100 * len(re.findall("isn't", text)) / len(pieces)
    assert measure(prose).function_words[FUNCTION_WORDS.index("we")] == pieces.count("we")
