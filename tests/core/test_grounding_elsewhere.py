"""Grounding beyond English prose: dates in many styles, names made of usual words, other languages."""

import pytest

from core.drafts import Content
from core.grounding import findings

ENGLISH = (
    "The boat library opened on March 3, 2016 in Ferder. It lent 1,200 books, and 45% came back late. The refit cost "
    "€250,000, said Ellen O’Rourke. We met from May 4 to 6. A grant came from the Treasury Department. "
    "See letters.example/boat for more. It took a five-month engagement."
)
SOURCES = {
    "en": ENGLISH,
    "fr": "Le bateau a ouvert le 3 mars 2016 à Granville. Il a sept départs par jour, et 45 pour cent sont pleins.",
    "es": "El barco abrió el 3 de marzo de 2016 en Bermeo, dijo Lucía Iturbe. Prestó 1.200 libros; el 45 % volvió.",
    "nb": "Båten åpnet 3. mars 2016 i Svolvær. Overfarten tar 24 minutter. Det kostet 790 000 kr. 36 km kyst.",
    "ja": "船は2016年3月3日に函館で開きました。館長の高橋美咲は話しました。海岸は約27kmです。",
}


def said(text: str, language: str) -> list[str]:
    found = findings(Content(text=text), [SOURCES[language]], [], language)
    return [text[slice(*(each.span or (0, 0)))] for each in found if each.severity != "note"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It has been there since Mar. 3, 2016, since 3.3.2016, since 2016/03/03, since the 3rd of March."),
        ("en", "Thursday, March 3 was the day. In March 2016, on the 3rd, it was cold."),
        ("en", "Ellen O’Rourke has the Department of the Treasury to thank, as letters.example/boat says."),
        ("en", "May 6 was a good day. A 5-month engagement."),
        ("en", "Today's work is done. Women's work, too. Everybody's family came."),
        ("fr", "Le jeudi 3 mars 2016, un bateau. Il y a 7 départs par jour ; 45 % sont pleins."),
        ("es", "Según Iturbe, el jueves 3 de marzo de 2016 se prestaron 1200 libros. ¡Gracias por leer! Huele a mar."),
        ("nb", "E-posten kom. Båt-åpningen er her."),
        ("nb", "Ifølge planen tar overfarten 24 min. Ombyggingen kostet 790 000 kr. 36 kilometer kyst."),
        ("ja", "2016年3月3日木曜日、函館。高橋美咲さんによると、海岸は27キロ。"),
    ],
)
def test_what_is_told_in_another_style_is_left_alone(language: str, text: str) -> None:
    assert said(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "It opened on March 4, 2016.", ["March 4, 2016"]),
        ("en", "It opened on Monday, March 3, 2016.", ["Monday"]),
        ("en", "Grace Young wrote it, and so did Will Power.", ["Grace Young", "Will Power"]),
        ("en", "In the 1970s nobody did this.", ["1970s"]),
        ("en", "Millions of people came.", ["Millions"]),
        ("en", "More at //elsewhere.example/x today.", ["//elsewhere.example/x"]),
        ("en", "Power's team did the rest.", ["Power's"]),
        ("nb", "Harrow-stiftelsen betalte.", ["Harrow"]),
        ("ja", "船です。www.snowpine.org2016年3月3日、函館。", ["www.snowpine.org"]),
        ("ja", "詳しくはjavascript:alert(1)をご覧ください。", ["javascript:alert"]),
        ("fr", "Il y a trois départs, un samedi.", ["trois", "samedi"]),
        ("es", "Tiene tres años.", ["tres"]),
        ("ja", "渡辺由美子教授が来ました。", ["渡辺由美子教授"]),
    ],
)
def test_what_no_source_says_is_found_in_other_styles_and_languages(language: str, text: str, found: list[str]) -> None:
    told = said(text, language)
    assert [each for each in found if any(one in each or each in one for one in told)] == found


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("it", "Menù di dicembre. Il forno è lungo 12 metri e tiene 12 kg di pane.", "Menù di dicembre."),
        ("de", "Das Heft kommt im März. Der Weg hat 3 km, der Film dauert 3 Minuten.", "Das Heft kommt im März."),
    ],
)
def test_a_month_that_a_source_names_is_no_number_of_something_else(language: str, source: str, text: str) -> None:
    assert findings(Content(text=text), [source], [], language) == ()
    other = "Menù di gennaio." if language == "it" else "Das Heft kommt im Mai."
    assert [each.severity for each in findings(Content(text=other), [source], [], language)] == ["warning"]


def test_a_month_of_a_year_in_figures_is_a_date_and_not_two_numbers() -> None:
    source = "Uscito il 5 novembre 2025."
    assert findings(Content(text="(“Il pane”, 2025-11)"), [f"Il pane\n{source}"], [], "it") == ()
    found = findings(Content(text="(“Il pane”, 2025-12)"), [f"Il pane\n{source}"], [], "it")
    assert [(each.rule, each.message) for each in found] == [
        ("invented_date", "2025-12 stands in none of your sources.")
    ]
