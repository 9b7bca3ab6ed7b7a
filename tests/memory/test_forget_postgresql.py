"""Forgetting on a real PostgreSQL: its guards are lifted for the one transaction, and stand again after it."""

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from core.works import Piece, Workspace
from memory import Memory
from memory.forgetting import Wish
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.conftest import NOON
from tests.memory.test_forget_everywhere import SECRET, fill
from tests.memory.test_forgetting import MARKER, Letters, others, work_id


def test_works_a_person_and_a_workspace_go(postgresql: PostgreSQLServer, tmp_path: Path) -> None:
    url = postgresql.new_database()
    memory = Memory.open(tmp_path, database_url=url, embedder=Letters(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    lamp = Piece(source="lamp", title="The brass lamp", body=f"Once.\n\n{MARKER}.")
    plums = Piece(source="food/1", title="Plums", body=f"It is said.\n\n{SECRET}.")
    shared = Piece(source="both", title="Ours", body="Of gulls.", authors=("Marit", "Ines"))
    memory.works.remember("ines", [lamp, plums, shared, *others(3)])
    fill(memory)
    works = (work_id(memory), work_id(memory, "food/1"))
    wish = Wish(kind="work", workspace="ines", works=works, also_decided=True)
    receipt = memory.forgetting.forget(wish, by="owner")["receipt"]
    assert (receipt["withheld"], receipt["pending"], receipt["scrubbed"]) == (2, [], False)
    memory.forgetting.forget(Wish(kind="person", workspace="ines", named="Marit"), by="owner")
    both = memory.works.by_source("ines", "both")
    assert both is not None and both.authors == ("Ines",)
    for forbidden in ("UPDATE ledger SET actor = 'x'", "UPDATE proposals SET text = 'x'"):
        with pytest.raises(DBAPIError), memory._database.write() as conn:
            conn.exec_driver_sql(forbidden)
    memory.forgetting.forget(Wish(kind="workspace", workspace="ines"), by="owner")
    assert (memory.workspaces.list(), memory.ledger.verify().ok) == ([], True)
    memory.close()
