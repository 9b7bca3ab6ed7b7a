from hypothesis import given
from hypothesis import strategies as st

from core.metadata import DESCRIPTION_MOST, SLUG_MOST, TITLE_MOST, metadata_of, reading_minutes, unwrapped


def test_a_text_says_its_own_metadata() -> None:
    said = metadata_of("# Who keeps the tide tables?\n\nThe harbour office does. It has done so for *ninety* years.\n")
    assert said.model_dump() == {
        "title": "Who keeps the tide tables?",
        "seo_title": "Who keeps the tide tables?",
        "description": "The harbour office does. It has done so for ninety years.",
        "slug": "who-keeps-the-tide-tables",
        "language": None,
        "words": 11,
        "reading_minutes": 1,
    }


def test_signs_of_japanese_count_one_by_one() -> None:
    said = metadata_of("潮位表は港の事務所が管理しています。" * 100)
    assert (said.language, said.words, said.reading_minutes) == ("ja", 1700, 3)
    assert reading_minutes("") == 0


def test_an_address_keeps_letters_of_any_script_and_loses_latin_accents() -> None:
    assert metadata_of("x", title="Café à la crème: ¿qué?").slug == "cafe-a-la-creme-que"
    assert metadata_of("x", title="हिन्दी में").slug == "हिन्दी-में"
    assert metadata_of("x", title="../../etc/passwd").slug == "etc-passwd"


@given(st.text(max_size=400), st.text(max_size=120), st.text(max_size=300))
def test_nothing_is_longer_than_is_shown(text: str, title: str, summary: str) -> None:
    said = metadata_of(text, title=title, summary=summary)
    assert len(said.seo_title) <= TITLE_MOST
    assert len(said.description) <= DESCRIPTION_MOST
    assert len(said.slug) <= SLUG_MOST and not set(said.slug) & set("/\\. \n")


def test_an_editors_line_ends_are_no_ends_of_sentences() -> None:
    first = "The office printed the tables for the whole of the coast, and the"
    wrapped = f"{first}\n[Harbour\nOffice](https://x.example) kept them.\n"
    assert metadata_of(wrapped).description == (
        "The office printed the tables for the whole of the coast, and the Harbour Office kept them."
    )
    assert len(unwrapped(wrapped)) == len(wrapped)


def test_verse_lists_and_code_keep_their_lines() -> None:
    long = "a line that an editor would have wrapped, were it any longer than this"
    for kept in ("Tide in,\ntide out.\n", f"- {long}\n- two\n", f"```\n{long}\nx = 1\n```\n", f"{long}  \nnext\n"):
        assert unwrapped(kept) == kept
