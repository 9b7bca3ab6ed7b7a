import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from memory.importers import Failure, read
from memory.importers.facts import clean
from tests.memory.importers.helpers import piece_of, write


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Notebook, Stavern\n\nRain.\nMore rain.", "Notebook, Stavern", "Rain.\nMore rain."),
        ("Notebook\n========\nRain.", "Notebook", "Rain."),
        ("It rained all day.\n\nThen it stopped.", "Stavern", "It rained all day.\n\nThen it stopped."),
        ("Hard-wrapped first line\nof a paragraph.", "Stavern", "Hard-wrapped first line\nof a paragraph."),
        ("Alone", "Stavern", "Alone"),
    ],
)
def test_a_short_first_line_that_stands_alone_is_the_title(tmp_path: Path, text: str, title: str, body: str) -> None:
    piece = piece_of(tmp_path, "2025-01-02 stavern.txt", text)
    assert (piece.title, piece.body, piece.format) == (title, body, "text")
    assert piece.published_at == datetime(2025, 1, 2, tzinfo=UTC)


def test_reads_every_key_of_a_row(tmp_path: Path) -> None:
    row = {
        "id": "p1", "title": "Kelp", "text": "Brown.", "date": "2025-05-05", "tags": ["#kelp"], "authors": ["Ines"],
        "excerpt": "Short.", "url": "https://t.example/1", "lang": "nb_NO", "license": "CC0", "likes": 4, "words": 1,
    }  # fmt: skip
    assert piece_of(tmp_path, "posts.jsonl", json.dumps(row)).model_dump() == {
        "source": "posts.jsonl#p1",
        "title": "Kelp",
        "body": "Brown.",
        "format": "jsonl",
        "published_at": datetime(2025, 5, 5, tzinfo=UTC),
        "authors": ("Ines",),
        "tags": ("kelp",),
        "excerpt": "Short.",
        "url": "https://t.example/1",
        "language": "nb-NO",
        "license": "CC0",
        "extra": {"likes": 4},
    }


def test_names_bad_lines_and_goes_on(tmp_path: Path) -> None:
    lines = ['{"id": 1, "text": "One."}', "{broken", "", "[1]", '{"id": 2}', '{"id": 1, "text": "Again."}',
             '{"id": 3, "text": "Three \\ud800."}', "[" * 100_000]  # fmt: skip
    path = write(tmp_path, "posts.jsonl", "\n".join(lines))
    failed: list[Failure] = []
    pieces = list(read(path, root=tmp_path, failed=failed))
    assert [(piece.source, piece.body) for piece in pieces] == [
        ("posts.jsonl#1", "One."),
        ("posts.jsonl#3", "Three ."),
    ]
    assert [(failure.path.removeprefix(str(path)), failure.error) for failure in failed] == [
        (":2", "is not valid JSON (Expecting property name enclosed in double quotes, line 1, column 2)"),
        (":4", "is not a JSON object with a body or text"),
        (":5", "has no text"),
        (":6", f"has the id “1” of {path}:1"),
        (":8", "is JSON that is nested too deeply"),
    ]


def test_without_a_list_for_failures_the_bad_line_is_raised(tmp_path: Path) -> None:
    path = write(tmp_path, "posts.jsonl", "nonsense")
    with pytest.raises(BadInput, match=r"posts\.jsonl:1: is not valid JSON"):
        list(read(path, root=tmp_path))


def test_rows_without_ids_keep_their_names_when_others_come_before(tmp_path: Path) -> None:
    rows = [
        {"title": "A", "text": "1"},
        {"title": "A", "text": "2"},
        {"text": "3"},
        {"url": "https://x.example", "text": "4"},
    ]
    before = list(read(write(tmp_path, "p.json", json.dumps(rows)), root=tmp_path))
    after = list(read(write(tmp_path, "p.json", json.dumps([{"text": "0"}, *rows])), root=tmp_path))
    assert [piece.source for piece in after[1:]] == [piece.source for piece in before]
    assert len({piece.source for piece in after}) == 5


def test_the_same_row_twice_is_said_not_kept(tmp_path: Path) -> None:
    path = write(tmp_path, "p.jsonl", '{"text": "Same."}\n{"text": "Same."}\n{"text": "Same."}')
    failed: list[Failure] = []
    assert len(list(read(path, root=tmp_path, failed=failed))) == 1
    assert failed == [Failure(f"{path}:{n}", f"says the same as {path}:1") for n in (2, 3)]


@pytest.mark.parametrize("text", ['{"a": 1}', "12", '"x"', "{", "[" * 100_000, '{"n": ' + "9" * 9000 + "}"])
def test_refuses_other_json(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "a.json", text)
    with pytest.raises(BadInput, match=r"a\.json: "):
        list(read(path, root=tmp_path))


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("name", ["a.md", "a.vtt", "a.srt", "a.txt", "a.html"])
@pytest.mark.parametrize("run", ["[](", "<v ", "{\\", "<!--", "# ", "*", "A "])
def test_endless_unclosed_marks_are_read_in_one_pass(tmp_path: Path, name: str, run: str) -> None:
    head = {"a.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n", "a.srt": "1\n00:00:01,000 --> 00:00:02,000\n"}.get(name, "")
    path = write(tmp_path, name, head + "Word. " + run * 60_000)
    assert [piece.body[:4] in ("Word", "**A:") for piece in read(path, root=tmp_path)] == [True]


def test_a_title_that_a_service_wrote_for_html_is_read_as_words(tmp_path: Path) -> None:
    row = {"id": "p1", "title": "A better &ldquo;front door&rdquo; &amp; more", "text": "Built."}
    assert piece_of(tmp_path, "posts.jsonl", json.dumps(row)).title == "A better “front door” & more"
