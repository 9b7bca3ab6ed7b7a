"""The graphs' own position: closed only when nobody is in the middle of using it."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from memory.checkpoints import close_checkpointer, open_checkpointer


def test_a_thread_that_writes_is_not_cut_off_by_a_close(tmp_path: Path) -> None:
    saver: Any = open_checkpointer(tmp_path)
    writing, closed = threading.Event(), threading.Event()

    def close() -> None:
        writing.wait(10)
        close_checkpointer(saver)
        closed.set()

    thread = threading.Thread(target=close)
    thread.start()
    with saver.cursor() as cursor:
        writing.set()
        assert not closed.wait(0.3)
        assert cursor.execute("SELECT count(*) FROM checkpoints").fetchone() == (0,)
    thread.join(10)
    assert closed.is_set()
    with pytest.raises(sqlite3.ProgrammingError):
        saver.get_tuple({"configurable": {"thread_id": "b_1", "checkpoint_ns": ""}})
