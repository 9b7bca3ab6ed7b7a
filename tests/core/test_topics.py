import pytest

from core.errors import BadInput
from core.topics import mediatopics
from core.topics.shipped import address
from core.topics.vocabulary import read

OWN = "id\tname\tbroader\tsynonyms\n# ours\nsea\tThe sea\t\t\ntide\tTides\tsea\tebb; flood\n"


def test_media_topics_have_ids_names_and_places() -> None:
    vocabulary = mediatopics()
    assert len(vocabulary.terms) == len(vocabulary.by_id) > 1000
    cooking = vocabulary.by_id["medtop:20001253"]
    assert cooking.name == "cooking and baking" and "sourdough" in cooking.spellings("en")
    assert cooking.named("de-AT") != cooking.name == cooking.named("xx") == cooking.named("en")
    assert vocabulary.path(cooking.id)[0].name == "lifestyle and leisure"
    assert address(cooking.id) == "http://cv.iptc.org/newscodes/mediatopic/20001253"
    assert vocabulary.get("medtop:99999999") is None


def test_every_topic_is_part_of_one_that_is_there_and_our_words_are_for_topics_that_exist() -> None:
    vocabulary = mediatopics()
    assert all(each.broader in vocabulary.by_id for each in vocabulary.terms if each.broader)
    assert {each.id for each in vocabulary.terms if not each.broader} == {
        f"medtop:{number:02}000000" for number in range(1, 18)
    }
    from core.topics.shipped import _synonyms

    assert set(_synonyms()) <= set(vocabulary.by_id)


def test_a_vocabulary_comes_from_a_file() -> None:
    vocabulary = read(OWN, scheme="coast")
    assert [each.id for each in vocabulary.path("tide")] == ["sea", "tide"]
    assert vocabulary.by_id["tide"].spellings("en") == ("Tides", "ebb", "flood")
    assert read("\ufeffid,name\r\na,A\r\n", scheme="x").terms[0].name == "A"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("name\nTides\n", "columns id and name"),
        ("id\tname\nsea\t\n", "line 2: an entry needs"),
        ("id\tname\nsea\tSea\nsea\tSea again\n", "line 3: sea is there twice"),
        ("id\tname\tbroader\ntide\tTides\tsea\n", "line 2: tide is part of sea"),
        ('id,name\nsea,"Sea\ntide,Tides\n', "near line 3: unexpected end of data"),
        pytest.param("id,name\nsea," + "s" * 140_000, "field larger than", id="a cell of a novel"),
        pytest.param("id,name\n" + "s" * 201 + ",Sea\n", "line 2, id: String should have at most 200", id="long id"),
        ("#a\nid,name\n,Sea\n#b\n", "line 3: an entry needs"),
    ],
)
def test_a_broken_vocabulary_names_its_line(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(text, scheme="coast", name="coast.tsv")
