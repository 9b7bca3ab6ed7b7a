import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.errors import BadInput
from memory.importers import IMPORTERS, READABLE, Failure, collect, material, read
from tests.memory.importers.helpers import write


def archive(folder: Path) -> Path:
    write(folder, "b/two.md", "---\ndate: 2025-02-02\n---\nTwo.")
    write(folder, "a.md", "---\ndate: 2025-01-01\n---\nOne.")
    write(
        folder, "posts.jsonl", '{"id": "x", "text": "Three.", "date": "2025-03-03T15:00:00Z"}\n{"id": "y", "text": ""}'
    )
    write(folder, "undated.TXT", "Four.")
    return folder


def test_walks_a_folder_in_order_and_names_what_fails(tmp_path: Path) -> None:
    root = archive(tmp_path / "archive")
    write(root, ".git/config.md", "hidden")
    write(root, ".draft.md", "hidden")
    write(root, "b/photo.JPG", b"\xff\xd8\xff\x00")
    write(root, "b/voice.mp3", b"ID3\x00")
    write(root, "data.bin", b"\x00\x01\x02")
    write(root, "style.css", "p {}")
    write(root, "notes.org", "* Heading")
    write(root, "old.docx", b"PK\x03\x04\x00")
    write(root, "bad.md", "---\ntitle: [\n---\n")
    known = "not a format Greenroom reads (" + ", ".join(sorted(READABLE)) + ")"
    harvest = collect([root])
    assert [piece.source for piece in harvest.pieces] == ["a.md", "b/two.md", "posts.jsonl#x", "undated.TXT"]
    assert [failure.path.removeprefix(f"{root}/") for failure in harvest.failed] == [
        "bad.md:3", "notes.org", "old.docx", "posts.jsonl:2",
    ]  # fmt: skip
    assert [failure.error for failure in harvest.failed[1:]] == [known, known, "has no text"]
    assert harvest.outside == 0


def test_reading_again_gives_the_same(tmp_path: Path) -> None:
    root = archive(tmp_path / "archive")
    first = collect([root])
    assert collect([root]) == first
    os.utime(root / "a.md", (0, 0))
    assert collect([root]) == first


def test_a_file_has_one_name_alone_or_in_its_folder(tmp_path: Path) -> None:
    root = archive(tmp_path / "archive")
    alone = collect([root / "a.md", root / "posts.jsonl", root / "a.md"])
    assert [piece.source for piece in alone.pieces] == ["a.md", "posts.jsonl#x"]
    assert [piece.source for piece in collect([root, root / "a.md"]).pieces].count("a.md") == 1


def test_two_files_of_one_name_are_not_taken_for_versions(tmp_path: Path) -> None:
    one, two = write(tmp_path, "one/index.md", "One."), write(tmp_path, "two/index.md", "Two.")
    harvest = collect([one, two])
    assert [piece.body for piece in harvest.pieces] == ["One."]
    reason = f"has the same name in this import as {one}; import the folder that holds both"
    assert harvest.failed == [Failure(f"{two} (index.md)", reason)]
    assert [piece.title for piece in collect([tmp_path]).pieces] == ["One", "Two"]


def test_since_and_as_of_keep_the_undated(tmp_path: Path) -> None:
    root = archive(tmp_path / "archive")
    late = collect([root], since=date(2025, 2, 2))
    assert [piece.body for piece in late.pieces] == ["Two.", "Three.", "Four."]
    early = collect([root], as_of=date(2025, 3, 3))
    assert (len(early.pieces), early.outside) == (4, 0)
    noon = collect([root], as_of=datetime(2025, 3, 3, 12, tzinfo=UTC))
    assert ([piece.body for piece in noon.pieces], noon.outside) == (["One.", "Two.", "Four."], 1)


def test_says_what_is_not_there(tmp_path: Path) -> None:
    assert collect([tmp_path / "nowhere"]).failed == [
        Failure(str(tmp_path / "nowhere"), "there is no such file or folder")
    ]
    assert collect([write(tmp_path, "a.png", b"\x89PNG")]).failed[0].error.startswith("not a format Greenroom reads")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"GIF89a\x00\x01", "looks like a binary file"),
        (bytes(range(1, 32)) * 9, "looks like a binary file"),
        (b"\xff\xfe\x00", "byte order mark"),
        ("a\x00b".encode("utf-16"), "looks like a binary file"),
    ],
)
@pytest.mark.parametrize("suffix", sorted(IMPORTERS))
def test_refuses_what_is_not_text(tmp_path: Path, data: bytes, reason: str, suffix: str) -> None:
    path = write(tmp_path, f"a{suffix}", data)
    with pytest.raises(BadInput) as caught:
        list(read(path, root=tmp_path))
    assert caught.value.message.startswith(f"{path}: ")
    assert reason in caught.value.message


def test_refuses_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "a.txt", b"")
    with path.open("r+b") as file:
        file.truncate(material.LARGEST + 1)
    with pytest.raises(BadInput, match="is 50 MB; the most is 50"):
        list(read(path, root=tmp_path))


def test_refuses_links_that_leave_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "outside/secret.md", "Secret.")
    root = tmp_path / "archive"
    write(root, "here.md", "Here.")
    (root / "file.md").symlink_to(tmp_path / "outside/secret.md")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "again.md").symlink_to(root / "here.md")
    (root / "loop").symlink_to(root)
    (root / "circle.md").symlink_to(root / "circle.md")
    (root / "broken.md").symlink_to(root / "gone.md")
    harvest = collect([root])
    assert [piece.source for piece in harvest.pieces] == ["here.md"]
    leads_out = "leads out of the imported folder; import its real place instead"
    assert {(Path(path).name, error) for path, error in harvest.failed} >= {
        ("file.md", leads_out),
        ("folder", leads_out),
        ("broken.md", "there is no such file"),
    }
    assert {Path(path).name for path, _ in harvest.failed} == {"file.md", "folder", "broken.md", "circle.md"}


def test_refuses_a_pipe_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert collect([tmp_path]).failed == [Failure(str(tmp_path / "a.md"), "is not a regular file")]


def test_names_that_are_not_unicode_can_be_stored(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.md"
    try:
        Path(os.fsdecode(name)).write_text("Text.")
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    (piece,) = collect([tmp_path]).pieces
    assert piece.source == "?.md"


def test_an_export_of_ours_is_not_read_as_files(tmp_path: Path) -> None:
    write(tmp_path, "note.md", "A note.")
    write(tmp_path, "old/bag-info.txt", "Greenroom-Export: 1\n")
    write(tmp_path, "old/data/works/2024/a.md", "A copy.")
    write(tmp_path, "old/data/tables/works.jsonl", '{"id": "w_1", "body": "A row."}')
    harvest = collect([tmp_path])
    assert [piece.source for piece in harvest.pieces] == ["note.md"]
    assert harvest.failed == [(f"{tmp_path}/old", "is an export of Greenroom; import it by itself")]
