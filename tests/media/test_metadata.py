"""Words in pictures and beside them: exiftool reads what we write and writes what we read; pictures stay the same."""

import random
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.picture_words import PictureWords
from media.containers import bare
from media.metadata import read_said, read_sidecar, same_picture, sidecar, with_words
from media.metadata.iptc import read_records, write_records
from media.pictures import fit
from tests.counterparts.exiftool import exiftool, told
from tests.media.making import exif, film, halves, opened, saved

WORDS = PictureWords(
    title="Ebbe: низкая вода",
    description="The pier at low water.\nIts foot is bare, ünïcödé 港.",
    keywords=("harbour", "ebb tide", "港"),
    creators=("Ines Tide", "Bo Å"),
    rights="© 2026 Ines Tide",
    alt="A stone pier, its foot bare.",
    source_type="trainedAlgorithmicMedia",
    tool="image-model-1",
)
KINDS = {
    "jpg": ("image/jpeg", saved(halves(), "JPEG", exif=exif(6))),
    "png": ("image/png", saved(halves(), "PNG")),
    "webp": ("image/webp", saved(halves(), "WEBP")),
    "lossless.webp": ("image/webp", saved(halves(), "WEBP", lossless=True)),
}
MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


# what we write


def test_exiftool_reads_what_we_write_in_every_kind_and_beside(tmp_path: Path) -> None:
    for name, (mime, data) in KINDS.items():
        (tmp_path / f"a.{name}").write_bytes(with_words(data, mime, WORDS))
    (tmp_path / "a.xmp").write_bytes(sidecar(WORDS))
    for fields in told(*sorted(tmp_path.iterdir())):
        where = fields["SourceFile"]
        assert fields.get("ExifTool:Validate") == "OK" or where.endswith(".jpg"), fields
        assert not [value for key, value in fields.items() if key.endswith("Warning") and "0x9286" not in str(value)]
        assert fields["XMP-dc:Title"] == WORDS.title
        assert fields["XMP-dc:Description"] == WORDS.description
        assert fields["XMP-dc:Subject"] == list(WORDS.keywords)
        assert fields["XMP-dc:Creator"] == list(WORDS.creators)
        assert fields["XMP-dc:Rights"] == WORDS.rights
        assert fields["XMP-iptcCore:AltTextAccessibility"] == WORDS.alt
        assert fields["XMP-iptcExt:DigitalSourceType"] == MADE
        assert fields["XMP-xmp:CreatorTool"] == WORDS.tool
        if where.endswith(".jpg"):
            assert fields["IPTC:ObjectName"] == WORDS.title
            assert fields["IPTC:Caption-Abstract"] == WORDS.description
            assert fields["IPTC:Keywords"] == list(WORDS.keywords)
            assert fields["IPTC:By-line"] == list(WORDS.creators)
            assert fields["IPTC:CopyrightNotice"] == WORDS.rights
            assert fields["IPTC:CodedCharacterSet"] == "UTF8"
            assert fields["IFD0:Make"] == "Canon" and fields["GPS:GPSLatitude"]  # EXIF stays as it was


@pytest.mark.parametrize("name", KINDS)
def test_what_is_written_is_read_back_and_the_picture_is_the_same(name: str) -> None:
    mime, data = KINDS[name]
    new = with_words(data, mime, WORDS)
    assert read_said(new).words == WORDS
    assert same_picture(data, new, mime) and opened(data).tobytes() == opened(new).tobytes()
    again = with_words(new, mime, PictureWords(title="Only this"))
    assert read_said(again).words == WORDS.model_copy(update={"title": "Only this"})
    assert with_words(new, mime, WORDS) == with_words(with_words(new, mime, WORDS), mime, WORDS)  # it does not grow


# what others wrote


def test_we_read_what_exiftool_writes_and_keep_what_we_do_not_know(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(saved(halves(), "JPEG", exif=exif()))
    exiftool(
        "-overwrite_original", "-codedcharacterset=utf8", "-IPTC:Keywords=tin", "-IPTC:Keywords=tide",
        "-IPTC:Caption-Abstract=Von der IPTC", "-IPTC:City=Bodø", "-XMP-dc:Title=Boksen", "-XMP-xmp:Rating=4",
        "-XMP-iptcCore:AltTextAccessibility=A tin", "-XMP-lr:HierarchicalSubject=Harbour|Tin",
        "-EXIF:DateTimeOriginal=2024:05:06 07:08:09", "-EXIF:Artist=Ines", "-EXIF:ImageDescription=Von EXIF", file,
    )  # fmt: skip
    said = read_said(file.read_bytes())
    assert (said.words.title, said.words.description) == ("Boksen", "Von der IPTC")
    assert (said.words.keywords, said.words.alt, said.words.creators) == (("tin", "tide"), "A tin", ("Ines",))
    assert said.shot.taken_at is not None and said.shot.taken_at.isoformat() == "2024-05-06T07:08:09"
    assert said.shot.camera == "Canon" and said.shot.place == (59.90833, 59.90833)
    file.write_bytes(with_words(file.read_bytes(), "image/jpeg", PictureWords(title="Ny", keywords=("tin", "harbour"))))
    [fields] = told(file)
    assert (fields["XMP-dc:Title"], fields["XMP-dc:Subject"]) == ("Ny", ["tin", "harbour"])
    assert (fields["IPTC:ObjectName"], fields["IPTC:Keywords"]) == ("Ny", ["tin", "harbour"])
    assert (fields["IPTC:City"], fields["XMP-xmp:Rating"]) == ("Bodø", 4)
    assert fields["XMP-lr:HierarchicalSubject"] == "Harbour|Tin"
    assert fields["IFD0:ImageDescription"] == "Von EXIF"


def test_a_sidecar_of_another_program_keeps_what_we_do_not_write(tmp_path: Path) -> None:
    file = tmp_path / "a.xmp"
    exiftool("-XMP-dc:Subject=tin", "-XMP-crs:Exposure2012=+0.50", "-XMP-dc:Title-de=Dose", "-XMP-dc:Title=Tin", file)
    new = sidecar(PictureWords(alt="A tin"), file.read_bytes())
    assert read_sidecar(new) == PictureWords(title="Tin", keywords=("tin",), alt="A tin")
    file.write_bytes(new)
    [fields] = told(file)
    assert float(fields["XMP-crs:Exposure2012"]) == 0.5 and fields["XMP-dc:Title-de"] == "Dose"


def test_records_without_a_coding_are_latin_1_and_become_utf_8() -> None:
    old = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0b\x1c\x02\x5a\x00\x05Bod\xf8!" + b"\x00"
    new = write_records(PictureWords(title="Boks"), old)
    assert read_records(new).title == "Boks"
    assert "Bodø!".encode() in new and b"\x1b%G" in new


def test_a_title_that_is_too_long_for_iptc_is_cut_there_alone() -> None:
    long = "ü" * 100  # 200 bytes; IIM takes 64
    new = with_words(KINDS["jpg"][1], "image/jpeg", PictureWords(title=long))
    assert read_said(new).words.title == long
    records = new[new.index(b"Photoshop 3.0") :]
    assert read_records(records).title == "ü" * 32


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=30), max_size=5))
def test_any_words_make_a_packet_that_can_be_read(title: str, keywords: list[str]) -> None:
    words = PictureWords(title=title, keywords=tuple(keywords))
    found = read_sidecar(sidecar(words))
    assert found.title == words.title.strip()
    assert found.keywords == tuple(each.strip() for each in words.keywords if each.strip())


# what goes out


def test_a_rendition_carries_no_words_of_the_person() -> None:
    for mime, data in KINDS.values():
        out = fit(with_words(data, mime, WORDS), most_bytes=None, most_side=None, formats=[mime]).data
        assert b"Ines" not in out and b"pier" not in out and bare(out, mime) == out


# hostile and broken files


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>&b;</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"""
STOLEN = (
    b"""<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/passwd">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&s;</x:xmpmeta>"""
)


HOSTILE = {
    "entities": (BOMB, "declares entities"),
    "a file": (STOLEN, "declares entities"),
    "entities in UTF-16": (BOMB.decode().replace('"1.0"?', '"1.0" encoding="utf-16"?').encode("utf-16"), "entities"),
    "a file in UTF-16": (STOLEN.decode().encode("utf-16"), "declares entities"),
    "half a tag": (b"<x", "is broken"),
    "endless depth": (b"<x>" * 5000, "is broken"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_packet_is_not_read_and_the_picture_still_is(name: str) -> None:
    packet, said = HOSTILE[name]
    with pytest.raises(BadInput, match=said):
        read_sidecar(packet, name="evil.xmp")
    data = saved(halves(), "PNG")
    at = data.index(b"IDAT") - 4
    body = b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(packet)
    chunk = len(body).to_bytes(4, "big") + b"iTXt" + body + zlib.crc32(b"iTXt" + body).to_bytes(4, "big")
    evil = data[:at] + chunk + data[at:]
    found = read_said(evil, name="evil.png")
    assert found.words == PictureWords() and len(found.notes) == 1 and said in found.notes[0]
    with pytest.raises(BadInput):  # nothing of it is put into a new packet
        with_words(evil, "image/png", WORDS)


def test_an_endless_sidecar_is_not_read() -> None:
    with pytest.raises(BadInput, match="more than 4,194,304 bytes"):
        read_sidecar(b"<a>" + b"x" * (4 * 1024 * 1024) + b"</a>")


def test_a_packet_that_unpacks_without_end_is_cut() -> None:
    data = saved(halves(), "PNG")
    at = data.index(b"IDAT") - 4
    body = b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(bytes(20_000_000), 9)
    chunk = len(body).to_bytes(4, "big") + b"iTXt" + body + zlib.crc32(b"iTXt" + body).to_bytes(4, "big")
    with pytest.raises(BadInput, match=r"bomb\.png"):
        read_said(data[:at] + chunk + data[at:], name="bomb.png")


def test_what_moves_or_is_no_picture_takes_no_words() -> None:
    with pytest.raises(BadInput, match="takes no words") as caught:
        with_words(film(), "image/gif", WORDS)
    assert "sidecar" in caught.value.hint
    with pytest.raises(BadInput, match=r"not\.jpg is not a JPEG"):
        read_said(b"%PDF-1.7", name="not.jpg")


def test_a_wrong_ending_makes_no_difference() -> None:
    assert read_said(KINDS["png"][1], name="a.jpg").facts.mime == "image/png"


@pytest.mark.parametrize("name", KINDS)
def test_a_cut_or_bent_file_is_refused_or_read_and_never_worse(name: str) -> None:
    mime, data = KINDS[name]
    whole, chance = with_words(data, mime, WORDS), random.Random(5)
    for _ in range(120):
        bent = bytearray(whole[: chance.randint(1, len(whole))] if chance.random() < 0.4 else whole)
        for _hit in range(chance.randint(0, 8)):
            bent[chance.randrange(len(bent))] = chance.randrange(256)
        for attempt in (lambda b=bytes(bent): read_said(b), lambda b=bytes(bent): with_words(b, mime, WORDS)):
            with suppress(BadInput):
                attempt()


def test_endless_exif_says_nothing_and_harms_nothing() -> None:
    made = exif()
    made[0x010E] = "x" * 60_000  # as much as a JPEG can carry
    made[0x013B] = "y" * 3_000
    said = read_said(saved(halves(), "JPEG", exif=made))
    assert len(said.words.description) == 500 and [len(each) for each in said.words.creators] == [500]
