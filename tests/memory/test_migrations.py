"""A database is brought to head once, whoever comes first, and never by code that is older than it."""

import multiprocessing
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.errors import GreenroomError
from memory import Memory
from memory.database import Database, sqlite_url
from memory.migrations import HEAD, REVISIONS, configuration, migrate, stored_revision
from memory.tables import metadata

pytestmark = pytest.mark.usefixtures("real_migrations")

FULL_TEXT = ("passages_fts", "works_fts")


def test_the_migrations_and_the_tables_say_the_same(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "g.db"))
    migrate(database)

    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and (name or "").startswith(FULL_TEXT))

    with database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts={"include_name": ours}), metadata) == []
        scripts = ScriptDirectory.from_config(configuration(conn))
        assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == REVISIONS
        assert stored_revision(conn) == HEAD
    database.close()


def test_opening_again_needs_no_alembic(tmp_path: Path) -> None:
    Memory.open(tmp_path / "home").close()
    opened = (
        "import sys; from pathlib import Path; from memory import Memory; Memory.open(Path(sys.argv[1])); "
        "heavy = {'alembic', 'chromadb', 'torch', 'sklearn', 'langgraph', 'onnxruntime', 'numpy'} & set(sys.modules); "
        "print(sorted(heavy))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", opened, str(tmp_path / "home")], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    Memory.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "greenroom.db")) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(GreenroomError, match="newer Greenroom") as caught:
        Memory.open(tmp_path)
    assert "Nothing was changed" in caught.value.message
    with closing(sqlite3.connect(tmp_path / "greenroom.db")) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_a_cut_off_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    def cut_off(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    database = Database(sqlite_url(tmp_path / "g.db"))
    with monkeypatch.context() as patch:
        patch.setattr(Operations, "create_index", cut_off)
        with pytest.raises(KeyboardInterrupt):
            migrate(database)
    with database.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    migrate(database)
    database.close()


def _open(home: Path, barrier: "multiprocessing.synchronize.Barrier", answers: "multiprocessing.Queue[str]") -> None:
    barrier.wait()
    try:
        Memory.open(home).close()
        answers.put("ok")
    except Exception as error:
        answers.put(repr(error))


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("fork")
    for round_ in range(5):
        barrier, answers = spawn.Barrier(4), spawn.Queue()
        started = [spawn.Process(target=_open, args=(tmp_path / str(round_), barrier, answers)) for _ in range(4)]
        for process in started:
            process.start()
        assert [answers.get(timeout=60) for _ in started] == ["ok"] * 4
        for process in started:
            process.join()


def test_the_file_is_set_up_for_many_processes(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "g.db"))
    migrate(database)
    with database.write() as conn:
        asked = ("journal_mode", "busy_timeout", "foreign_keys", "secure_delete", "recursive_triggers", "synchronous")
        found = {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked}
    assert found == {
        "journal_mode": "wal",
        "busy_timeout": 10_000,
        "foreign_keys": 1,
        "secure_delete": 1,
        "recursive_triggers": 1,
        "synchronous": 2,
    }
    database.close()
