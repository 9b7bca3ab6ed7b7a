"""ICU messages are read by their branches, and thousands by the marks of each locale."""

import pytest

from core.localization import document_findings

SOURCE = "{count, plural, one {# boat is} other {# boats are}} waiting for you in the harbour tonight."


def rules(source: str, target: str, locale: str, source_locale: str = "en") -> list[str]:
    return [each.rule for each in document_findings(source, target, locale, source_locale=source_locale)]


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("{count, plural, one {# Boot wartet} other {# Boote warten}} heute Abend im Hafen auf dich.", []),
        ("{count, plural, one {# boat is} other {# boats are}} waiting for you in the harbour.", ["sentence"]),
        ("{n, plural, one {# Boot wartet} other {# Boote warten}} heute Abend im Hafen auf dich.", ["placeholder"] * 2),
        (SOURCE, ["untranslated"]),
    ],
)
def test_what_the_branches_say_is_translated_and_the_argument_is_kept(target: str, found: list[str]) -> None:
    assert rules(SOURCE, target, "de") == found


@pytest.mark.parametrize(
    ("target", "locale", "found"),
    [
        ("Das Moor hat 14,250 Quellen, und jede hat einen Namen.", "de", ["number"]),
        ("Das Moor hat 14.250 Quellen, und jede hat einen Namen.", "de", []),
        ("La tourbière compte 14,250 sources, et chacune porte un nom.", "fr", ["number"]),
        ("La turbera tiene 14,250 fuentes, y cada una lleva un nombre.", "es-ES", ["number"]),
        ("La turbera tiene 14,250 fuentes, y cada una lleva un nombre.", "es-MX", []),
        ("La turbera tiene 14,250 fuentes, y cada una lleva un nombre.", "es", []),
        ("湿原には14,250の泉があり、それぞれに名前があります。", "ja", []),
    ],
)
def test_thousands_are_no_fraction(target: str, locale: str, found: list[str]) -> None:
    assert rules("The bog has 14,250 springs, and each has a name.", target, locale) == found


def test_a_true_fraction_is_left_alone() -> None:
    assert (
        rules("Each frame takes 1.250 seconds, no more.", "Jedes Bild dauert 1,250 Sekunden, nicht länger.", "de") == []
    )
