"""Tags and metadata of files and folders, without a language model: what is written, what stays, going on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.studio import Studio
from app.tagging import Choices, tag_file, tag_folder, vocabulary_from
from app.text_files import chosen_writes
from core.errors import BadInput
from core.metadata_files import dublin_core, front_matter, json_ld, open_graph
from tests.making import LETTERS, make_studio
from tests.memory.making import NOON
from tools.tagged import NO_MODEL

BODY = (
    "The tide tables hang in the harbour kiosk. Marit copies the tide tables for the harbour office, and the "
    "[harbour office](https://harbour.example) checks them.\n\nA guide for sailors: read the tide tables twice.\n"
)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio with four letters, without a model."""
    made = make_studio(tmp_path_factory.mktemp("tagging"), lambda: NOON)
    yield made
    made.close()


def quiet(*_: object) -> None:
    """Tell nobody."""


def test_a_post_is_tagged_and_written_everywhere(studio: Studio, tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_text(f"---\nlayout: post\n---\n# Tables in the kiosk\n\n{BODY}")
    done = tag_file(studio, post, Choices(write=chosen_writes(["front-matter", "json-ld", "opengraph", "dublin-core"])))
    assert done.wrote == ("post.md", "post.md.jsonld", "post.md.og.html", "post.md.dc.xml")
    assert done.said.model == "" and NO_MODEL in done.said.notes
    assert done.said.tags[0].source == "own" and "harbours" in [each.tag for each in done.said.tags]
    assert done.said.audience.named == ("sailors",)
    said = front_matter.read(post.read_text())
    assert said["layout"] == "post" and said["title"] == "Tables in the kiosk" and said["slug"] == "tables-in-the-kiosk"
    assert post.read_text().endswith(BODY)
    tags = said["tags"]
    assert json_ld.read((tmp_path / "post.md.jsonld").read_text())["keywords"] == tags
    assert [
        text for name, text in open_graph.read((tmp_path / "post.md.og.html").read_text()) if name == "article:tag"
    ] == tags
    assert {
        text for name, text in dublin_core.read((tmp_path / "post.md.dc.xml").read_text()) if name == "dc:subject"
    } == set(tags)
    again = tag_file(studio, post, Choices(write=chosen_writes(["into", "json-ld", "opengraph", "dublin-core"])))
    assert again.wrote == ()


def test_tags_that_stand_there_come_first_and_stay(studio: Studio, tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_text(f"---\ntags: [Kiosks]\n---\n{BODY}")
    done = tag_file(studio, post, Choices(k=4, write=("into",)))
    assert done.said.tags[0].tag == "Kiosks" and done.said.tags[0].source == "there" and len(done.said.tags) == 4
    assert front_matter.read(post.read_text())["tags"] == ["Kiosks"]
    tag_file(studio, post, Choices(k=4, write=("into",), existing="add"))
    assert front_matter.read(post.read_text())["tags"] == [each.tag for each in done.said.tags]


def test_a_page_is_read_without_its_menus_and_written_into_its_head(studio: Studio, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = "<p>" + BODY.replace("\n\n", "</p><p>") * 4 + "</p>"
    page.write_text(
        f"<html><head><title>Tables</title></head><body><nav>Buy anchors</nav><article>{text}</article></body></html>"
    )
    done = tag_file(studio, page, Choices(write=("into",)))
    assert done.wrote == ("page.html",)
    assert ("og:title", "Tables") in open_graph.read(page.read_text())
    assert "anchors" not in " ".join(each.tag for each in done.said.tags)
    assert tag_file(studio, page, Choices(write=("into",))).wrote == ()


def test_a_folder_goes_on_where_it_stopped(studio: Studio, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.md").write_text(f"# Letter {name}\n\n{BODY}")
    (tmp_path / "c.txt").write_text(BODY)
    (tmp_path / "d.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / ".hidden.md").write_text(BODY)
    choices, told = Choices(write=("into",)), []
    done = tag_folder(studio, tmp_path, choices, tell=lambda *each: told.append(each))
    assert [each.path for each in done.done] == ["a.md", "b.md"] and told[-1] == ("texts", 4, 4)
    assert {each.path: each.error[:22] for each in done.failed} == {
        "c.txt": "c.txt is no Markdown a",
        "d.md": "d.md is no UTF-8 text ",
    }
    (tmp_path / "b.md").write_text(f"# Another\n\n{BODY}")
    with (tmp_path / ".greenroom-tags.jsonl").open("a") as file:
        file.write('{"path": "a.m')  # cut off
    done = tag_folder(studio, tmp_path, choices, tell=quiet)
    assert [each.path for each in done.done] == ["b.md"] and done.before == 1
    assert not {"tide", "Marit"} & set((tmp_path / ".greenroom-tags.jsonl").read_text().split())


def test_results_of_a_folder_can_be_kept_without_writing_to_it(studio: Studio, tmp_path: Path) -> None:
    place, out = tmp_path / "posts", tmp_path / "tags.jsonl"
    place.mkdir()
    (place / "a.md").write_text(BODY)
    tag_folder(studio, place, Choices(), out=out, tell=quiet)
    assert tag_folder(studio, place, Choices(), out=out, tell=quiet).before == 1
    assert json.loads(out.read_text())["said"]["tags"][0]["tag"]
    assert [each.name for each in place.iterdir()] == ["a.md"] and (place / "a.md").read_text() == BODY


def test_a_vocabulary_of_ones_own_takes_the_place_of_the_one_that_ships(studio: Studio, tmp_path: Path) -> None:
    words = tmp_path / "coast.tsv"
    words.write_text("id\tname\tbroader\tsynonyms\nsea\tSea\nt1\tTides\tsea\ttide table\nf\tFoundries\n")
    post = tmp_path / "post.md"
    post.write_text(BODY)
    said = tag_file(studio, post, Choices(vocabulary=vocabulary_from(words))).said
    assert [(each.id, each.path) for each in said.topics][:1] == [("t1", ("Sea", "Tides"))]
    assert "f" not in [each.id for each in said.topics] and said.vocabulary == "coast"


def test_a_text_whose_consent_was_revoked_is_left_alone(studio: Studio, tmp_path: Path) -> None:
    work = next(each for each in studio.works() if each.title == "Kelp, by weight")
    studio.memory.consents.say(studio.workspace.id, f"work:{work.id}", granted=False, by="owner")
    post = tmp_path / "post.md"
    post.write_text(LETTERS["2025-09-20-kelp.md"][2])
    with pytest.raises(BadInput, match="Consent"):
        tag_file(studio, post, Choices(write=("into",)))
    assert post.read_text() == LETTERS["2025-09-20-kelp.md"][2]


def test_another_place_to_write_to_is_named() -> None:
    with pytest.raises(BadInput, match="front-matter"):
        chosen_writes(["pdf"])
