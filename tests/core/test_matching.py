from time import perf_counter

import pytest

from core.errors import BadInput
from core.facts import state
from core.matching import Readable, occurrences


def found(text: str, term: str, **more: object) -> list[str]:
    fact = state({"kind": "banned", "term": term, **more})
    return [text[slice(*span)] for span in occurrences(Readable(text), fact)]


def test_a_word_is_a_whole_word_in_any_case() -> None:
    text = "Leverage is cleverage. We LEVERAGE it; leverage's cost. leverage_x, _leverage_ and #leverage."
    assert found(text, "leverage") == ["Leverage", "LEVERAGE", "leverage", "leverage", "leverage"]
    assert found("Give the US to us.", "US", case=True) == ["US"]
    assert found("I don't know the don.", "don") == ["don"]


def test_inflections_count_only_when_they_are_asked_for() -> None:
    text = "Leveraging, leveraged and leverages; synergies of planned plans; a number is numb."
    assert found(text, "leverage") == []
    assert found(text, "leverage", matching="forms") == ["Leveraging", "leveraged", "leverages"]
    assert found(text, "synergy", matching="forms") == ["synergies"]
    assert found(text, "plan", matching="forms") == ["planned", "plans"]
    assert found(text, "numb", matching="forms") == ["numb"]
    assert found("las sinergias", "sinergia", matching="forms", locale="es") == ["sinergias"]


def test_a_phrase_may_be_broken_by_a_line_or_marked_but_not_by_a_paragraph() -> None:
    assert found("a game\nchanger, a *game* changer, a game\n\nchanger", "game changer") == [
        "game\nchanger",
        "game* changer",
    ]
    assert found("a game-changer", "game changer") == []
    assert found("two game-changers", "game changer", matching="forms") == ["game-changers"]


def test_links_handles_and_code_are_no_words() -> None:
    text = (
        "https://leverage.example/leverage leverage.com @leverage @a@leverage.social me@leverage.com `leverage` "
        "[x](/leverage) <b class='leverage'>\n```\nleverage\n```\n"
    )
    assert found(text, "leverage") == []
    assert found("Ask @acme, or book at Booking.com.", "@acme") == ["@acme"]
    assert found("Ask @acme, or book at Booking.com.", "Booking.com") == ["Booking.com"]


@pytest.mark.parametrize(
    ("text", "term", "wanted"),
    [
        ("Le Café, cafe\u0301, cafés", "café", ["Café", "cafe\u0301"]),
        (
            "lever\u00adage lever\u200bage ｌｅｖｅｒａｇｅ",
            "leverage",
            ["lever\u00adage", "lever\u200bage", "ｌｅｖｅｒａｇｅ"],
        ),
        ("我们的产品是最好的", "最好", ["最好"]),
        ("후원은 비후원", "후원", ["후원"]),
        ("It’s C++, not C++11", "C++", ["C++", "C++"]),
        ("STRASSE, Straße", "straße", ["STRASSE", "Straße"]),
        ("it's “world-class”, it’s", "it’s", ["it's", "it’s"]),
    ],
)
def test_every_script_and_spelling(text: str, term: str, wanted: list[str]) -> None:
    assert found(text, term) == wanted


def test_links_are_found_by_where_they_lead() -> None:
    text = "Buy at https://www.shop.example/x?tag=me or https://other.example/shop.example or shop.example/y"
    assert found(text, "link:shop.example") == ["https://www.shop.example/x?tag=me"]
    assert found(text, "link:*?tag") == ["https://www.shop.example/x?tag=me"]
    assert found("amzn.to/abc", "link:amzn.to") == ["amzn.to/abc"]


def test_a_pattern_is_looked_for_outside_links_and_may_not_take_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("50% at https://x.example/50%", r"\d+\s?%", matching="pattern") == ["50%"]
    monkeypatch.setattr("core.matching.TIMEOUT_S", 1e-9)
    with pytest.raises(TimeoutError):
        found("a " * 50_000, r"\w+x\b", matching="pattern")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "banned", "term": "(", "matching": "pattern"}, "no regular expression"),
        ({"kind": "banned", "term": "x*", "matching": "pattern"}, "match everywhere"),
        ({"kind": "claim", "term": "the best"}, "proof"),
        ({"kind": "disclosure", "term": "Acme"}, "#ad"),
        ({"kind": "term", "term": "tide", "instead": "marea"}, "locale"),
        ({"kind": "term", "term": "tide", "instead": "marea", "locale": "klingon!"}, "no locale"),
        ({"kind": "keep", "term": "x", "matching": "pattern"}, "not a pattern"),
        ({"kind": "banned", "term": " "}, "term"),
        ({"kind": "nonsense", "term": "x"}, "kind"),
        ({"kind": "keep", "term": "x", "valid_from": "2026-01-02", "valid_to": "2026-01-01"}, "before it begins"),
    ],
)
def test_what_is_no_fact_is_refused_with_the_reason(values: dict[str, str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        state(values)


def test_a_long_row_of_dashes_is_read_in_a_moment() -> None:
    started = perf_counter()
    Readable("a-" * 10_000 + " jan.vik@example.org")
    assert perf_counter() - started < 5  # seconds
