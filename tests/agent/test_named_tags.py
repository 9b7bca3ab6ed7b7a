"""Which of ten thousand tags a text names: as a pattern would find them, without a pattern for each."""

import random
import re

import pytest

from tools.vocabulary import names


def by_pattern(text: str, tag: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(tag)}(?!\w)", text, re.IGNORECASE) is not None


def test_it_finds_what_a_pattern_finds_whatever_the_letters() -> None:
    chance, found = random.Random(3), 0
    for _ in range(3000):
        tag = "".join(chance.choices("aiIksSKß\u0130\u0131 -Σ", k=chance.randint(1, 2)))
        text = "".join(chance.choices("aiIksSKß\u0130\u0131\u017f\u212a -Σς", k=8))
        assert names(text, tag) == by_pattern(text, tag), (text, tag)
        found += names(text, tag)
    assert found > 50


def test_a_tag_that_is_not_there_costs_no_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def search(pattern: str, *_: object) -> None:
        asked.append(pattern)

    monkeypatch.setattr("tools.vocabulary.re.search", search)
    for number in range(1000):
        names("The tide tables hang in the harbour kiosk", f"tag {number}")
    names("The tide tables hang in the harbour kiosk", "Tide Tables")
    assert len(asked) == 1
