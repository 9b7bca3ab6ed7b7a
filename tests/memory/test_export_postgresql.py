"""Exports of a PostgreSQL, and into one: the same files as of SQLite, to the byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.mending import Proposed
from core.works import Piece, Workspace
from memory import Memory
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.archive import HashedWords
from tests.memory.conftest import NOON, Clock
from tests.memory.exporting import files_of, fill, other_home, out, rows

pytest.importorskip("psycopg")


@pytest.fixture
def server(postgresql: PostgreSQLServer, tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    url = postgresql.new_database()
    memory = Memory.open(tmp_path / "server", database_url=url, clock=clock, embedder=HashedWords())
    yield memory
    memory.close()


def test_from_sqlite_to_postgresql_and_back_is_the_same_to_the_byte(
    memory: Memory, server: Memory, tmp_path: Path, clock: Clock
) -> None:
    fill(memory, clock)
    first = out(memory, tmp_path / "first")
    server.exports.restore(first)
    assert server.ledger.verify() == memory.ledger.verify()

    def write(what: str, done: int, _total: int) -> None:
        if (what, done) == ("Rows", 1):
            server.works.remember("ines", [Piece(source="meanwhile.md", title="Meanwhile", body="Written meanwhile.")])

    second = out(server, tmp_path / "second", progress=write)
    assert server.works.count("ines") == 4
    assert "meanwhile.md" not in {row["source"] for row in rows(second, "works")}
    assert files_of(second) == files_of(first)
    third = other_home(tmp_path, clock)
    third.exports.restore(second)
    assert files_of(out(third, tmp_path / "third")) == files_of(first)
    third.close()


def test_the_audit_reads_it_and_mends_it(server: Memory) -> None:
    server.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    server.works.remember("ines", [Piece(source="a.md", body="![](a.png) A picture.", tags=("tides",))])
    assert {each.gap for each in server.audits.survey("ines").mend_first} == {
        "rights", "date", "alt", "title", "language",
    }  # fmt: skip
    [work] = server.works.list("ines")
    server.suggestions.propose("ines", [(work.id, Proposed(field="title", value="A tin", reason="its first heading"))])
    [said] = server.suggestions.list("ines")
    server.suggestions.accept("ines", [said.id], by="Ines")
    assert (server.works.get("ines", work.id).title, server.works.get("ines", work.id).version) == ("A tin", 2)
    server.suggestions.undo("ines", [said.id], by="Ines")
    assert server.works.get("ines", work.id).title == ""
