"""A disk that is full, a file that is damaged or not ours: said in words, with what to do, and nothing is changed."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import GreenroomError
from memory.checkpoints import close_checkpointer, open_checkpointer
from memory.database import Database, sqlite_url
from memory.unusable import told


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "greenroom.db"
    file.write_text("this is no database at all\n" * 100)
    database = Database(sqlite_url(file))
    with pytest.raises(GreenroomError, match=r"greenroom\.db is damaged: nothing was changed") as refused:
        database.pragma("journal_mode = WAL")
    assert "greenroom restore" in refused.value.hint
    with pytest.raises(GreenroomError, match="is damaged"), database.write() as conn:
        conn.execute(text("CREATE TABLE a (b)"))
    with pytest.raises(GreenroomError, match="is damaged"), database.read() as conn:
        conn.execute(text("SELECT * FROM sqlite_master"))
    database.close()


def test_what_can_not_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "greenroom.db").mkdir()
    database = Database(sqlite_url(tmp_path / "greenroom.db"))
    with pytest.raises(GreenroomError, match="can't be written to"), database.read():
        pass


def test_a_full_disk_says_so_and_keeps_nothing_of_the_transaction(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "greenroom.db"))
    with database.write() as conn:
        conn.execute(text("CREATE TABLE a (b)"))
    with pytest.raises(GreenroomError, match="The disk is full"), database.write() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 3")
        conn.execute(text("INSERT INTO a VALUES ('first')"))
        conn.execute(text("INSERT INTO a VALUES (zeroblob(100000))"))
    with database.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM a")).scalar_one() == 0
    database.close()


def test_the_agents_position_can_be_lost_and_it_is_said_that_it_can(tmp_path: Path) -> None:
    close_checkpointer(open_checkpointer(tmp_path))
    (tmp_path / "checkpoints.db").write_text("this is no database at all\n" * 100)
    with pytest.raises(GreenroomError, match=r"checkpoints\.db is damaged") as refused:
        open_checkpointer(tmp_path)
    assert "no work and no decision" in refused.value.hint


def test_other_errors_stay_what_they_are(tmp_path: Path) -> None:
    assert told(sqlite3.OperationalError("database is locked"), tmp_path / "greenroom.db") is None
    assert told(ValueError("malformed"), tmp_path / "greenroom.db") is None
    database = Database(sqlite_url(tmp_path / "greenroom.db"))
    with pytest.raises(Exception, match="no such table") as raised, database.read() as conn:
        conn.execute(text("SELECT * FROM missing"))
    assert not isinstance(raised.value, GreenroomError)
    database.close()
