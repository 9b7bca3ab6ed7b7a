"""Archives that somebody with the key could forge: none of them writes outside a home."""

import io
import json
import sqlite3
import tarfile
from contextlib import closing
from gzip import GzipFile
from pathlib import Path
from typing import Any

import pytest

from memory.backup import BackupKey, Damaged, restore
from memory.backup.manifest import Member, is_member
from memory.backup.sealed import SealedWriter
from memory.migrations import HEAD
from tests.memory.conftest import NOON
from tests.memory.test_backup import member


@pytest.mark.parametrize(
    "path",
    ["../evil", "/etc/evil", "files/../../evil", "files//evil", "files/./evil", "site/a/../../../evil", "evil", "files",
     "files/a\\..\\..\\evil", "files/\x00evil", "logs/evil", "greenroom.db/evil", "tables/../keys/backup.key", ""],
)  # fmt: skip
def test_no_path_leads_out_of_the_home(path: str) -> None:
    assert not is_member(path)


def forged(
    folder: Path, key: BackupKey, entries: list[tarfile.TarInfo | tuple[str, bytes]], listed: list[Member]
) -> None:
    """Write an archive as somebody with the key could forge it."""
    manifest = {
        "format": 1, "greenroom": "0", "engine": "sqlite", "revision": HEAD, "created_at": NOON.isoformat(), "rows": {},
        "ledger": None, "members": [member.model_dump() for member in listed],
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    with (folder / "greenroom-20261120T120000.000Z-0123456789ab.grb").open("wb") as file:
        sealed = SealedWriter(file, key)
        with GzipFile(fileobj=sealed, mode="wb") as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
            for entry in [("manifest.json", json.dumps(manifest).encode()), *entries]:
                if isinstance(entry, tuple):
                    info = tarfile.TarInfo(entry[0])
                    info.size = len(entry[1])
                    tar.addfile(info, io.BytesIO(entry[1]))
                else:
                    tar.addfile(entry)
        sealed.finish()


def linked(path: str, kind: bytes, to: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(path)
    info.type, info.linkname = kind, to
    return info


def _empty() -> bytes:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE TABLE workspaces (id TEXT)")
        return conn.serialize()


EMPTY = _empty()


def attacks() -> dict[str, tuple[list[Any], list[Member]]]:
    evil = [("../evil", b"evil")]
    return {
        "a path that leads out": (evil, [member("../evil")]),
        "a path that is not the one listed": (evil, [member("files/evil")]),
        "an absolute path": ([("/tmp/evil", b"evil")], [member("/tmp/evil")]),
        "a symbolic link": ([linked("files/evil", tarfile.SYMTYPE, "/etc/passwd")], [member("files/evil", b"")]),
        "a hard link": ([linked("files/evil", tarfile.LNKTYPE, "/etc/passwd")], [member("files/evil", b"")]),
        "a device": ([linked("files/evil", tarfile.CHRTYPE, "")], [member("files/evil", b"")]),
        "a folder": ([linked("files/evil", tarfile.DIRTYPE, "")], [member("files/evil", b"")]),
        "through a link": (
            [linked("files/a", tarfile.SYMTYPE, "/tmp"), ("files/a/evil", b"evil")],
            [member("files/a", b""), member("files/a/evil")],
        ),
        "more than is listed": ([("files/a", b"evil"), ("files/b", b"evil")], [member("files/a")]),
        "less than is listed": ([("files/a", b"evil")], [member("files/a"), member("files/b")]),
        "other bytes": ([("files/a", b"live")], [member("files/a")]),
        "another size": ([("files/a", b"evil and more")], [member("files/a")]),
        "the same twice": ([("files/a", b"evil")] * 2, [member("files/a")] * 2),
        "no database": ([], []),
        "a database of another shape": ([("greenroom.db", EMPTY)], [member("greenroom.db", EMPTY)]),
        "a database that is none": ([("greenroom.db", b"evil" * 4096)], [member("greenroom.db", b"evil" * 4096)]),
    }


@pytest.mark.parametrize("attack", attacks())
def test_a_forged_archive_is_refused(attack: str, tmp_path: Path) -> None:
    key = BackupKey.make()
    forged(tmp_path / "a", key, *attacks()[attack])
    with pytest.raises(Damaged):
        restore(tmp_path / "new", str(tmp_path / "a"), key)
    there = [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*")) if p.is_file()]
    assert [p for p in there if not p.endswith(".grb")] == ["new/backup.lock"]
    assert not Path("/tmp/evil").exists()
