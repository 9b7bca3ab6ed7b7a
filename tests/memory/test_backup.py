"""Backups of a home that is in use, and what comes back from them."""

import hashlib
import multiprocessing
import random
import shutil
import sqlite3
import tarfile
import time
from contextlib import closing
from gzip import GzipFile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import BadInput, Busy, NotFound, WrongUse
from core.works import Piece
from memory import Memory
from memory.backup import BackupKey, back_up, check_archive, home_key, open_place, restore
from memory.backup.key import keep_key, key_path
from memory.backup.manifest import Manifest, Member, read_manifest
from memory.backup.place import archives
from memory.backup.sealed import SealedReader
from memory.migrations import HEAD
from memory.tables import metadata
from tests.memory.conftest import NOON, Clock
from tests.memory.making import publication, waiting

SPAWN = multiprocessing.get_context("spawn")


def fill(memory: Memory) -> None:
    """Put something of everything into a memory and its home."""
    pieces = [Piece(source=f"{n}.md", title=f"Piece {n}", body=f"What {n} says of tides. 🌊 " * 40) for n in range(4)]
    memory.works.remember("ines", pieces)
    for n in range(6):
        shown = waiting(memory, f"Post {n}.")
        approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
        if n % 2:
            memory.publications.enqueue(publication(shown, approval))
    memory.workspaces.choose("ines")
    memory.checkpointer()
    picture = b"a picture"
    write(memory.home / "files" / "ines" / "ab" / hashlib.sha256(picture).hexdigest(), picture)
    write(memory.home / "site" / "ines" / "posts" / "guide" / "index.html", b"<p>Guide</p>")
    write(memory.home / "site" / ".ines" / "lock", b"")
    write(memory.home / "vault" / "secrets", b"sealed already")
    write(memory.home / "chroma" / "index", b"made anew")


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def everything(home: Path) -> dict[str, list[Any]]:
    """Return every table's rows; what a restore notes about itself is left out."""
    memory = Memory.open(home)
    with memory._database.read() as conn:
        rows = {t.name: [tuple(r) for r in conn.execute(select(t))] for t in metadata.sorted_tables}
    memory.close()
    return rows | {"quarantines": []}


def files_of(home: Path) -> dict[str, bytes]:
    """Return what a backup carries beside databases."""
    rooms = ("files", "site", "vault", "current-workspace")
    found = [p for p in home.rglob("*") if p.is_file() and p.relative_to(home).parts[0] in rooms]
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in found if "/.ines/" not in p.as_posix()}


def one_of(folder: Path) -> Path:
    [archive] = folder.glob("*.grb")
    return archive


def check(home: Path, target: Path | str, tmp_path: Path, s3_endpoint: str | None = None) -> Any:
    folder = tmp_path / f"check-{random.getrandbits(40)}"
    folder.mkdir()
    return check_archive(open_place(str(target), s3_endpoint), None, home_key(home), folder)


def test_what_comes_back_is_what_was_there(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    fill(memory)
    before, files = everything(memory.home), files_of(memory.home)
    report = back_up(memory.home, [str(tmp_path / "a")], clock=clock, greenroom="0.1.0")
    assert report.name.startswith("greenroom-20261120T120000.000Z-")
    assert (report.places[0].ok, report.places[0].verified) == (True, True)
    assert report.bytes == one_of(tmp_path / "a").stat().st_size
    new = tmp_path / "new"
    key = BackupKey.from_code(report.recovery_code)
    clock.pass_by(hours=1)
    restored = restore(new, str(tmp_path / "a"), key, clock=clock)
    assert (restored.name, restored.quarantined, restored.replaced) == (report.name, True, None)
    assert restored.publications_to_read_back == 3
    assert everything(new) == before
    assert files_of(new) == files
    assert home_key(new).id == home_key(memory.home).id
    again = Memory.open(new)
    check = again.ledger.verify()
    [quarantine] = again.quarantines.open()
    assert (check.ok, check.entries) == (True, 6)
    assert (quarantine.backup_made_at, quarantine.started_at) == (NOON, clock.now)
    assert again.recall("ines", "tides")  # the full text came along
    assert again._database.pragma("journal_mode")[0] == "wal"
    again.close()
    left = sorted(path.name for path in new.iterdir())
    there = ["backup.lock", "checkpoints.db", "current-workspace", "files", "greenroom.db", "keys", "site", "vault"]
    assert [name for name in left if name not in ("chroma", "greenroom.db-wal", "greenroom.db-shm")] == there
    assert (new / "vault").stat().st_mode & 0o777 == 0o700
    assert (new / "site" / "ines" / "posts" / "guide" / "index.html").stat().st_mode & 0o777 == 0o644


def test_the_key_is_shown_once_and_stays(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    first = back_up(memory.home, [str(tmp_path / "a")], clock=clock)
    clock.pass_by(seconds=1)
    second = back_up(memory.home, [str(tmp_path / "a")], clock=clock)
    assert first.recovery_code is not None and second.recovery_code is None
    assert first.key_id == second.key_id
    assert "recovery_code" in first.as_json() and "recovery_code" not in second.as_json()
    assert first.recovery_code not in repr(first)
    assert [kept.key_id for kept in archives(open_place(str(tmp_path / "a")))] == [first.key_id] * 2


def decide_without_end(home: Path, name: str, begun: Any, stop: Any) -> None:
    memory = Memory.open(home, clock=Clock())
    n = 0
    while not stop.is_set():
        shown = waiting(memory, f"{name} {n}.", brief_id=f"b_{name}")
        approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, name)
        memory.publications.enqueue(publication(shown, approval))
        n += 1
        begun.set()
    memory.close()


def test_a_backup_beside_two_writers_is_one_moment(memory: Memory, tmp_path: Path) -> None:
    stop, begun = SPAWN.Event(), [SPAWN.Event(), SPAWN.Event()]
    writers = [
        SPAWN.Process(target=decide_without_end, args=(memory.home, name, event, stop))
        for name, event in zip(("Ines", "Tom"), begun, strict=True)
    ]
    for writer in writers:
        writer.start()
    try:
        assert all(event.wait(60) for event in begun)
        for n in range(5):
            back_up(memory.home, [str(tmp_path / str(n))])
            time.sleep(0.1)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    counts = []
    for n in range(5):
        found = check(memory.home, tmp_path / str(n), tmp_path)
        assert found.ok, found.reason
        home = tmp_path / f"home-{n}"
        restore(home, str(tmp_path / str(n)), home_key(memory.home))
        rows = everything(home)
        assert len(rows["ledger"]) == len(rows["decisions"]) == found.ledger.entries
        assert 0 <= len(rows["decisions"]) - len(rows["publications"]) <= 2  # each writer is between its two writes
        counts.append(found.ledger.entries)
    assert counts == sorted(set(counts))
    assert memory.ledger.verify().entries > counts[-1]


def test_replacing_keeps_what_was_there(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    fill(memory)
    old = everything(memory.home)
    back_up(memory.home, [str(tmp_path / "a")], clock=clock)
    clock.pass_by(hours=1)
    shown = waiting(memory, "Said after the backup.")
    memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    memory.close()
    new, key = everything(memory.home), home_key(memory.home)
    with pytest.raises(WrongUse, match="already"):
        restore(memory.home, str(tmp_path / "a"), key, clock=clock)
    assert everything(memory.home) == new
    report = restore(memory.home, str(tmp_path / "a"), key, clock=clock, replace=True)
    assert everything(memory.home) == old
    aside = Path(report.replaced)
    assert aside == memory.home / "replaced-20261120T130000Z"
    assert sorted(path.name for path in aside.iterdir()) == [
        "checkpoints.db", "chroma", "current-workspace", "greenroom.db"
    ]  # fmt: skip
    assert everything(aside) == new


def test_a_home_that_somebody_has_open_is_left_alone(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    back_up(memory.home, [str(tmp_path / "a")], clock=clock)
    key = home_key(memory.home)
    waiting(memory)  # an idle connection stays open
    before = memory.proposals.list("ines")
    with pytest.raises(Busy, match=r"has .* open"):
        restore(memory.home, str(tmp_path / "a"), key, replace=True)
    assert memory.proposals.list("ines") == before
    memory.close()
    restore(memory.home, str(tmp_path / "a"), key, replace=True)
    assert everything(memory.home)["proposals"] == []


def test_what_is_live_and_what_is_newer_is_not_overwritten(memory: Memory, tmp_path: Path) -> None:
    fill(memory)
    back_up(memory.home, [str(tmp_path / "a")])
    memory.close()
    page = write(memory.home / "site" / "ines" / "posts" / "guide" / "index.html", b"<p>Guide, mended</p>")
    (memory.home / "vault" / "secrets").write_bytes(b"a newer token")
    [picture] = (memory.home / "files" / "ines" / "ab").iterdir()
    picture.write_bytes(b"another picture under the same name")
    key = home_key(memory.home)
    report = restore(memory.home, str(tmp_path / "a"), key, replace=True)
    assert page.read_bytes() == b"<p>Guide, mended</p>"
    assert (memory.home / "vault" / "secrets").read_bytes() == b"a newer token"
    assert picture.read_bytes() == b"a picture"
    assert (
        Path(report.replaced) / picture.relative_to(memory.home)
    ).read_bytes() == b"another picture under the same name"
    assert [note for note in report.notes if "left as it was" in note] == [
        "site/ines/ was left as it was: what is there is live.",
        "vault/ was left as it was: the credentials there are newer than the backup's.",
    ]


def test_a_vault_that_was_only_looked_into_is_filled(memory: Memory, tmp_path: Path) -> None:
    fill(memory)
    back_up(memory.home, [str(tmp_path / "a")])
    write(tmp_path / "new" / "vault" / "locks" / "a.lock", b"")
    restore(tmp_path / "new", str(tmp_path / "a"), home_key(memory.home))
    assert (tmp_path / "new" / "vault" / "secrets").read_bytes() == b"sealed already"


def test_a_page_that_was_taken_down_does_not_come_back(memory: Memory, tmp_path: Path) -> None:
    fill(memory)
    back_up(memory.home, [str(tmp_path / "a")])
    memory.close()
    shutil.rmtree(memory.home / "site" / "ines" / "posts" / "guide")
    restore(memory.home, str(tmp_path / "a"), home_key(memory.home), replace=True)
    assert not list((memory.home / "site").rglob("index.html"))


def test_a_wrong_key_changes_nothing(memory: Memory, tmp_path: Path) -> None:
    back_up(memory.home, [str(tmp_path / "a")])
    with pytest.raises(BadInput, match="another key"):
        restore(tmp_path / "new", str(tmp_path / "a"), BackupKey.make())
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["backup.lock"]
    assert b"Ines" not in one_of(tmp_path / "a").read_bytes()


def member(path: str, data: bytes = b"evil") -> Member:
    return Member(path=path, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def test_an_older_shape_is_brought_to_todays(tmp_path: Path) -> None:
    from memory.backup.shape import upgrade
    from memory.database import Database, sqlite_url

    home = tmp_path / "home"
    home.mkdir()
    old = Database(sqlite_url(home / "greenroom.db"))
    with old.write() as conn:
        upgrade(conn, "0002")
        conn.exec_driver_sql(
            "INSERT INTO workspaces VALUES ('ines', 'Ines', 'UTC', 'en', '{}', NULL, '{}', '2026-11-20 12:00:00')"
        )
    old.close()
    back_up(home, [str(tmp_path / "a")])
    with closing(sqlite3.connect(home / "greenroom.db")) as untouched:
        assert untouched.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
    restore(tmp_path / "new", str(tmp_path / "a"), home_key(home))
    memory = Memory.open(tmp_path / "new")
    assert [space.name for space in memory.workspaces.list()] == ["Ines"]
    assert len(memory.quarantines.open()) == 1
    memory.close()


def test_a_newer_greenrooms_backup_is_refused(memory: Memory, tmp_path: Path) -> None:
    memory.close()
    with closing(sqlite3.connect(memory.home / "greenroom.db")) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
        conn.commit()
    back_up(memory.home, [str(tmp_path / "a")], greenroom="9.0")
    with pytest.raises(BadInput, match=r"newer Greenroom \(9.0\)"):
        restore(tmp_path / "new", str(tmp_path / "a"), home_key(memory.home))
    with pytest.raises(BadInput, match="newer"):
        read_manifest(b'{"format": 2, "something": "else"}')


def test_a_ledger_that_was_broken_is_told_by_both(memory: Memory, tmp_path: Path) -> None:
    fill(memory)
    with closing(sqlite3.connect(memory.home / "greenroom.db")) as conn:
        conn.execute("DROP TRIGGER ledger_refuses_update")
        conn.execute("UPDATE ledger SET actor = 'Eve' WHERE seq = 2")
        conn.commit()
    back_up(memory.home, [str(tmp_path / "a")])
    found = check(memory.home, tmp_path / "a", tmp_path)
    assert (found.ok, found.ledger.first_bad) == (False, 2)
    report = restore(tmp_path / "new", str(tmp_path / "a"), home_key(memory.home))
    assert "entry 2" in report.notes[0]


def test_places_that_go_together_are_told(memory: Memory, tmp_path: Path) -> None:
    alone = back_up(memory.home, [str(tmp_path / "a"), str(tmp_path / "a")])
    assert len(alone.places) == 1 and any("This is one place" in note for note in alone.notes)
    both = back_up(memory.home, [str(tmp_path / "a"), str(tmp_path / "b")])
    assert any("on one disk" in note for note in both.notes)
    inside = back_up(memory.home, [str(memory.home / "mine")])
    assert any("lost together with it" in note for note in inside.notes)
    assert (tmp_path / "a").stat().st_mode and len(list((tmp_path / "a").iterdir())) == 2


def test_keeping_some_deletes_only_older_ones_of_this_home(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    other = Memory.open(tmp_path / "other", clock=clock)
    back_up(other.home, [str(tmp_path / "a")], clock=clock)
    other.close()
    write(tmp_path / "a" / "greenroom-20200101T000000.000Z-0123456789ab.grb", b"not one of ours")
    write(tmp_path / "a" / "notes.txt", b"mine")
    names = []
    for _ in range(5):
        clock.pass_by(minutes=1)
        report = back_up(memory.home, [str(tmp_path / "a")], clock=clock, keep=2)
        names.append(report.name)
    assert report.places[0].dropped == (names[2],)
    mine = [k.name for k in archives(open_place(str(tmp_path / "a"))) if k.key_id == report.key_id]
    assert mine == [names[4], names[3]]
    assert len(list((tmp_path / "a").iterdir())) == 5
    clock.now = NOON  # set back: the newest by name is not the one just made
    report = back_up(memory.home, [str(tmp_path / "a")], clock=clock, keep=1)
    assert [k.name for k in archives(open_place(str(tmp_path / "a"))) if k.key_id == report.key_id] == [report.name]
    with pytest.raises(WrongUse):
        back_up(memory.home, [str(tmp_path / "a")], keep=0)


def test_the_newest_of_this_key_comes_back(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    mine = back_up(memory.home, [str(tmp_path / "a")], clock=clock)
    clock.pass_by(hours=1)
    other = Memory.open(tmp_path / "other", clock=clock)
    back_up(other.home, [str(tmp_path / "a")], clock=clock)
    other.close()
    assert restore(tmp_path / "new", str(tmp_path / "a"), home_key(memory.home), clock=clock).name == mine.name
    with pytest.raises(NotFound, match="no backup called"):
        restore(tmp_path / "new2", str(tmp_path / "a"), home_key(memory.home), name="greenroom-x.grb")


def test_what_is_no_part_of_a_home_is_named(memory: Memory, tmp_path: Path) -> None:
    write(memory.home / "exports" / "old.zip", b"x")
    write(memory.home / "files" / "ines" / "aa" / ("a" * 64), b"not these bytes")
    (memory.home / "files" / "link").symlink_to("/etc/passwd")
    (memory.home / "site").mkdir()
    (memory.home / "site" / "linked").symlink_to("/etc")
    notes = " ".join(back_up(memory.home, [str(tmp_path / "a")]).notes)
    assert "files/link, site/linked, exports" in notes
    assert f"files/ines/aa/{'a' * 64}" in notes
    found = check(memory.home, tmp_path / "a", tmp_path)
    assert found.ok and found.members == 2


def test_the_key_itself_is_not_in_the_archive(memory: Memory, tmp_path: Path) -> None:
    keep_key(memory.home, BackupKey.make())
    write(memory.home / "keys" / "vault.key", b"the vault's own")
    back_up(memory.home, [str(tmp_path / "a")])
    with (
        one_of(tmp_path / "a").open("rb") as file,
        GzipFile(fileobj=SealedReader(file, home_key(memory.home))) as packed,
        tarfile.open(fileobj=packed, mode="r|") as tar,
    ):
        names = tar.getnames()
    assert names == ["manifest.json", "greenroom.db", "keys/vault.key"]
    assert key_path(memory.home).exists()


def test_an_empty_home_has_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no home"):
        back_up(tmp_path / "nowhere", [str(tmp_path / "a")])
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="nothing to back up"):
        back_up(tmp_path / "empty", [str(tmp_path / "a")])
    assert not (tmp_path / "empty" / "keys").exists()
    with pytest.raises(WrongUse, match="no place"):
        back_up(tmp_path / "empty", ["ftp://example.org/a"])


def test_a_manifest_names_its_archive() -> None:
    about = {"greenroom": "0", "engine": "sqlite", "revision": HEAD, "created_at": NOON, "rows": {}, "ledger": None}
    manifest = Manifest(**about, members=(member("greenroom.db"),))
    digest = hashlib.sha256(manifest.encoded()).hexdigest()
    assert manifest.name() == f"greenroom-20261120T120000.000Z-{digest[:12]}.grb"
    assert read_manifest(manifest.encoded()) == manifest
