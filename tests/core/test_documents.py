import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import channels
from core.documents import from_document, to_document
from core.drafts import Content
from core.errors import BadInput

tricky = st.characters(blacklist_categories=["Cs"]) | st.sampled_from("\x85\u2028\ufeff\r\n\t\x00\"'\\:#-\xa0👩\u200d")
texts = st.text(tricky, max_size=80)
contents = st.builds(
    Content,
    text=texts,
    title=texts,
    subject=texts,
    preheader=texts,
    summary=texts,
    tags=st.lists(texts, max_size=4).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(contents)
def test_a_document_reads_back_as_the_fields_of_its_channel(content: Content) -> None:
    for place in channels():
        own = Content.model_validate({field: getattr(content, field) for field in place.fields})
        assert from_document(place, to_document(place, content)) == own


@pytest.mark.parametrize("text", ["---\nnot: front matter\n---\n", "", "\n\n", "a\r\nb", "--- \n"])
def test_where_the_text_is_all_the_document_is_the_text(text: str) -> None:
    assert to_document("bluesky", Content(text=text)) == text
    assert from_document("bluesky", text) == Content(text=text)


@pytest.mark.parametrize(
    "value", ["yes", "2026-11-20", "null", "1_000", "0x1F", "~", "- a", "[x]", "a: b", "'", "# no"]
)
def test_a_title_stays_the_text_that_was_written(value: str) -> None:
    content = Content(text="Body", title=value)
    assert from_document("site", to_document("site", content)).title == value


def test_what_a_person_types_without_quotes_stays_text() -> None:
    document = "---\ntitle: 2026-11-20\nsummary: no\ntags: plain language, government\n---\nText"
    assert from_document("site", document) == Content(
        text="Text", title="2026-11-20", summary="no", tags=("plain language", "government")
    )


def test_a_document_with_windows_line_ends_is_read() -> None:
    assert from_document("newsletter", "---\r\nsubject: Hello\r\n---\r\n\r\nText\r\n") == Content(
        text="Text\r\n", subject="Hello"
    )


def test_fields_that_the_document_leaves_out_are_kept() -> None:
    old = Content(text="old", title="Old", tags=("a",), links=("https://example.org",))
    assert from_document("site", "---\ntitle: New\n---\n\nnew", keep=old) == old.model_copy(
        update={"text": "new", "title": "New"}
    )


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("---\ntitle: A\nno end", "Line 1 opens"),
        ("---\ntitle: A\nsummary: one: two\n---\n", "Line 3 "),
        ('---\ntitle: "A\n---\n', "Line 2 "),
        ("---\ntitle: A\nsubject: B\n---\n", "Line 3: 'subject' is not a field of Own site"),
        ("---\n- a\n---\n", "Line 2 "),
        ("---\ntitle: [a, b]\n---\n", "Line 2: title must be one text"),
        ("---\ntitle: A\ntags: {a: b}\n---\n", "Line 3: tags must be a list"),
        ("---\n\tx: y\n---\n", "Line 2 "),
    ],
)
def test_a_broken_front_matter_names_its_line(document: str, said: str) -> None:
    with pytest.raises(BadInput) as error:
        from_document("site", document)
    assert error.value.message.startswith(said)
