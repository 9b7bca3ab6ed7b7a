import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.keyphrases import Usage, order, phrases, shipped
from core.keyphrases.tokens import tokens


def keys(text: str, language: str = "en") -> list[str]:
    return [phrase.key for phrase in phrases(text, shipped(), language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour pilot describes the cargo ships.", ["harbour pilot", "cargo ships"]),
        ("We present a tide gauge that measures the water level.", ["tide gauge", "water level"]),
        ("Support vector machines are trained on noisy labels.", ["support vector machines", "noisy labels"]),
        ("Performance degrades quickly under heavy load.", ["heavy load"]),
        ("By solving the heat equation, we obtain temperature fields.", ["heat equation", "temperature fields"]),
        ("The new method is compact.", []),
        ("a user's home city", ["user", "home city"]),
        ("A rule based system was used.", ["rule based system"]),
        ("We compare weakly supervised methods.", ["weakly supervised methods"]),
        ("The loaves were recently baked.", ["loaves"]),
        ("A lattice consisting of layers has Young's modulus.", ["lattice", "layers", "young's modulus"]),
        ("The chromatic number is bounded.", ["chromatic number"]),
    ],
)
def test_phrases_are_noun_phrases(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_a_heading_without_a_stop_does_not_run_into_the_text() -> None:
    assert keys("Tide tables for small\n\tharbours\nPilots read tide tables.") == ["tide tables", "harbours", "pilots"]


def test_a_phrase_knows_every_place_where_it_stands() -> None:
    text = "The tide table is here. Read the tide table."
    (table, *_) = phrases(text, shipped())
    assert [text[start:end] for start, end in table.spans] == ["tide table", "tide table"]
    assert table.starts == (1, 7)


def test_in_other_languages_a_phrase_is_what_is_said_twice() -> None:
    spoken = "El faro viejo se ve desde el puerto. El faro viejo no es de la ciudad."
    assert keys(spoken, "es") == ["faro viejo"]
    assert keys("Der alte Turm war da. Wir sehen ihn, alte Turm und Hafen.", "de") == ["alte turm"]
    assert keys(spoken, "xx") == []


def test_usage_is_learnt_from_plain_text() -> None:
    usage = Usage.learn(
        ["We moor the boat. They moor a ship. To moor it takes time. The quay is long. A quay of stone."]
    )
    assert usage.verbal("moor") > 0 > usage.verbal("quay")
    assert usage.with_(usage).texts == 2
    assert usage.rarity("moor") < usage.rarity("never-seen")


def test_a_near_early_phrase_of_two_words_comes_first() -> None:
    found = phrases("Harbour lights were kept by pilots. The weather is a topic.", shipped())
    near = [0.9 if phrase.key == "harbour lights" else 0.1 for phrase in found]
    ranked = order(found, near, shipped(), 10)
    assert ranked[0][0].key == "harbour lights"
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    assert order([], [], shipped(), 0) == []


@given(st.text(max_size=300))
def test_places_are_true_for_any_text(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start <= token.end <= len(text)
    for phrase in phrases(text, shipped()):
        for start, end in phrase.spans:
            assert " ".join(text[start:end].split())
