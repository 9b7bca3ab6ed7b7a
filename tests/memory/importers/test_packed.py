"""Archives that were made to do harm, and those that are merely damaged."""

import gzip
import io
import os
import random
import stat
import struct
import tarfile
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.importers import Failure, collect, member_names, zip_archive
from memory.importers.archive import Archive
from memory.importers.tar_archive import Tar
from memory.importers.zip_archive import Zip
from tests.memory.importers.packing import tarred, unpacked, zipped


def refused(path: Path) -> str:
    """Why an archive is refused as a whole: nothing of it is imported."""
    harvest = collect([path])
    assert harvest.pieces == []
    ((where, reason),) = harvest.failed
    assert where == str(path)
    return reason


def test_reads_a_zip_of_anything_with_text(tmp_path: Path) -> None:
    files = {
        "letters/a.md": "# A\n\nOne.", "letters/b.html": "<p>Two.</p>", "posts.jsonl": '{"id": "x", "text": "Three."}',
        "photo.jpg": b"\xff\xd8", ".hidden.md": "no", "__MACOSX/letters/._a.md": b"\x00\x05", "old.docx": b"PK",
        "inner.zip": b"PK", "empty.md": "", "latin.txt": "Tåke.".encode("latin-1"),
    }  # fmt: skip
    path = zipped(tmp_path / "all.zip", files)
    harvest = collect([path])
    assert {piece.source: piece.body for piece in harvest.pieces} == {
        "all.zip/letters/a.md": "One.", "all.zip/letters/b.html": "Two.", "all.zip/posts.jsonl#x": "Three.",
        "all.zip/latin.txt": "Tåke.",
    }  # fmt: skip
    failed = dict(harvest.failed)
    assert failed[f"{path}/empty.md"] == "is empty"
    assert failed[f"{path}/inner.zip"] == "is an archive within an archive, which is not opened"
    assert failed[f"{path}/old.docx"].startswith("not a format Greenroom reads")
    assert len(failed) == 3


@pytest.mark.parametrize("pack", ["a.zip", "a.tar.gz", "a.tgz", "a.tar"])
def test_every_packing_reads_the_same_also_inside_a_folder(tmp_path: Path, pack: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (zipped if pack.endswith("zip") else tarred)(folder / pack, {"b/c.md": "Words."})
    assert [piece.source for piece in collect([folder / pack]).pieces] == [f"{pack}/b/c.md"]
    assert [piece.source for piece in collect([tmp_path]).pieces] == [f"in/{pack}/b/c.md"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/passwd.md", "has an absolute path"),
        ("\\windows\\a.md", "has an absolute path"),
        ("C:\\a.md", "has an absolute path"),
        ("c:a.md", "has an absolute path"),
        ("../a.md", "leads out of the archive"),
        ("a/../../b.md", "leads out of the archive"),
        ("a\\..\\..\\b.md", "leads out of the archive"),
        ("a\nb.md", "has control characters in its name"),
    ],
)
def test_refuses_names_that_lead_elsewhere(tmp_path: Path, name: str, reason: str) -> None:
    assert reason in refused(zipped(tmp_path / "a.zip", {"good.md": "Good.", name: "Bad."}))
    assert reason in refused(tarred(tmp_path / "a.tar.gz", {"good.md": "Good.", name: "Bad."}))


def test_refuses_a_nul_that_hides_the_rest_of_a_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"good.md": "Good.", "bad.mdX.exe": "Bad."})
    path.write_bytes(path.read_bytes().replace(b"bad.mdX.exe", b"bad.md\x00.exe"))
    assert "has control characters in its name" in refused(path)


@pytest.mark.parametrize("names", [("a.md", "a.md"), ("b/a.md", "b\\a.md"), ("\u00e5.md", "a\u030a.md")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_refuses_a_name_that_comes_twice(tmp_path: Path, names: tuple[str, str]) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    assert refused(path).endswith("comes twice")


def test_follows_no_links(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("Secret.")
    path = zipped(tmp_path / "a.zip", {"good.md": "Good."})
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("link.md")
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, str(secret))
    harvest = collect([path])
    assert [piece.body for piece in harvest.pieces] == ["Good."]
    assert harvest.failed == [Failure(f"{path}/link.md", "is a symbolic link in an archive, which is not followed")]
    tar = tmp_path / "a.tar"
    with tarfile.open(tar, "w") as packed:
        for name, kind in (("soft.md", tarfile.SYMTYPE), ("hard.md", tarfile.LNKTYPE), ("pipe.md", tarfile.FIFOTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, str(secret)
            packed.addfile(entry)
    harvest = collect([tar])
    assert harvest.pieces == []
    assert {Path(where).name for where, _ in harvest.failed} == {"soft.md", "hard.md", "pipe.md"}


def test_refuses_what_unpacks_to_far_more(tmp_path: Path) -> None:
    bomb = {"good.md": "Good.", "bomb.md": b"0" * (8 * 2**20)}
    assert "would unpack to over 200 times its size" in refused(zipped(tmp_path / "a.zip", bomb))
    big = {"good.md": "Good."} | {f"{n}.md": b"0" * (8 * 2**20) for n in range(4)}
    assert "would unpack to over 200 times its size" in refused(tarred(tmp_path / "a.tar.gz", big))


def test_repetitive_text_is_no_bomb(tmp_path: Path) -> None:
    words = random.Random(3).choices(["fog", "horn", "pier", "kelp", "ferry", "rope"], k=400_000)
    harvest = collect([zipped(tmp_path / "a.zip", {"a.txt": " ".join(words)})])
    assert (len(harvest.pieces), harvest.failed) == (1, [])


def test_a_lie_about_a_size_gives_no_more_than_was_said(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": "x" * 5000})
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(bytes(data))
    harvest = collect([path])
    assert harvest.pieces == []
    assert "is damaged" in harvest.failed[0].error


def test_refuses_members_that_share_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", "One.")
        first = archive.infolist()[0]
        twin = zipfile.ZipInfo("b.md")
        for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
            setattr(twin, name, getattr(first, name))
        archive.filelist.append(twin)
        archive.NameToInfo["b.md"] = twin
        archive._didModify = True
    assert "overlaps with another member" in refused(path)


def test_refuses_too_many_members_before_they_are_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MOST_MEMBERS", 3)
    monkeypatch.setattr(member_names, "MOST_MEMBERS", 3)
    files = {f"{n}.md": "x" for n in range(4)}
    path = zipped(tmp_path / "a.zip", files)
    with monkeypatch.context() as patched:
        patched.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("its list was read"))
        assert "it holds over 3 members" in refused(path)
    assert "it holds over 3 members" in refused(tarred(tmp_path / "a.tar", files))


def test_refuses_an_encrypted_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.md": "One."})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    path.write_bytes(bytes(data))
    assert "is encrypted (a.md); unpack it with its password" in refused(path)


def test_a_header_of_gigabytes_is_not_taken_into_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 6 * 2**30
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + b"\0" * 4096))
    assert "longer than any honest one" in refused(path)


def test_reads_no_more_than_its_limit_of_one_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MOST_READ", 3000)
    harvest = collect([zipped(tmp_path / "a.zip", {f"{n}.md": "x" * 1000 for n in range(5)})])
    assert len(harvest.pieces) == 3
    assert all("is not read: over" in error for _, error in harvest.failed)


def test_a_member_that_is_damaged_is_one_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.md", "The first one.")
        archive.writestr("b.md", "The second one.")
    path.write_bytes(path.read_bytes().replace(b"The first one.", b"The worst one."))
    harvest = collect([path])
    assert [piece.body for piece in harvest.pieces] == ["The second one."]
    assert harvest.failed[0].path == f"{path}/a.md"
    assert "is damaged" in harvest.failed[0].error


def test_what_is_no_archive_says_so(tmp_path: Path) -> None:
    unpacked(tmp_path, {"a.zip": "nothing", "b.tar.gz": "nothing", "c.zip": b"", "d.md": "Words."})
    harvest = collect([tmp_path])
    assert [piece.body for piece in harvest.pieces] == ["Words."]
    assert [Path(where).name for where, _ in harvest.failed] == ["a.zip", "b.tar.gz", "c.zip"]
    assert all("that can be read" in error for _, error in harvest.failed)


def test_nothing_is_written_to_the_disk(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.md": "One.", "b/c.md": "Two."})
    before = sorted(os.walk(tmp_path))
    assert len(collect([path]).pieces) == 2
    assert sorted(os.walk(tmp_path)) == before


def members(archive: Archive) -> dict[str, bytes]:
    return {name: archive.open(name).read() for name in archive.names}


WHOLE = {"a.md": b"One.", "b/c.jsonl": b'{"text": "Two."}\n' * 40, "d/e.txt": b"Three. " * 30}


@settings(max_examples=150, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["a.zip", "a.tar", "a.tar.gz"]))
def test_any_damage_gives_pieces_or_a_named_failure(data: st.DataObject, kind: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / kind
        (zipped if kind.endswith("zip") else tarred)(path, WHOLE)
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(0, 6))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
        harvest = collect([path])
    assert all(where.startswith(str(path)) and reason for where, reason in harvest.failed)
    assert harvest.pieces or harvest.failed or not content


def test_reads_members_as_they_are(tmp_path: Path) -> None:
    for archive in (Zip(zipped(tmp_path / "a.zip", WHOLE), ""), Tar(tarred(tmp_path / "a.tar.gz", WHOLE), "")):
        assert members(archive) == WHOLE
        with archive.open("b/c.jsonl") as file:
            assert isinstance(file, io.BufferedReader)
        archive.close()
