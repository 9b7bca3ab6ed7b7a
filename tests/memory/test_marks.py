"""How far the vectors were complete is noted, and never believed once anything before it changed."""

from pathlib import Path

import pytest

from core.works import Piece, Workspace
from memory import Memory
from memory.clock import utc_now
from memory.database import Database, sqlite_url
from memory.index.marks import Extent, extent, unchanged_since, vectors_of
from memory.index.vectors import pending_passages, pending_texts

SPACE = "harbour"


@pytest.fixture
def memory(tmp_path: Path):
    opened = Memory.open(tmp_path)
    opened.workspaces.add(Workspace(id=SPACE, name="Harbour", created_at=utc_now()))
    yield opened
    opened.close()


def remember(memory: Memory, *names: str, excerpt: str = "") -> None:
    pieces = [
        Piece(source=name, title=f"On {name}", body=f"{name} is what the ferry carries.", excerpt=excerpt)
        for name in names
    ]
    memory.works.remember(SPACE, pieces)


def state(memory: Memory) -> tuple[Extent, Extent | None, int, int]:
    database = Database(sqlite_url(memory.home / "greenroom.db"))
    model = memory.embedder.name
    with database.read() as conn:
        found = (
            extent(conn, SPACE),
            unchanged_since(conn, SPACE, vectors_of(model)),
            len(pending_texts(conn, SPACE, model)),
            pending_passages(conn, SPACE, model),
        )
    database.close()
    return found


def test_what_is_new_is_found_beyond_the_mark(memory: Memory) -> None:
    remember(memory, "salt", "rope")
    memory.index.bring_up_to_date(SPACE)
    reached, mark, texts, passages = state(memory)
    assert (mark, texts, passages) == (reached, 0, 0)
    remember(memory, "tar")
    now, mark, texts, passages = state(memory)
    assert mark == reached != now
    assert (texts, passages) == (2, 1)  # its heading and its one passage
    memory.index.bring_up_to_date(SPACE)
    assert state(memory) == (now, now, 0, 0)


def test_a_changed_summary_is_no_new_passage_and_is_embedded_all_the_same(memory: Memory) -> None:
    remember(memory, "salt", "rope")
    memory.index.bring_up_to_date(SPACE)
    remember(memory, "salt", excerpt="Where it comes from.")
    _, mark, texts, passages = state(memory)
    assert (mark, texts, passages) == (None, 1, 0)


def test_a_changed_body_ends_the_mark(memory: Memory) -> None:
    remember(memory, "salt", "rope")
    memory.index.bring_up_to_date(SPACE)
    memory.works.remember(SPACE, [Piece(source="rope", title="On rope", body="Rope is sold by the fathom.")])
    assert state(memory)[1:] == (None, 1, 1)


def test_a_forgotten_work_ends_the_mark_even_if_its_number_is_given_again(memory: Memory) -> None:
    remember(memory, "salt", "rope")
    memory.index.bring_up_to_date(SPACE)
    (rope,) = (work for work in memory.works.list(SPACE) if work.source == "rope")
    database = Database(sqlite_url(memory.home / "greenroom.db"))
    with database.write() as conn:
        for table, column in (
            ("passages", "work_id"),
            ("work_versions", "work_id"),
            ("signatures", "work_id"),
            ("works", "id"),
        ):
            conn.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = ?", (rope.id,))
    database.close()
    remember(memory, "tar")
    _, mark, texts, passages = state(memory)
    assert (mark, texts, passages) == (None, 2, 1)


def test_a_work_withheld_at_first_gets_its_vectors_when_it_may_be_used(memory: Memory) -> None:
    remember(memory, "salt", "rope")
    (rope,) = (work for work in memory.works.list(SPACE) if work.source == "rope")
    memory.consents.say(SPACE, f"work:{rope.id}", granted=False, by="owner")
    memory.index.bring_up_to_date(SPACE)
    assert state(memory)[1] is None
    memory.consents.say(SPACE, f"work:{rope.id}", granted=True, by="owner")
    assert state(memory)[2:] == (2, 1)
