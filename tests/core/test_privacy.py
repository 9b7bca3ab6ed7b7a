"""What is private is found again in a request, and what everybody says is not taken for it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import LEFT_OUT, Secrets, marks

LETTER = "Ines will leave the harbour choir in May because of the money. Her account is NO9386011117947."


@pytest.fixture
def secrets() -> Secrets:
    return Secrets([LETTER, "Notes to my sister"], {"w_abcdef123456"})


@pytest.mark.parametrize(
    "text",
    [
        "She said that Ines will leave the harbour choir soon.",
        "INES  will\nleave the “harbour” choir",
        json.dumps({"text": "Ines will\nleave the harbour choir"}),
        "Ines\\u0020will leave the harbour choir",
        "Ines will leave the harbour&#32;choir",
        "Ines wi\u00adll leave the harbour choir",
        "pay to NO9386011117947 today",
        "from Notes to my sister, page 2",
    ],
)
def test_a_quote_is_found_however_it_is_written(secrets: Secrets, text: str) -> None:
    assert secrets.found_in(text)


@pytest.mark.parametrize("text", ["Ines will leave", "the harbour choir in May", "because of the money", "Notes", ""])
def test_a_few_words_are_everybodys(secrets: Secrets, text: str) -> None:
    assert not secrets.found_in(text)


def test_what_a_public_piece_says_too_is_no_secret() -> None:
    secrets = Secrets(["Thank you for reading, and see you next week."], is_public=lambda run: "see you" in run)
    assert not secrets.found_in("for reading, and see you next week")
    assert Secrets(["Thank you for reading, and see you next week."]).found_in("for reading, and see you next week")


def test_only_supporting_items_are_left_out_of_a_request(secrets: Secrets) -> None:
    open_work = {"id": "w_open00000000", "passages": ["A tin of tide tables."]}
    by_id = {"id": "w_abcdef123456", "passages": ["x"]}
    quoting = {"id": "w_other0000000", "passages": [LETTER]}
    request = {
        "ask": "Say it",
        "works": [open_work, by_id, quoting],
        "voice": {"summary": ["Short."], "exemplars": [LETTER, "The sea is cold."]},
        "edits": [{"drafted": LETTER, "edited": "Gone."}],
        "source": {"text": LETTER},
    }
    left = secrets.without(request)
    assert left["works"] == [open_work]
    assert left["voice"] == {"summary": ["Short."], "exemplars": ["The sea is cold."]}
    assert left["edits"] == []
    assert left["source"] == request["source"]  # the task itself is never changed: it is routed elsewhere
    assert secrets.taints(left)


def test_a_rule_that_was_learned_from_a_private_draft_is_left_out() -> None:
    secrets = Secrets([LETTER], says={"“ferry” instead of “boat”"})
    rules = [{"says": "“ferry” instead of “boat”", "because": "you did"}, {"says": "no semicolons", "because": ""}]
    assert secrets.without({"preferences": rules}) == {"preferences": rules[1:]}


def test_marks_are_what_stands_out_by_itself() -> None:
    text = "SENTINEL-93f2 4722334455 2016-05-19 10:30 2nd 1990s 24h GPT-5 COVID-19 mp3 ines@x.example https://a.b/c"
    assert list(marks(text)) == ["sentinel-93f2", "4722334455", "ines@x.example", "https://a.b/c"]


def test_nothing_private_finds_nothing() -> None:
    assert not Secrets(())
    assert not Secrets(()).taints({"a": LETTER})
    assert LEFT_OUT


@pytest.mark.parametrize(
    ("letter", "quote"),
    [
        (
            "イネスは五月に港の合唱団を辞めます。理由はお金です。",
            "彼女によると、イネスは五月に港の合唱団を辞めるそうです。",
        ),
        ("她五月要离开港口合唱团，因为钱的问题，还没有人知道。", "听说她五月要离开港口合唱团了"),
        ("อิเนสจะออกจากคณะประสานเสียงในเดือนพฤษภาคมเพราะเรื่องเงิน", "เขาบอกว่าอิเนสจะออกจากคณะประสานเสียงแล้ว"),
        ("Инес уйдёт из портового хора в мае из-за денег.", "что инес уйдёт из портового хора в мае"),
        ("إيناس ستغادر جوقة الميناء في شهر مايو بسبب المال", "قالت إن إيناس ستغادر جوقة الميناء في شهر مايو"),
    ],
)
def test_scripts_without_spaces_are_read_too(letter: str, quote: str) -> None:
    secrets = Secrets([letter])
    assert secrets.found_in(quote) and not secrets.found_in(quote[: len(quote) // 3])


@given(st.text(alphabet="aбا漢か ", min_size=40, max_size=60), st.integers(0, 60))
def test_a_long_enough_piece_is_found_wherever_it_begins(letter: str, at: int) -> None:
    piece = letter[at:]
    words = [word for word in piece.split() if word]
    if sum(len(word) if set(word) & set("漢か") else 1 for word in words[1:]) >= 30:
        assert Secrets([letter]).found_in(" ".join(words[1:]))
