"""Typefaces: what a font file says of itself, which one has a letter, and files that are none."""

import random
import struct
from pathlib import Path

import pytest

from core.errors import BadInput
from media.typefaces import Shelf
from media.typefaces.sfnt import read_sheets

FOLDER = Path(__file__).parents[2] / "media" / "typefaces"
SHELF = Shelf(system=())


def test_every_font_that_ships_is_read_and_has_its_licence() -> None:
    files = [*FOLDER.glob("*.ttf"), *FOLDER.glob("*.otf")]
    assert len(files) == len(SHELF.ours) == 9
    page = (FOLDER / "README.md").read_text()
    for file in files:
        assert f"`{file.name}`" in page
    licences = {each.name for each in FOLDER.glob("OFL-*.txt")}
    assert all(f"`{name}`" in page and "SIL Open Font License" in (FOLDER / name).read_text() for name in licences)


@pytest.mark.parametrize(
    ("signs", "family"),
    [
        ("Zéßø", "Greenroom Serif"),
        ("Прилив", "Greenroom Serif"),
        ("Παλίρροια", "Greenroom Serif"),
        ("الميناء", "Noto Naskh Arabic"),
        ("נמל", "Frank Ruhl Libre"),
        ("भाटा", "Noto Sans Devanagari"),
        ("น้ำลง", "Noto Sans Thai"),
        ("潮时時썰のア", "Noto Sans CJK JP"),
    ],
)
def test_a_letter_gets_a_typeface_of_ours(signs: str, family: str) -> None:
    first = SHELF.family("Greenroom Serif", 600)
    assert {SHELF.face_for(each, first, "en").sheet.family for each in signs} == {family}


def test_the_nearest_weight_is_taken_upright() -> None:
    assert SHELF.family("greenroom sans", 450).sheet.weight == 400
    assert SHELF.family("Greenroom Sans", 900).sheet.weight == 600


def test_what_no_font_has_is_named_with_its_script_and_what_to_add() -> None:
    first = SHELF.family("Greenroom Serif", 600)
    with pytest.raises(BadInput, match=r"No font here has letters of Tamil: “க” \(U\+0B95") as caught:
        SHELF.face_for("க", first, "ta")
    assert "fonts-noto-core" in caught.value.hint
    with pytest.raises(BadInput, match=r"No font here has “🦀” \(U\+1F980\), an emoji") as caught:
        SHELF.face_for("🦀", first, "en")
    assert "Leave it out" in caught.value.hint
    with pytest.raises(BadInput, match="no font “Futura” here") as caught:
        SHELF.family("Futura", 400)
    assert "Greenroom Sans" in caught.value.hint


def test_a_persons_own_font_goes_before_the_machines(tmp_path: Path) -> None:
    yours, machine = tmp_path / "yours", tmp_path / "machine"
    for folder in (yours, machine):
        folder.mkdir()
        (folder / "devanagari.ttf").write_bytes((FOLDER / "devanagari-600.ttf").read_bytes())
    shelf = Shelf(yours, (machine,))
    assert [each.path.parent for each in (*shelf.yours, *shelf.system)] == [yours, machine]
    assert shelf.family("Noto Sans Devanagari", 600).origin == "ours"


def test_a_broken_font_among_others_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0" + b"\xff" * 40)
    (tmp_path / "good.ttf").write_bytes((FOLDER / "thai-600.ttf").read_bytes())
    assert [each.path.name for each in Shelf(tmp_path, ()).yours] == ["good.ttf"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"wOF2" + bytes(100),
        b"ttcf" + struct.pack(">HHI", 1, 0, 4_000_000_000),
        b"\0\1\0\0" + struct.pack(">HHHH", 65535, 0, 0, 0),
    ],
)
def test_a_file_that_is_no_font_is_named(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "evil.ttf"
    file.write_bytes(data)
    with pytest.raises(BadInput, match=r"evil\.ttf is no font"):
        read_sheets(file)


def test_a_damaged_font_never_does_worse_than_being_refused(tmp_path: Path) -> None:
    whole, chance = (FOLDER / "thai-600.ttf").read_bytes(), random.Random(3)
    file = tmp_path / "bent.ttf"
    for _ in range(150):
        bent = bytearray(whole[: chance.randint(1, len(whole))] if chance.random() < 0.3 else whole)
        for _hit in range(20):
            bent[chance.randrange(min(len(bent), 600))] = chance.randrange(256)
        file.write_bytes(bent)
        try:
            read_sheets(file)
        except BadInput as error:
            assert error.message.startswith("bent.ttf is no font")
