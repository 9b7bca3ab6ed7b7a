"""A translation that is of something else is said to be that; and properties that hold for whatever is checked."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.localization import document_findings, findings, join, segments
from core.localization.endings import ending

SOURCE = (
    "The Tide Office and its friends want to hear what you think of the new tables (https://a.example/tables), "
    "so write to {name} before Friday and tell us all of it."
)
WORDS = [
    *("Marea", "puerto", "@mira", "#kelp", "{name}", "https://a.example/b", "12", "3,5"),
    *("港の灯り。", "مرحبا", "🎉", "`x`", "¿", "?", ".", "\n\n"),
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join)


def rules(source: str, target: str, locale: str = "es") -> list[tuple[str, str]]:
    return [(each.rule, each.severity) for each in findings(source, target, locale) if each.severity != "note"]


def test_a_heading_in_place_of_a_paragraph_is_said_once_with_what_must_be_put_in() -> None:
    assert rules(SOURCE, "Opiniones") == [("placeholder", "error"), ("url", "warning"), ("truncation", "error")]


def test_a_paragraph_in_place_of_a_heading_is_another_text() -> None:
    long = "La oficina de mareas y sus amigos quieren saber qué piensas de las tablas nuevas. " * 3
    assert rules("How to use the tables", long) == [("other_text", "warning")]


def test_a_short_but_whole_translation_is_left_alone() -> None:
    assert rules("Do you want to contribute to it yourself?", "¿Quieres contribuir?") == []


def test_a_link_in_running_japanese_is_not_its_end() -> None:
    assert ending("ユーザーが（https://b.example）をリクエストします。", "ja") == "stop"


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(["es", "ja", "ar", "de", ""]))
def test_findings_point_into_the_translation_and_are_the_same_each_time(source: str, target: str, to: str) -> None:
    found = document_findings(source, target, to)
    assert found == document_findings(source, target, to)
    assert all(each.span is None or 0 <= each.span[0] <= each.span[1] <= len(target) for each in found)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(["{name}", "@mira", "https://a.example/b"]))
def test_a_token_that_was_lost_is_found_whatever_stands_around_it(text: str, token: str) -> None:
    rest = " ".join(text.replace(token, "").split()) or "Marea"
    kind = {"{": "placeholder", "@": "handle", "h": "url"}[token[0]]
    assert kind in {each.rule for each in findings(f"{rest} {token} fin", f"{rest} fin", "es")}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_segments_put_together_again_are_the_text(text: str) -> None:
    assert join(text, segments(text)) == text


def test_the_bench_counts_on_a_file_of_ours(tmp_path: Path) -> None:
    from evals.bench.localization import run

    file = tmp_path / "pairs.jsonl"
    good = (Path(__file__).parent / "good.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in good if json.loads(line)["lang"] in ("es", "pt", "ja")]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    figures = run(file, seed=1)
    assert all(each["false_alarms"] == 0 for each in figures.values())
    assert all(figures[kind]["recall"] == 1 for kind in ("placeholder", "handle", "hashtag", "url", "number"))
