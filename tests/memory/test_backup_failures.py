"""Damage, full disks, and processes that are killed half way: nothing half is left, and nothing is changed."""

import errno
import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadInput, Busy, GreenroomError, NotFound
from core.works import Piece, Workspace
from memory import Memory
from memory.backup import Damaged, back_up, home_key, open_place, restore
from memory.backup.place import archives
from memory.backup.staging import staging
from tests.memory.conftest import NOON
from tests.memory.test_backup import SPAWN, check, everything, files_of, fill, one_of, write


def test_damage_anywhere_is_found_and_changes_nothing(memory: Memory, tmp_path: Path) -> None:
    fill(memory)
    back_up(memory.home, [str(tmp_path / "a")])
    archive, key = one_of(tmp_path / "a"), home_key(memory.home)
    whole, chance = archive.read_bytes(), random.Random(3)
    for n in range(60):
        if n % 2:
            data = bytearray(whole)
            data[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        else:
            data = whole[: chance.randrange(len(whole))]
        archive.write_bytes(data)
        home = tmp_path / f"home-{n}"
        with pytest.raises((Damaged, BadInput)):
            restore(home, str(tmp_path / "a"), key, name=archive.name)
        assert [p.name for p in home.rglob("*")] in ([], ["backup.lock"])


def test_one_place_that_fails_hides_no_other(memory: Memory, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    targets = [str(tmp_path / "gone" / "b"), str(tmp_path / "a"), str(tmp_path / "file")]
    report = back_up(memory.home, targets)
    assert [place.ok for place in report.places] == [False, True, False]
    assert "Is its disk there" in report.places[0].error
    assert check(memory.home, tmp_path / "a", tmp_path).ok
    with pytest.raises(NotFound):
        archives(open_place(targets[0]))


def test_two_at_once_wait_for_nobody(memory: Memory, tmp_path: Path) -> None:
    with staging(memory.home), pytest.raises(Busy, match="Another backup"):
        back_up(memory.home, [str(tmp_path / "a")])
    assert back_up(memory.home, [str(tmp_path / "a")]).places[0].ok


def back_up_slowly(home: Path, target: str, begun: Any) -> None:
    def stop(what: str, *_: int) -> None:
        begun.set()
        time.sleep(60)

    back_up(home, [target], progress=stop)


def test_a_backup_that_is_killed_leaves_nothing_half(memory: Memory, tmp_path: Path) -> None:
    fill(memory)
    begun = SPAWN.Event()
    killed = SPAWN.Process(target=back_up_slowly, args=(memory.home, str(tmp_path / "a"), begun))
    killed.start()
    assert begun.wait(60)
    os.kill(killed.pid, signal.SIGKILL)
    killed.join()
    assert list(memory.home.glob(".backup-*")) and not list(tmp_path.glob("a/*"))
    assert back_up(memory.home, [str(tmp_path / "a")]).places[0].ok
    assert not list(memory.home.glob(".backup-*"))
    assert check(memory.home, tmp_path / "a", tmp_path).ok


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    """A disk with room for two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("only root may make a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def bulky(home: Path) -> None:
    for n in range(3):
        write(home / "files" / "ines" / str(n), random.Random(n).randbytes(1 << 20))


def test_a_full_disk_keeps_nothing_half(memory: Memory, tmp_path: Path, small_disk: Path) -> None:
    bulky(memory.home)
    report = back_up(memory.home, [str(small_disk), str(tmp_path / "a")])
    assert [place.ok for place in report.places] == [False, True]
    assert "is full" in report.places[0].error
    assert list(small_disk.iterdir()) == []
    with pytest.raises(GreenroomError, match="full"):
        restore(small_disk / "home", str(tmp_path / "a"), home_key(memory.home))
    assert [path.name for path in (small_disk / "home").iterdir()] == ["backup.lock"]


def test_a_home_on_a_full_disk_is_left_as_it_was(memory: Memory, tmp_path: Path, small_disk: Path) -> None:
    memory.works.remember("ines", [Piece(source="a", title="A", body="What the tide left. " * 20000)])
    back_up(memory.home, [str(tmp_path / "a")])
    key, home = home_key(memory.home), small_disk / "home"
    old = Memory.open(home)
    old.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    old.close()
    before = everything(home)
    with pytest.raises(GreenroomError, match="full"):
        restore(home, str(tmp_path / "a"), key, replace=True)
    assert everything(home) == before
    with pytest.raises(GreenroomError, match="full"):
        write(small_disk / "ballast", bytes(small_disk_room(small_disk)))
        back_up(home, [str(tmp_path / "b")])
    assert not list((tmp_path).glob("b/*")) and everything(home) == before


def small_disk_room(folder: Path) -> int:
    stat = os.statvfs(folder)
    return max(0, stat.f_bavail * stat.f_frsize - 64 * 1024)


def test_a_disk_that_fills_half_way_keeps_nothing(memory: Memory, tmp_path: Path, monkeypatch: Any) -> None:
    def fill_up(archive: Path, half: Path) -> None:
        half.write_bytes(archive.read_bytes()[:1000])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("memory.backup.folder._copy", fill_up)
    report = back_up(memory.home, [str(tmp_path / "a")])
    assert not report.places[0].ok and "is full" in report.places[0].error
    assert list((tmp_path / "a").iterdir()) == []


def restore_and_die(home: Path, target: Path, page: int) -> None:
    """Restore over a home, and die by SIGKILL when so many pages of the database have been written."""
    from memory.backup import restoring

    def overwrite(held: sqlite3.Connection, source: Path) -> None:
        def tell(_status: int, remaining: int, total: int) -> None:
            if total - remaining >= page:
                os.kill(os.getpid(), signal.SIGKILL)

        with closing(sqlite3.connect(source)) as new:
            new.backup(held, pages=1, progress=tell)

    restoring.overwrite = overwrite
    restore(home, str(target), home_key(home), replace=True)


@pytest.mark.parametrize("page", [1, 20, 60])
def test_a_restore_that_is_killed_changes_nothing(memory: Memory, tmp_path: Path, page: int) -> None:
    back_up(memory.home, [str(tmp_path / "a")])
    fill(memory)
    memory.close()
    before, files = everything(memory.home), files_of(memory.home)
    killed = SPAWN.Process(target=restore_and_die, args=(memory.home, tmp_path / "a", page))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    assert (everything(memory.home), files_of(memory.home)) == (before, files)
    assert (memory.home / "checkpoints.db").exists()
    report = restore(memory.home, str(tmp_path / "a"), home_key(memory.home), replace=True)
    assert everything(memory.home)["ledger"] == [] and everything(Path(report.replaced)) == before


def test_a_new_home_that_could_not_be_filled_stays_empty(memory: Memory, tmp_path: Path, monkeypatch: Any) -> None:
    back_up(memory.home, [str(tmp_path / "a")])

    def fail(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("memory.backup.restoring.overwrite", fail)
        with pytest.raises(GreenroomError, match="is full"):
            restore(tmp_path / "new", str(tmp_path / "a"), home_key(memory.home))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["backup.lock"]
    restore(tmp_path / "new", str(tmp_path / "a"), home_key(memory.home))


def test_a_place_that_gives_back_other_bytes_is_told(memory: Memory, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("memory.backup.folder._read_back", lambda _: "0" * 64)
    report = back_up(memory.home, [str(tmp_path / "a")])
    assert not report.places[0].ok
    assert "is not what was written" in report.places[0].error
    assert list((tmp_path / "a").iterdir()) == []
