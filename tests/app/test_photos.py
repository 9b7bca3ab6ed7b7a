"""A folder of photos: words proposed, looked at, edited, written beside or into them; nothing lost, nothing twice."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.photo_sheets import read_sheet, write_sheet
from app.photographing import look, write
from app.studio import Studio
from core.canonical import sha256
from core.errors import BadInput, ModelFailed, OverBudget
from core.photos import Photo
from core.picture_words import PictureWords
from media.metadata import read_said, read_sidecar, same_picture, with_words
from tests.conftest import Clock
from tests.counterparts.exiftool import told
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import make_studio
from tests.media.making import exif, film, halves, saved

JPEG = saved(halves(), "JPEG", exif=exif(6))


def quiet(_what: str, _done: int, _total: int) -> None: ...


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all: what is proposed is kept by its folder, and each test has its own."""
    opened = make_studio(tmp_path_factory.mktemp("studio"), Clock(datetime(2026, 11, 20, 12, tzinfo=UTC)))
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "photos"
    (place / "2024").mkdir(parents=True)
    (place / "IMG_0001.jpg").write_bytes(JPEG)
    (place / "2024" / "kelp-work-at-low-water.jpg").write_bytes(saved(halves(60, 30), "JPEG"))
    (place / "2024" / "kelp.png").write_bytes(saved(halves(40, 30), "PNG"))
    captioned = PictureWords(description="The ferry leaves", keywords=("ferry",), creators=("Ines",))
    (place / "ferry.webp").write_bytes(with_words(saved(halves(), "WEBP"), "image/webp", captioned))
    (place / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (place / "film.gif").write_bytes(film())
    (place / ".hidden.jpg").write_bytes(JPEG)
    (place / "notes.txt").write_text("not a photo")
    return place


def by_path(photos: tuple[Photo, ...]) -> dict[str, Photo]:
    return {each.path: each for each in photos}


# looked at


def test_what_is_known_is_proposed_with_its_reason_and_nothing_is_made_up(studio: Studio, folder: Path) -> None:
    looked = look(studio, folder, tell=quiet)
    assert (looked.model, looked.new, [each.path for each in looked.failed]) == ("", 4, ["broken.jpg"])
    found = by_path(looked.photos)
    assert sorted(found) == ["2024/kelp-work-at-low-water.jpg", "2024/kelp.png", "IMG_0001.jpg", "ferry.webp"]
    named = found["2024/kelp-work-at-low-water.jpg"]
    assert (named.words.title, named.why["title"]) == ("Kelp work at low water", "from the file's name")
    assert set(named.words.keywords) == {"kelp", "work"} and named.why["keyword:work"] == "your tag, named there"
    assert found["2024/kelp.png"].words.keywords == ("kelp",)
    bare = found["IMG_0001.jpg"]
    assert bare.words == PictureWords() and any("No model that sees pictures" in each for each in bare.notes)
    assert any("with a Canon at 59.9083" in each for each in bare.notes)
    ferry = found["ferry.webp"]
    assert ferry.words.creators == ("Ines",) and ferry.why["description"] == "it stands there already"
    assert ferry.words.alt == "The ferry leaves" and "check that it says what is seen" in ferry.why["alt"]


def test_nothing_is_written_before_it_is_asked_for(studio: Studio, folder: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    look(studio, folder, tell=quiet)
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()} == before


def test_only_what_is_new_or_changed_is_looked_at_again(studio: Studio, folder: Path) -> None:
    look(studio, folder, tell=quiet)
    again = look(studio, folder, tell=quiet)
    assert (again.new, again.unchanged, again.gone) == (0, 4, 0)
    (folder / "IMG_0001.jpg").write_bytes(saved(halves(90, 40), "JPEG"))
    (folder / "IMG_0002.jpg").write_bytes(JPEG)
    (folder / "ferry.webp").unlink()
    third = look(studio, folder, tell=quiet)
    assert (third.new, third.unchanged, third.gone) == (2, 2, 1)
    assert look(studio, folder, again=True, tell=quiet).new == 4


def test_a_run_that_was_killed_goes_on_where_it_stopped(studio: Studio, folder: Path) -> None:
    def until_two(_what: str, done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look(studio, folder, tell=until_two)
    assert look(studio, folder, tell=quiet).unchanged == 2


def test_a_folder_that_is_none_is_named(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no folder"):
        look(studio, tmp_path / "nowhere", tell=quiet)
    with pytest.raises(BadInput, match="Nothing is proposed") as caught:
        write(studio, tmp_path, "sidecar", edited={}, tell=quiet)
    assert "greenroom photos FOLDER" in caught.value.hint


def test_a_link_out_of_the_folder_is_not_followed(studio: Studio, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(JPEG)
    (folder / "link.jpg").symlink_to(outside)
    assert "link.jpg" not in by_path(look(studio, folder, tell=quiet).photos)


# written


def test_words_are_written_beside_the_photos_which_stay_as_they_are(studio: Studio, folder: Path) -> None:
    look(studio, folder, tell=quiet)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.suffix in (".jpg", ".png", ".webp")}
    wrote = write(studio, folder, "sidecar", edited={}, tell=quiet)
    assert (sorted(wrote.written), wrote.nothing_new) == (
        ["2024/kelp-work-at-low-water.jpg", "2024/kelp.png", "ferry.webp"], 1,
    )  # fmt: skip
    assert {path: path.read_bytes() for path in before} == before
    assert read_sidecar((folder / "2024" / "kelp.xmp").read_bytes()).keywords == ("kelp",)
    assert not (folder / "IMG_0001.xmp").exists()
    assert write(studio, folder, "sidecar", edited={}, tell=quiet).written == ()
    assert look(studio, folder, tell=quiet).unchanged == 4  # what we wrote ourselves is no change


def test_words_are_written_into_the_photos_and_exiftool_reads_them(studio: Studio, folder: Path) -> None:
    place = folder / "2024" / "kelp-work-at-low-water.jpg"
    before, rights = place.read_bytes(), 0o640
    place.chmod(rights)
    look(studio, folder, tell=quiet)
    write(studio, folder, "embed", edited={}, only=["2024/*-*"], tell=quiet)
    assert same_picture(before, place.read_bytes(), "image/jpeg") and place.stat().st_mode & 0o777 == rights
    assert not read_said((folder / "2024" / "kelp.png").read_bytes()).words.keywords  # not among --only
    [fields] = told(place)
    assert fields["XMP-dc:Title"] == fields["IPTC:ObjectName"] == "Kelp work at low water"
    assert look(studio, folder, tell=quiet).unchanged == 4


def test_a_photo_that_changed_since_it_was_looked_at_is_left_as_it_is(studio: Studio, folder: Path) -> None:
    look(studio, folder, tell=quiet)
    (folder / "2024" / "kelp.png").write_bytes(saved(halves(44, 30), "PNG"))
    wrote = write(studio, folder, "embed", edited={}, tell=quiet)
    assert [each.path for each in wrote.failed] == ["2024/kelp.png"] and "Look again" in wrote.failed[0].error
    assert not read_said((folder / "2024" / "kelp.png").read_bytes()).words.keywords


def test_another_programs_sidecar_is_kept_and_a_raw_file_beside_gets_its_own(studio: Studio, folder: Path) -> None:
    (folder / "ferry.cr2").write_bytes(b"raw")
    (folder / "2024" / "kelp.xmp").write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:Exposure2012="+0.5"/>'
        "</rdf:RDF></x:xmpmeta>"
    )
    look(studio, folder, tell=quiet)
    write(studio, folder, "sidecar", edited={}, tell=quiet)
    assert (folder / "ferry.webp.xmp").exists() and not (folder / "ferry.xmp").exists()
    kept = (folder / "2024" / "kelp.xmp").read_text()
    assert 'Exposure2012="+0.5"' in kept and "kelp" in kept


def test_a_hostile_sidecar_leaves_its_photo_out_and_no_other(studio: Studio, folder: Path) -> None:
    (folder / "2024" / "kelp.xmp").write_text('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')
    looked = look(studio, folder, tell=quiet)
    assert [each.path for each in looked.failed] == ["2024/kelp.png", "broken.jpg"] and looked.new == 3


def test_what_can_not_be_written_is_said_and_the_rest_is_written(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(studio, folder, tell=quiet)
    real = os.fsync
    broken = iter([OSError(28, "No space left on device")])

    def sync(file: int) -> None:
        for error in broken:
            raise error
        real(file)

    monkeypatch.setattr(os, "fsync", sync)
    wrote = write(studio, folder, "sidecar", edited={}, tell=quiet)
    assert len(wrote.failed) == 1 and "No space left on device" in wrote.failed[0].error and len(wrote.written) == 2
    assert not list(folder.rglob("*.part"))


# the sheet


def test_a_sheet_goes_out_is_edited_and_comes_back(studio: Studio, folder: Path, tmp_path: Path) -> None:
    photos = look(studio, folder, tell=quiet).photos
    sheet = tmp_path / "photos.csv"
    assert write_sheet(sheet, photos) == 4
    text = sheet.read_text(encoding="utf-8-sig")
    sheet.write_text(text.replace("2024/kelp.png,,,kelp,,", "2024/kelp.png,Kelp ash,,kelp; ash,A ring of stones,"))
    edited = read_sheet(sheet, photos)
    write(studio, folder, "embed", edited=edited, only=["2024/kelp.png"], tell=quiet)
    words = read_said((folder / "2024" / "kelp.png").read_bytes()).words
    assert (words.title, words.keywords, words.alt) == ("Kelp ash", ("kelp", "ash"), "A ring of stones")
    with pytest.raises(BadInput, match="can't be written"):
        write_sheet(sheet, photos)


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("title\nx\n", "line 1: there is no column “path”"),
        ("path,title\nnowhere.jpg,x\n", "line 2: there is no photo 'nowhere.jpg'"),
        ("path,title\nferry.webp,x,y,z\n", "line 2: it has more cells"),
        ("path,sha256\nferry.webp,abc\n", "line 2: ferry.webp is another picture"),
        ("path,title\nferry.webp," + "x" * 600 + "\n", "line 2, title"),
    ],
)
def test_a_sheet_that_is_off_names_its_line(tmp_path: Path, clock: Clock, sheet: str, said: str) -> None:
    words = PictureWords()
    photos = [
        Photo(
            id="ph_1", workspace="w", folder="f", path="ferry.webp", sha256="0", seen="", words=words, made_at=clock()
        )
    ]
    file = tmp_path / "photos.csv"
    file.write_text(sheet)
    with pytest.raises(BadInput, match=said.replace("(", r"\(")):
        read_sheet(file, photos)


def test_a_cell_that_a_spreadsheet_would_run_is_quoted_and_read_back(tmp_path: Path, clock: Clock) -> None:
    words = PictureWords(title="=HYPERLINK(1)", keywords=("-tide",), alt="+1")
    photo = Photo(id="ph_1", workspace="w", folder="f", path="a.jpg", sha256="0", seen="", words=words, made_at=clock())
    write_sheet(tmp_path / "s.csv", [photo])
    assert ",'=HYPERLINK(1)" in (tmp_path / "s.csv").read_text()
    assert read_sheet(tmp_path / "s.csv", [photo]) == {"a.jpg": words}


# with a model that sees


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running


@pytest.fixture
def seeing(tmp_path: Path, server: OpenAIServer, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv("EYES", server.key)
    eyes = {"model": "eyes-1", "base_url": server.base_url, "key_env": "EYES", "capabilities": ["vision"],
            "max_retries": 0, "price_in": 1.0, "price_out": 1.0, "max_output": 1000}  # fmt: skip
    opened = make_studio(tmp_path, clock, models=json.dumps({"models": {"eyes": eyes}}))
    yield opened
    opened.close()


def answer(**words: Any) -> Say:
    empty = {"alt": "", "caption": "", "title": "", "keywords": [], "text_in_picture": "", "unsure": ""}
    return Say(text=json.dumps({**empty, **words}))


def test_what_a_model_sees_is_proposed_apart_from_what_is_known(
    seeing: Studio, server: OpenAIServer, folder: Path
) -> None:
    for path in ("ferry.webp", "2024/kelp-work-at-low-water.jpg", "IMG_0001.jpg", "broken.jpg"):
        (folder / path).unlink()
    server.script(
        answer(alt="Brown kelp on grey stones, beside Torvald Berg.", title="Kelp", keywords=["Kelp", "shore"])
    )
    looked = look(seeing, folder, tell=quiet)
    [photo] = looked.photos
    assert (looked.model, photo.model) == ("eyes-1", "eyes-1")
    assert photo.words.alt.startswith("Brown kelp") and photo.why["alt"] == "by eyes-1, which saw it"
    assert photo.words.keywords == ("kelp", "shore")
    assert (photo.why["keyword:kelp"], photo.why["keyword:shore"]) == ("your tag, named there", "new, by eyes-1")
    assert any("Torvald Berg" in each and each.startswith("Check:") for each in photo.notes)
    [asked] = server.journal
    assert "kelp" in str(asked["messages"]) and "image_url" in str(asked["messages"])


def test_three_failures_in_a_row_stop_a_run_and_what_was_done_is_kept(
    seeing: Studio, server: OpenAIServer, folder: Path
) -> None:
    for number in range(4):
        (folder / f"z{number}.jpg").write_bytes(saved(halves(50 + number, 30), "JPEG"))
    server.script(*[answer(alt=f"Picture {number}") for number in range(4)], *[Say(status=400, error="no")] * 3)
    with pytest.raises(ModelFailed, match="After 3 failures in a row this stopped at z2") as caught:
        look(seeing, folder, tell=quiet)
    assert "--no-vision" in caught.value.hint
    server.script(*[answer(alt=f"Later {number}") for number in range(4)])
    assert look(seeing, folder, tell=quiet).new == 4 and server.left == 0
    assert len(server.journal) == 11  # none of the first four was paid for again


def test_a_budget_stops_it_before_it_overspends(seeing: Studio, server: OpenAIServer, folder: Path) -> None:
    seeing.memory.budgets.set(seeing.workspace.id, "month", 0.0001, unit="money", by="owner")
    with pytest.raises(OverBudget):
        look(seeing, folder, tell=quiet)
    assert server.journal == []


def test_without_vision_no_model_is_asked(seeing: Studio, server: OpenAIServer, folder: Path) -> None:
    assert look(seeing, folder, vision=False, tell=quiet).model == "" and server.journal == []


def test_consent_that_was_revoked_keeps_a_photo_out(studio: Studio, folder: Path) -> None:
    (folder / "2024" / "kelp.png").write_bytes(saved(halves(43, 30), "PNG"))
    look(studio, folder, tell=quiet)
    digest = sha256((folder / "2024" / "kelp.png").read_bytes())
    studio.memory.consents.say(studio.workspace.id, f"file:{digest}", granted=False, by="ines")
    wrote = write(studio, folder, "embed", edited={}, tell=quiet)
    assert [each.path for each in wrote.failed] == ["2024/kelp.png"] and "revoked" in wrote.failed[0].error
    assert "2024/kelp.png" in {each.path for each in look(studio, folder, again=True, tell=quiet).failed}


# cut off


def test_a_sheet_whose_writing_was_cut_off_goes_on(studio: Studio, folder: Path, tmp_path: Path) -> None:
    photos = look(studio, folder, vision=False, tell=quiet).photos
    sheet = tmp_path / "cut.csv"
    write_sheet(sheet, photos)
    sheet.write_text(sheet.read_text(encoding="utf-8-sig").replace("Kelp work", "Ash work"), encoding="utf-8-sig")
    edited = read_sheet(sheet, photos)
    first = "2024/kelp-work-at-low-water.jpg"
    write(studio, folder, "embed", only=[first], edited=edited, tell=quiet)  # and here it was cut off
    there = studio.memory.photos.list(studio.workspace.id, str(folder))
    rest = write(studio, folder, "embed", edited=read_sheet(sheet, there), tell=quiet)
    assert not rest.failed and first not in rest.written and "2024/kelp.png" in rest.written
    assert read_said((folder / first).read_bytes(), name=first).words.title == "Ash work at low water"
    sheet.write_text(sheet.read_text(encoding="utf-8-sig").replace("Ash work", "Tar work"), encoding="utf-8-sig")
    with pytest.raises(BadInput, match="another picture by now"):
        read_sheet(sheet, studio.memory.photos.list(studio.workspace.id, str(folder)))


def test_a_photo_that_was_written_and_not_noted_is_not_called_changed(studio: Studio, folder: Path) -> None:
    photos = by_path(look(studio, folder, vision=False, tell=quiet).photos)
    write(studio, folder, "embed", edited={}, tell=quiet)
    name = "2024/kelp.png"
    noted = (folder / name).read_bytes()
    studio.memory.photos.put(photos[name])  # the row from before: killed between the file and its row
    done = write(studio, folder, "embed", edited={}, tell=quiet)
    assert not done.failed and (folder / name).read_bytes() == noted
    row = studio.memory.photos.get(studio.workspace.id, str(folder), name)
    assert (row.state, row.sha256) == ("written", sha256(noted))


def test_what_a_killed_run_left_half_written_is_swept_and_no_other(tmp_path: Path) -> None:
    from app.folder_files import replace

    photo = tmp_path / "a.jpg"
    ended = os.fork()
    if not ended:
        os._exit(0)
    os.waitpid(ended, 0)
    dead, running = (tmp_path / f".a.jpg.{pid}.greenroom.part" for pid in (ended, os.getppid()))
    others = [running, tmp_path / ".a.jpg.part", tmp_path / ".b.jpg.1.greenroom.part"]
    for each in (dead, *others):
        each.write_bytes(b"half")
    replace(photo, b"whole")
    assert photo.read_bytes() == b"whole" and not dead.exists() and all(each.exists() for each in others)


def test_words_that_no_xml_holds_are_left_out_and_the_rest_is_written() -> None:
    words = PictureWords(title="Kelp\ufffe\x9b31m at\x1b noon", keywords=("ash\uffff\x00",))
    said = read_said(with_words(JPEG, "image/jpeg", words, name="a.jpg"), name="a.jpg").words
    assert (said.title, said.keywords) == ("Kelp31m at noon", ("ash",))
