"""What was said, on a real PostgreSQL: the same turns in the same order."""

from pathlib import Path

import pytest

from core.works import Workspace
from memory import Memory
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.making import waiting
from tests.memory.talk import LINES, NOON, HashedTokens, said


def test_both_databases_find_the_same(postgresql: PostgreSQLServer, tmp_path: Path) -> None:
    found = []
    for name, url in (("lite", None), ("postgres", postgresql.new_database())):
        memory = Memory.open(tmp_path / name, database_url=url, embedder=HashedTokens(), clock=lambda: NOON)
        memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
        assert memory.dialogue.remember("ines", said()) == len(LINES)
        assert memory.dialogue.remember("ines", said()) == 0
        rain = waiting(memory, "Rain is only water.")
        memory.decisions.claim("ines", rain.id, "reject", rain.sha, "Ines", note="too wet")
        results = memory.dialogue.recall("ines", "Why was the old harbour rejected?", k=9)
        found.append([(each.turn.text, pytest.approx(each.score, abs=1e-5)) for each in results])
        memory.close()
    assert len(found[0]) == len(LINES) + 1
    assert found[0] == found[1]
