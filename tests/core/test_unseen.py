"""What no reader sees is said; what a script needs is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.locales import direction
from core.unseen import findings


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Send it to \u202etxt.exe", ["bidi_override", "bidi_unpaired"]),
        ("\u202dabc\u202c", ["bidi_override"]),
        ("Read \u2067this", ["bidi_unpaired"]),
        ("Read this\u2069", ["bidi_unpaired"]),
        ("Read \u2067one\ntwo\u2069", ["bidi_unpaired", "bidi_unpaired"]),  # a paragraph ends every direction
        ("هذا \u2066https://a.example\u2069 هنا", []),
        ("שלום\u200f!", []),
        ("Hello\u200f!", ["invisible_characters"]),
        ("Fine\U000e0049\U000e0067\U000e006e", ["hidden_text"]),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", []),  # the flag of Scotland
        ("港の灯り、カフェ", []),
        ("\U0001f3f4" + "".join(chr(0xE0000 + ord(each)) for each in "ustx") + "\U000e007f", ["hidden_text"]),
        ("❤\ufe0f 1\ufe0f\u20e3 ☂\ufe0e 葛\U000e0100 👩\u200d🚀 می\u200cخواهم", []),
        ("a\ufe01b\ufe02", ["hidden_text", "hidden_text"]),
        ("😀" + "".join(chr(0xE0100 + each) for each in b"curl"), ["hidden_text"]),
        ("one \u200b\u200c\u200d\u2060 two", ["hidden_text"]),
        ("one\u206a\u206b\u206c\u206d two", ["hidden_text"]),
        ("x\U000e0080", ["hidden_text"]),
    ],
)
def test_each_is_named(text: str, rules: list[str]) -> None:
    assert [each.rule for each in findings(text)] == rules


@given(st.text(alphabet="aא \n\u200e\u202a\u202c\u202e\u2066\u2069\U000e0041"))
def test_spans_are_of_what_is_unseen(text: str) -> None:
    for each in findings(text):
        assert each.span is not None
        assert text[slice(*each.span)] and not any(
            char.isalpha() and char < "\u2000" for char in text[slice(*each.span)]
        )


@pytest.mark.parametrize(
    ("locale", "way"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("az-Arab", "rtl"), ("ku-Latn", "ltr"), ("ur_PK", "rtl"), ("ja", "ltr")],
)
def test_a_locale_is_written_by_its_script(locale: str, way: str) -> None:
    assert direction(locale) == way
