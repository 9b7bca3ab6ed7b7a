import pytest

from core import content_warnings
from core.audience import audience_of, school_years
from core.linked_names import links_of, names_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A film about suicide, and what came after.", {"suicide-self-harm"}),
        ("He stood up twice. It was career suicide.", set()),
        ("The rape  seed fields were yellow.", set()),
        ("She was raped\nin 1943.", {"sexual-violence"}),
        ("We read murder mysteries all winter.", set()),
        ("Mutilated statues, and a massacre in the square.", {"violence", "blood-injury"}),
        ("The models hallucinate; LLMs hallucinated dates.", set()),
        ("Grapes, drapes and therapists.", set()),
    ],
)
def test_words_of_the_list_raise_a_warning_and_others_do_not(text: str, expected: set[str]) -> None:
    assert {each.id for each in content_warnings.find(text)} == expected


def test_a_warning_shows_every_place_of_its_words() -> None:
    text = "The murderer was tried. “Murder”, said the judge."
    [found] = content_warnings.find(text)
    assert [text[start:end] for start, end in found.spans] == ["murderer", "Murder"]
    assert found.words == ("murderer", "murder")
    assert content_warnings.labels()[found.id] == found.label


def test_the_list_has_a_version() -> None:
    assert content_warnings.version()[:2] == "20"


def test_readers_are_those_that_the_text_addresses() -> None:
    assert audience_of("A guide for new web designers. If you're a teacher, read on.", "en").named == (
        "web designers",
        "teachers",
    )
    assert audience_of("The developer met three designers.", "en").named == ()
    assert audience_of("A guide for designers.", "de").named == ()


def test_long_sentences_of_long_words_read_harder() -> None:
    easy = "The cat sat on the mat. It was a good mat. " * 12
    hard = (
        "Institutional considerations notwithstanding, interdepartmental reorganisation necessitates consultation. "
        * 15
    )
    assert audience_of(easy, "en").level == "general"
    assert audience_of(hard, "en").level == "specialist"
    assert school_years("Too short to tell.") is None
    assert audience_of("Too short to tell.", "en").level == ""


def test_a_name_has_only_the_address_that_a_source_gives() -> None:
    text = "We asked [Ada Holm](https://holm.example/ada) and Jon Berg. Later Ada Holm wrote to the Harbour Office."
    plain = "We asked Ada Holm and Jon Berg. Later Ada Holm wrote to the Harbour Office."
    past = {"harbour office": ("https://harbour.example", "w_1"), "ada holm": ("https://elsewhere.example", "w_1")}
    found = {each.name: each for each in names_of(plain, [links_of(text, "this text"), past])}
    assert (found["Ada Holm"].url, found["Ada Holm"].given_by) == ("https://holm.example/ada", "this text")
    assert found["Ada Holm"].count == 2
    assert found["Jon Berg"].url is None
    assert (found["Harbour Office"].url, found["Harbour Office"].given_by) == ("https://harbour.example", "w_1")


def test_pictures_and_addresses_without_words_give_no_links() -> None:
    assert links_of("![A boat](https://x.example/a.jpg) <https://y.example>", "this text") == {}
    assert links_of('<a class="x" href="https://z.example">The Quay</a>', "this text") == {
        "quay": ("https://z.example", "this text")
    }
