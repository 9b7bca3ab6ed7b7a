"""What a translation lost is found, by kind; what a person wrote well is left alone."""

import json
from pathlib import Path

import pytest

from core.localization import document_findings, findings
from core.localization.numbers import findings as number_findings
from core.localization.pair import Pair

GOOD = [json.loads(line) for line in (Path(__file__).parent / "good.jsonl").read_text(encoding="utf-8").splitlines()]


def rules(source: str, target: str, locale: str, source_locale: str = "en") -> list[str]:
    found = findings(source, target, locale, source_locale=source_locale)
    return [each.rule for each in found if each.severity != "note"]


@pytest.mark.parametrize("pair", GOOD, ids=lambda pair: pair["lang"])
def test_a_good_translation_is_left_alone(pair: dict[str, str]) -> None:
    assert rules(pair["src"], pair["tgt"], pair["lang"]) == []


@pytest.mark.parametrize(
    ("source", "target", "locale", "wanted"),
    [
        ("Hello {name}, welcome back.", "Hola, bienvenida de nuevo.", "es", ["placeholder"]),
        ("Hello {name}, welcome back.", "Hola {nombre}, bienvenida de nuevo.", "es", ["placeholder", "placeholder"]),
        ("You have {n, plural, one {# letter} other {# letters}}.", "Sie haben Briefe.", "de", ["placeholder"]),
        ("Saved %1$s of %2$s.", "%2$s von %1$s gespeichert.", "de", []),
        ("Thanks to @mira_lund for this.", "Merci à mira_lund pour cela.", "fr", ["handle"]),
        ("See you there #SlowMaking", "Nos vemos allí", "es", ["hashtag"]),
        ("It is out ❤️", "Ya está ❤", "es", []),
        ("It is out 🎉", "Ya está 🚀", "es", ["emoji", "emoji"]),
        ("It is out :tada:", "Ya está", "es", ["emoji"]),
        ("Read https://a.example/b now.", "Lee https://a.example/c ahora.", "es", ["url", "added_link"]),
        ("Read https://a.example/en/b now.", "Lee https://a.example/es/b ahora.", "es", []),
        ("Read https://a.example/b now.", "Lee https://b.example/b ahora.", "es", ["url", "added_link"]),
        ("We sold 1,250 of them in 2024.", "Vendimos 1.250 en 2024.", "es", []),
        ("We sold 1,250 of them in 2024.", "Vendimos 1.520 en 2024.", "es", ["number", "added_number"]),
        ("It weighs 2.5 kilos in all.", "Es wiegt insgesamt 2,5 Kilo.", "de", []),
        ("It costs 5 in all, and 12 there.", "Insgesamt kostet es fünf, dort zwölf.", "de", []),
        ("It happened on 3/5/2026 at home.", "Es geschah am 5. März 2026 zu Hause.", "de", []),
        ("About 1.5 million people came.", "約150万人が来ました。", "ja", []),
        ("About 1.5 million people came.", "約15万人が来ました。", "ja", ["number", "added_number"]),
        ("We print 12 of them.", "私たちは十二枚印刷します。", "ja", []),
        ("There are 7 lamps here.", "ここにはランプが７つあります。", "ja", []),
        ("The harbour is 5 miles away from here.", "El puerto está a 8 km de aquí.", "es", ["number"]),
        ("We meet here on Friday evening.", "We meet here on Friday evening.", "es", ["untranslated"]),
        ("GitHub Actions", "GitHub Actions", "es", []),
        ("New York Times Book Review", "New York Times Book Review", "es", []),
        ("We are open. Come and see the old press.", "Abrimos. Come and see the old press.", "es", ["sentence"]),
        ("We are open every day of the week.", "Estamos abertos todos os dias da semana.", "es", ["language"]),
        ("We are open every day of the week.", "我们每周每天都开放，欢迎您来参观。", "ja", ["language"]),
        ("The boats come home today.", "Los barcos vuelven vuelven hoy a casa.", "es", ["doubled"]),
        ("We saw Duran Duran there.", "Vimos a Duran Duran allí.", "es", []),
        ("You and we write to each other.", "Nous nous écrivons.", "fr", []),
        ("Is the workshop open today?", "El taller está abierto hoy.", "es", ["end_punctuation"]),
        ("Is the workshop open today?", "El taller está abierto hoy?", "es", ["end_punctuation"]),
        ("Is the workshop open today?", "هل الورشة مفتوحة اليوم؟", "ar", []),
        ("The text is here:", "本文は以下のとおりです。", "ja", []),
        ("The workshop is open.", "ห้องทำงานเปิดอยู่", "th", []),
    ],
)
def test_each_kind_of_error_is_told_by_its_name(source: str, target: str, locale: str, wanted: list[str]) -> None:
    assert [each for each in rules(source, target, locale) if each != "truncation"] == wanted


def test_a_converted_unit_is_a_warning_and_a_lost_number_an_error() -> None:
    (found,) = number_findings(Pair("It is 5 miles away.", "Está a 8 km.", source_language="en", target_language="es"))
    assert (found.severity, "converted unit" in found.message) == ("warning", True)
    (found,) = number_findings(Pair("It is 5 miles away.", "Está lejos.", source_language="en", target_language="es"))
    assert found.severity == "error"


def test_a_translation_that_was_cut_stops_short() -> None:
    source = "We printed the tide tables by hand, folded them on the kitchen table, and carried them to the harbour."
    whole = (
        "Imprimimos a mano las tablas de mareas, las doblamos en la mesa de la cocina y las llevamos hasta el puerto."
    )
    assert rules(source, whole, "es") == []
    assert "truncation" in rules(source, whole[:52].rstrip(), "es")
    two = source + " Nobody had asked for them."
    assert "truncation" not in rules(two, whole + " Nadie las había pedido.", "es")


def test_without_a_locale_nothing_is_said_about_languages() -> None:
    assert findings("We are open every day of the week.", "Estamos abertos todos os dias da semana.") == ()
    assert [each.rule for each in findings("We are open.", "  ")] == ["untranslated"]


def test_a_whole_text_is_checked_by_paragraph_and_spans_count_in_it() -> None:
    source = "The boats come home.\n\nWhere is the old lamp of the lighthouse?"
    target = "Los barcos vuelven a casa.\n\nDónde está está ahora la vieja lámpara del faro?"
    found = document_findings(source, target, "es")
    assert [each.rule for each in found] == ["doubled", "end_punctuation"]
    span = found[0].span
    assert span is not None
    assert target[slice(*span)] == "está está"
