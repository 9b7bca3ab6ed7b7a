"""`greenroom pictures` as a person meets it: cards, covers, crops, the look, fonts, and what a model makes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from media.metadata import label_of, read_said
from memory import Memory
from tests.counterparts.exiftool import told
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.media.making import exif, halves, opened, photo, saved

Run = Callable[..., Any]
FONT = Path(__file__).parents[2] / "media" / "typefaces" / "thai-600.ttf"
BODY = "You don't know a harbour — until you've seen it at low water.\n\nThe tin was hers."
LETTER = {"id": "1", "title": "The tin", "date": "2024-03-01", "authors": ["Ines"], "body": BODY}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one letter; nothing here needs vectors."""
    home = tmp_path_factory.mktemp("pictures") / "home"
    assert CliRunner().invoke(build(), ["init", "--name", "Tidewater", "--home", str(home)]).exit_code == 0
    return home


@pytest.fixture
def run(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `pictures …` in a folder of its own; `code` is the exit code that it must have."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, code: int = 0) -> Any:
        result = CliRunner().invoke(build(), ["pictures", *words, "--home", str(founded), "--json"])
        assert result.exit_code == code, (result.exit_code, result.output, result.stderr)
        body = json.loads(result.stdout)
        return body["error"] if code else body

    return run


@pytest.fixture
def work(founded: Path) -> str:
    memory = Memory.open(founded)
    known = memory.works.list("tidewater")
    memory.close()
    if known:
        return known[0].id
    file = founded.parent / "letters.jsonl"
    file.write_text(json.dumps(LETTER))
    result = CliRunner().invoke(build(), ["import", str(file), "--home", str(founded)])
    assert result.exit_code == 0, result.output
    return run_works(founded)


def files_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def run_works(home: Path) -> str:
    memory = Memory.open(home)
    try:
        return memory.works.list("tidewater")[0].id
    finally:
        memory.close()


def test_a_card_is_written_once_with_its_words_as_alt_text(run: Run, tmp_path: Path) -> None:
    drawn = run("card", "Low water.", "--by", "Ines", "--source", "Letter 12")
    file = tmp_path / drawn["file"]
    assert (drawn["file"], drawn["width"], drawn["alt"]) == ("low-water-square.png", 1080, "Low water. Ines. Letter 12")
    said = read_said(file.read_bytes())
    assert (said.words.alt, said.words.tool) == (drawn["alt"], "Greenroom") and said.facts.height == 1080
    before = file.read_bytes()
    error = run("card", "Low water.", code=2)
    assert "is there already" in error["message"] and "--out" in error["hint"] and file.read_bytes() == before


def test_a_quote_of_a_past_work_stands_there_word_for_word(run: Run, work: str) -> None:
    drawn = run("card", "You don’t know a harbour", "--work", work)  # another apostrophe is the same word
    assert drawn["work_id"] == work and drawn["alt"] == "You don’t know a harbour. Ines. The tin"
    error = run("card", "You know every harbour", "--work", work, "--out", "b.png", code=2)
    assert "don't stand in “The tin”" in error["message"] and not Path("b.png").exists()


def test_a_cover_takes_a_picture_and_a_point(run: Run, tmp_path: Path) -> None:
    (tmp_path / "quay.jpg").write_bytes(photo(halves(1600, 630), orientation=1))
    drawn = run("cover", "The tin", "--kicker", "Letter 12", "--picture", "quay.jpg", "--focus", "0.9,0.5", "--format",
                "wide")  # fmt: skip
    assert (drawn["layout"], drawn["focus"]) == ("picture", "0.90, 0.50: as you said")
    assert opened((tmp_path / drawn["file"]).read_bytes()).convert("RGB").getpixel((280, 300))[2] > 200  # type: ignore[index]
    assert run("cover", "The tin", "--out", "plain.png")["layout"] == "cover"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("card", " "), "no words"),
        (("card", "x", "--layout", "poster"), "no layout “poster”"),
        (("card", "x", "--format", "round"), "no format"),
        (("cover", "x", "--picture", "nowhere.jpg"), "can't be read"),
        (("cover", "x", "--layout", "picture"), "needs a picture"),
        (("crop", "nowhere.jpg", "--shape", "4:5"), "can't be read"),
        (("crop", "a.png", "--shape", "4by5"), "no shape"),
        (("crop", "a.png", "--shape", "100:1"), "too narrow"),
        (("crop", "a.png"), "Say what to cut it for"),
        (("crop", "a.png", "--for", "myspace"), "no channel called"),
        (("look", "--set", "colour=#fff"), "says nothing of the look"),
        (("look", "--set", "accent=#f0f0f0"), "could hardly be read"),
        (("look", "--set", "title=Futura"), "no font “Futura”"),
        (("fonts", "--add", "nowhere.ttf"), "no file"),
        (("fonts", "--add", "a.png"), "no .ttf"),
        (("generate", " "), "characters"),
        (("generate", "a tin", "--size", "9x9"), "no size"),
        (("generate", "a tin", "--out", "a.png"), "is there already; nothing was asked"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_written(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "a.png").write_bytes(saved(halves(), "PNG"))
    assert said in run(*words, code=2)["message"]
    assert files_in(tmp_path) == ["a.png"]


def test_a_crop_for_a_channel_is_what_a_draft_would_get_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "quay.jpg").write_bytes(saved(halves(1200, 400), "JPEG", exif=exif()))
    cut = run("crop", "quay.jpg", "--for", "instagram", "--focus", "0.5,0.5")
    assert (cut["file"], cut["width"], cut["height"]) == ("quay-instagram.jpg", 764, 400)
    assert b"Canon" not in (tmp_path / cut["file"]).read_bytes()
    assert run("crop", "quay.jpg", "--shape", "1:1", "--out", "s.jpg")["width"] == 400
    assert run("crop", "quay.jpg", "--for", "mastodon")["focus"] == "nothing is cut"


def test_the_look_is_changed_shown_and_drawn_with_and_the_rest_of_the_policy_stays(run: Run, tmp_path: Path) -> None:
    assert run("look", "--set", "accent=#7a2e1d")["look"]["accent"] == "#7a2e1d"
    shown = run("look")
    assert shown["look"]["accent"] == "#7a2e1d" and all(each["ok"] for each in shown["contrasts"])
    drawn = run("cover", "Fog")
    assert opened((tmp_path / drawn["file"]).read_bytes()).convert("RGB").getpixel((5, 5)) == (0x7A, 0x2E, 0x1D)
    assert run("look", "--set", "accent=")["look"]["accent"] == "#0f6b4f"


def test_a_font_of_ones_own_is_added_and_shown(run: Run, founded: Path) -> None:
    added = run("fonts", "--add", str(FONT))
    assert added["added"] == ["Noto Sans Thai SemiBold"] and added["shapes"]
    assert [each["family"] for each in added["fonts"] if each["from"] == "yours"] == ["Noto Sans Thai"]
    (founded / "fonts" / "thai-600.ttf").write_bytes(b"other")
    assert "there already, with other bytes" in run("fonts", "--add", str(FONT), code=2)["message"]
    (founded / "fonts" / "thai-600.ttf").unlink()


def test_without_a_model_that_makes_pictures_it_says_so(run: Run, tmp_path: Path) -> None:
    error = run("generate", "a tin", code=6)
    assert error["kind"] == "needs_model" and files_in(tmp_path) == []


@pytest.fixture
def drawing(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> OpenAIServer:
    monkeypatch.setenv("DRAW_KEY", server.key)
    draw = {"model": "image-1", "base_url": server.base_url, "key_env": "DRAW_KEY", "capabilities": ["images"],
            "max_retries": 0, "price_picture": 0.04}  # fmt: skip
    monkeypatch.setenv("GREENROOM_MODELS", json.dumps({"models": {"draw": draw}}))
    return server


def test_a_made_picture_is_labelled_and_counted(run: Run, drawing: OpenAIServer, tmp_path: Path, founded: Path) -> None:
    drawing.script(Say(picture=saved(halves(), "PNG"), text="a tin, in grey"))
    made = run("generate", "A tin on a shelf", "--alt", "A tin, its lid open")
    assert (made["file"], made["label"], made["cost"]) == ("a-tin-on-a-shelf.png", "trainedAlgorithmicMedia", 0.04)
    file = tmp_path / made["file"]
    assert label_of(file.read_bytes(), "image/png").tool == "image-1"
    [fields] = told(file)
    assert fields["XMP-iptcExt:DigitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert fields["XMP-iptcCore:AltTextAccessibility"] == "A tin, its lid open"
    memory = Memory.open(founded)
    [row] = [each for each in memory.usage.list("tidewater") if each.stage == "draw"]
    memory.close()
    assert (row.model, row.endpoint, row.cost) == ("image-1", "draw", 0.04)


@pytest.mark.parametrize(
    "bad", [Say(picture=b"%PDF-1.7 no picture"), Say(picture=b"\x89PNG\r\n\x1a\n cut"), Say(status=500)]
)
def test_what_is_no_picture_is_not_kept(run: Run, drawing: OpenAIServer, tmp_path: Path, bad: Say) -> None:
    drawing.script(bad)
    run("generate", "a tin", code=1)
    assert files_in(tmp_path) == [] and len(drawing.journal) == 1
