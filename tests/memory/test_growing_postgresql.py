"""The move from the embedded database to a real PostgreSQL: every row, all of it or nothing, and one of the two."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from core.errors import BadInput, Busy, NotFound, WrongUse
from memory import Memory
from memory.database import Database
from memory.growing import LEFT, grow
from memory.moved import ASIDE, FILE
from memory.tables import heartbeats, metadata, works
from tests.app.translating import post, small_studio
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.conftest import Clock

pytest.importorskip("psycopg")


def silent(_what: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture
def home(tmp_path: Path, clock: Clock) -> Iterator[Path]:
    studio = small_studio(tmp_path, clock)
    (tmp_path / "a.md").write_text("# Ünï ✂️ tide\n\n" + "The tide is nobody's own. " * 20, encoding="utf-8")
    studio.import_paths([tmp_path / "a.md"])
    for verb in ("hold", "reject"):
        shown = post(studio)
        studio.decide(shown.id, verb, shown.sha, note="Not \\u0000 yet — “so”")
    post(studio, "What waits is what waits, over there too.")
    studio.memory.heartbeats.beat("here:1")
    studio.close()
    yield studio.settings.home


def everything(url: str) -> dict[str, list[str]]:
    database = Database(url)
    with database.read() as conn:
        tables = [table for table in metadata.sorted_tables if table.name not in LEFT]
        found = {table.name: sorted(repr(tuple(row)) for row in conn.execute(select(table))) for table in tables}
    database.close()
    return found


def test_every_row_goes_and_the_home_goes_on_there(
    home: Path, tmp_path: Path, postgresql: PostgreSQLServer, clock: Clock
) -> None:
    before, url = everything(f"sqlite:///{home / FILE}"), postgresql.new_database()
    grown = grow(home, url, silent)
    assert everything(url) == before
    assert (grown.ledger.ok, grown.rows) == (True, sum(len(rows) for rows in before.values()))
    assert grown.tables["decisions"] == 2 and grown.tables["vectors"] > 0
    assert not (home / FILE).exists() and (home / ASIDE).exists()
    with pytest.raises(WrongUse, match="was moved to a PostgreSQL"):
        Memory.open(home, clock=clock)
    studio = small_studio(tmp_path, clock, database_url=url)
    [shown] = [each for each in studio.pending() if each.state == "waiting"]
    decided = studio.decide(shown.id, "approve", shown.sha)  # its place in the graph was left behind: it is made anew
    assert decided.publication is not None and studio.memory.ledger.verify().ok
    studio.import_paths([tmp_path / "a.md"])
    (tmp_path / "b.md").write_text("# Another\n\n" + "Low water at nine. " * 20, encoding="utf-8")
    studio.import_paths([tmp_path / "b.md"])  # counted numbers go on
    assert studio.recall("low water")[0].title == "Another"
    with pytest.raises(WrongUse, match="has rows already"):
        grow(home, url, silent)
    studio.close()


def test_nothing_is_changed_where_it_cannot_be(home: Path, postgresql: PostgreSQLServer, clock: Clock) -> None:
    url = postgresql.new_database()
    with pytest.raises(WrongUse, match="no PostgreSQL"):
        grow(home, f"sqlite:///{home / 'x.db'}", silent)
    with pytest.raises(WrongUse, match="no database's address"):
        grow(home, "nowhere", silent)
    open_elsewhere = Memory.open(home, clock=clock)
    open_elsewhere.workspaces.list()
    with pytest.raises(Busy, match="Another Greenroom"):
        grow(home, url, silent)
    with open_elsewhere._database.write() as conn:
        row = conn.execute(select(works)).first()
        assert row is not None
        conn.execute(insert(heartbeats).values(worker="x", started_at=clock.now, at=clock.now, says="x"))
        conn.exec_driver_sql("UPDATE works SET title = 'a' || char(0) || 'b'")
    open_elsewhere.close()
    with pytest.raises(BadInput, match="table works has a row"):
        grow(home, url, silent)
    assert (home / FILE).exists() and not (home / ASIDE).exists()
    assert Database(url).engine.connect().exec_driver_sql("SELECT to_regclass('works')").scalar() is None


def test_a_move_that_was_cut_off_goes_on(
    home: Path, postgresql: PostgreSQLServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, url = everything(f"sqlite:///{home / FILE}"), postgresql.new_database()
    (home / FILE).rename(home / ASIDE)  # as it is between that and the other database's commit
    grow(home, url, silent)
    assert everything(url) == before
    with pytest.raises(NotFound):
        grow(home / "nowhere", url, silent)
