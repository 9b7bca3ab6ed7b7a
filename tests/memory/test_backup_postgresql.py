"""Backups of a home whose database is a PostgreSQL."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import BadInput, WrongUse
from core.works import Piece, Workspace
from memory import Memory
from memory.backup import back_up, home_key, restore
from memory.backup.dump import tables
from memory.backup.shape import upgrade
from memory.database import Database
from memory.migrations import HEAD
from memory.tables import metadata
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.conftest import NOON, Clock
from tests.memory.making import publication, waiting
from tests.memory.test_backup import check, fill

pytest.importorskip("psycopg")


@pytest.fixture
def memory(postgresql: PostgreSQLServer, tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    memory = Memory.open(tmp_path / "home", database_url=postgresql.new_database(), clock=clock)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    yield memory
    memory.close()


def url_of(memory: Memory) -> str:
    return memory._database.engine.url.render_as_string(hide_password=False)


def everything(url: str) -> dict[str, list[str]]:
    """Return every row, LangGraph's own tables included; what a restore notes about itself is left out."""
    database = Database(url)
    with database.read() as conn:
        rows = {table.name: sorted(repr(tuple(row)) for row in conn.execute(select(table))) for table in tables(conn)}
    database.close()
    return rows | {"quarantines": []}


def test_a_database_comes_back_row_by_row(
    memory: Memory, postgresql: PostgreSQLServer, tmp_path: Path, clock: Clock
) -> None:
    fill(memory)
    memory._database.engine.dispose()
    saver: Any = memory.checkpointer()
    saver.put(
        {"configurable": {"thread_id": "t", "checkpoint_ns": ""}},
        {"v": 1, "id": "1", "ts": "", "channel_values": {"said": b"\x00\xff"}, "channel_versions": {"said": "1"},
         "versions_seen": {}},
        {},
        {"said": "1"},
    )  # fmt: skip
    before = everything(url_of(memory))
    assert before["checkpoints"] and before["checkpoint_blobs"]
    report = back_up(memory.home, [str(tmp_path / "a")], database_url=url_of(memory), clock=clock)
    assert report.places[0].ok
    found = check(memory.home, tmp_path / "a", tmp_path)
    assert (found.ok, found.engine, found.ledger.entries) == (True, "postgresql", 6)
    clock.pass_by(hours=1)
    url, key = postgresql.new_database(), home_key(memory.home)
    restored = restore(tmp_path / "new", str(tmp_path / "a"), key, database_url=url, clock=clock)
    assert (restored.quarantined, restored.publications_to_read_back) == (True, 3)
    assert everything(url) == before
    again = Memory.open(tmp_path / "new", database_url=url, clock=clock)
    assert again.ledger.verify().ok
    [quarantine] = again.quarantines.open()
    assert (quarantine.backup_made_at, quarantine.started_at) == (NOON, clock.now)
    again.works.remember("ines", [Piece(source="new.md", title="New", body="Counted on. " * 60)])  # the sequences go on
    assert again.works.count("ines") == 5
    again.close()


def test_a_backup_beside_writers_is_one_moment(memory: Memory, tmp_path: Path) -> None:
    stop = threading.Event()

    def decide(name: str) -> None:
        n = 0
        while not stop.is_set():
            shown = waiting(memory, f"{name} {n}.", brief_id=f"b_{name}")
            approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, name)
            memory.publications.enqueue(publication(shown, approval))
            n += 1

    writers = [threading.Thread(target=decide, args=(name,)) for name in ("Ines", "Tom")]
    for writer in writers:
        writer.start()
    try:
        for n in range(3):
            back_up(memory.home, [str(tmp_path / str(n))], database_url=url_of(memory))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    counts = []
    for n in range(3):
        found = check(memory.home, tmp_path / str(n), tmp_path)
        assert found.ok, found.reason
        counts.append(found.ledger.entries)
    assert counts == sorted(set(counts))


def test_only_an_empty_database_is_filled(
    memory: Memory, postgresql: PostgreSQLServer, tmp_path: Path, clock: Clock
) -> None:
    fill(memory)
    back_up(memory.home, [str(tmp_path / "a")], database_url=url_of(memory), clock=clock)
    url, key = postgresql.new_database(), home_key(memory.home)
    other = Memory.open(tmp_path / "other", database_url=url, clock=clock)
    other.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    other.close()
    before = everything(url)
    for replace in (False, True):
        with pytest.raises(WrongUse, match="table workspaces has rows"):
            restore(tmp_path / "new", str(tmp_path / "a"), key, database_url=url, replace=replace)
    assert everything(url) == before


def test_a_failure_half_way_leaves_the_database_empty(
    memory: Memory, postgresql: PostgreSQLServer, tmp_path: Path, monkeypatch: Any
) -> None:
    fill(memory)
    back_up(memory.home, [str(tmp_path / "a")], database_url=url_of(memory))
    url, key = postgresql.new_database(), home_key(memory.home)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the last step")

    with monkeypatch.context() as patch:
        patch.setattr("memory.quarantines.Quarantines.begin", fail)
        with pytest.raises(RuntimeError):
            restore(tmp_path / "new", str(tmp_path / "a"), key, database_url=url)
    database = Database(url)
    with database.read() as conn:
        assert not {table.name for table in tables(conn)} & set(metadata.tables)
    database.close()
    restore(tmp_path / "newer", str(tmp_path / "a"), key, database_url=url)


def test_an_older_shape_is_filled_and_brought_forward(
    postgresql: PostgreSQLServer, tmp_path: Path, clock: Clock
) -> None:
    url, home = postgresql.new_database(), tmp_path / "home"
    home.mkdir()
    old = Database(url)
    with old.write() as conn:
        upgrade(conn, "0002")
        conn.exec_driver_sql(
            "INSERT INTO workspaces VALUES ('ines', 'Ines', 'UTC', 'en', '{}', NULL, '{}', '2026-11-20 12:00:00+00')"
        )
    old.close()
    back_up(home, [str(tmp_path / "a")], database_url=url)
    new = postgresql.new_database()
    restore(tmp_path / "new", str(tmp_path / "a"), home_key(home), database_url=new)
    with Database(new).read() as conn:
        assert conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
        assert conn.exec_driver_sql("SELECT count(*) FROM quarantines").scalar() == 1
    ahead = Memory.open(tmp_path / "other", database_url=postgresql.new_database())
    with pytest.raises(WrongUse, match="another shape"):
        restore(tmp_path / "new2", str(tmp_path / "a"), home_key(home), database_url=url_of(ahead))
    ahead.close()


def test_the_two_kinds_do_not_mix(memory: Memory, postgresql: PostgreSQLServer, tmp_path: Path) -> None:
    back_up(memory.home, [str(tmp_path / "pg")], database_url=url_of(memory))
    with pytest.raises(BadInput, match="on PostgreSQL"):
        restore(tmp_path / "new", str(tmp_path / "pg"), home_key(memory.home))
    embedded = Memory.open(tmp_path / "embedded")
    back_up(embedded.home, [str(tmp_path / "a")])
    embedded.close()
    with pytest.raises(BadInput, match="on SQLite"):
        restore(tmp_path / "new", str(tmp_path / "a"), home_key(embedded.home), database_url=postgresql.new_database())
