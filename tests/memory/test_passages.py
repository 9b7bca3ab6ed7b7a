import re

from hypothesis import given
from hypothesis import strategies as st

from memory.passages import cut, embedded_text, heading, text_hash, vector_hashes

WORD = st.text("abcdefgh", min_size=1, max_size=9)
SENTENCE = st.lists(WORD, min_size=1, max_size=40).map(lambda words: " ".join(words) + ".")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=12).map(" ".join)
BODY = st.lists(PARAGRAPH, max_size=12).map("\n\n".join)


def words(text: str) -> list[str]:
    return text.split()


def paragraph(count: int, word: str = "word") -> str:
    return " ".join([word] * (count - 1)) + f" {word}."


@given(st.text() | BODY)
def test_a_passage_is_a_slice_of_its_body(body: str) -> None:
    for piece in cut("Title", body):
        assert piece.text == body[piece.start : piece.end]


@given(BODY)
def test_no_word_is_lost_or_said_twice(body: str) -> None:
    assert [word for piece in cut("", body) for word in words(piece.text)] == words(body)


@given(BODY)
def test_passages_have_120_to_150_words_but_for_the_last_and_long_sentences(body: str) -> None:
    sizes = [len(words(piece.text)) for piece in cut("", body)]
    assert all(size <= 150 for size in sizes[:-1])
    assert all(size >= 111 for size in sizes[:-1])  # a sentence here has up to 40 words
    assert not sizes or sizes[-1] < 150 + 40


def test_a_passage_ends_where_a_paragraph_ends() -> None:
    body = "\n\n".join([paragraph(70), paragraph(60), paragraph(125), paragraph(90)])
    assert [len(words(piece.text)) for piece in cut("", body)] == [130, 125, 90]


def test_a_long_paragraph_is_cut_where_a_sentence_ends() -> None:
    body = " ".join(paragraph(20, f"w{number}") for number in range(20))
    pieces = cut("", body)
    assert len(pieces) == 3
    assert all(piece.text.endswith(".") for piece in pieces)


def test_what_has_no_sentences_is_cut_between_words() -> None:
    pieces = cut("", " ".join(f"item{number}" for number in range(400)))
    assert [len(words(piece.text)) for piece in pieces] == [120, 120, 120, 40]


def test_a_script_without_spaces_is_cut_too() -> None:
    pieces = cut("", "潮の表は鉛筆で書く。" * 60)
    assert len(pieces) > 3
    assert all(piece.text.endswith("。") for piece in pieces)


def test_a_short_rest_joins_the_passage_before() -> None:
    body = f"{paragraph(130)}\n\nThanks for reading."
    assert [piece.text for piece in cut("", body)] == [body]


def test_an_empty_body_has_no_passages() -> None:
    assert cut("Title", " \n\n ") == []


def test_the_title_is_part_of_what_is_hashed_and_embedded() -> None:
    [piece] = cut("Tides", "High water.")
    assert piece.content_hash == text_hash(embedded_text("Tides", "High water.")) == text_hash("Tides\n\nHigh water.")
    assert piece.content_hash != cut("Tide", "High water.")[0].content_hash
    assert re.fullmatch("[0-9a-f]{64}", piece.content_hash)


def test_a_works_vectors_are_those_of_its_passages_and_its_heading() -> None:
    body = f"{paragraph(130)}\n\n{paragraph(130, 'other')}"
    expected = {piece.content_hash for piece in cut("Tides", body)} | {text_hash(heading("Tides", "In short."))}
    assert vector_hashes("Tides", "In short.", body) == expected
    assert len(expected) == 3
