"""The same memory on a real PostgreSQL."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from core.errors import AlreadyDecided
from core.facts import state
from core.outcomes import Measured
from core.works import Piece, Workspace
from memory import Memory
from memory.tables import metadata
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.conftest import NOON
from tests.memory.making import proposal, publication, waiting


@pytest.fixture
def memory(postgresql: PostgreSQLServer, tmp_path: Path) -> Iterator[Memory]:
    memory = Memory.open(tmp_path, database_url=postgresql.new_database(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    yield memory
    memory.close()


def together(*calls: Any) -> list[Any]:
    """Run the calls at once; return what each gave or raised."""
    barrier, results = threading.Barrier(len(calls)), []

    def one(call: Any) -> None:
        barrier.wait()
        try:
            results.append(call())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_migrations_and_the_tables_say_the_same(memory: Memory) -> None:
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and (name or "").endswith("_fts"))

    with memory._database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts={"include_name": ours}), metadata) == []


def test_the_way_of_a_proposal(memory: Memory) -> None:
    old, new = waiting(memory, at=NOON, grace_minutes=5), proposal("Mine. 🌊")
    memory.decisions.claim("ines", old.id, "edit", old.sha, "Ines", body="Mine.")
    memory.proposals.supersede(old.id, new)
    assert memory.proposals.get("ines", new.id) == new
    first = memory.decisions.claim("ines", new.id, "approve", new.sha, "Ines")
    memory.publications.enqueue(publication(new, first))
    memory.decisions.undo("ines", first.id, "Tom")
    again = memory.decisions.claim("ines", new.id, "approve", new.sha, "Ines")
    memory.publications.enqueue(publication(new, again))
    [taken] = memory.publications.claim_due("w", NOON, timedelta(minutes=5), 5)
    armed = memory.publications.step(taken.id, epoch=1, to="armed", request={"path": "a"}, key="k")
    memory.publications.step(armed.id, epoch=1, to="published", remote_id="r")
    assert memory.proposals.get("ines", new.id).state == "live"
    check = memory.ledger.verify()
    assert (check.ok, check.entries) == (True, 6)


@pytest.mark.parametrize("statement", ["UPDATE ledger SET actor = 'Eve'", "DELETE FROM ledger", "TRUNCATE ledger"])
def test_the_database_refuses_to_touch_the_ledger(memory: Memory, statement: str) -> None:
    shown = waiting(memory)
    memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    with pytest.raises(DBAPIError, match="append-only"), memory._database.write() as conn:
        conn.exec_driver_sql(statement)
    with pytest.raises(DBAPIError, match="never changes"), memory._database.write() as conn:
        conn.exec_driver_sql("UPDATE proposals SET text = 'Buy now'")
    assert memory.ledger.verify().ok


def test_of_many_who_decide_at_once_one_wins(memory: Memory) -> None:
    for n in range(10):
        shown = waiting(memory, f"Post {n}")
        verbs = ("approve", "reject", "approve", "reject")
        results = together(
            *(lambda v=v: memory.decisions.claim("ines", shown.id, v, shown.sha, v) for v in verbs)  # noqa: B023
        )
        assert sorted(type(r).__name__ for r in results) == ["AlreadyDecided"] * 3 + ["Decision"]
        assert all(isinstance(r, AlreadyDecided) or r.proposal_id == shown.id for r in results)
    check = memory.ledger.verify()
    assert (check.ok, check.entries) == (True, 10)


def test_workers_share_what_is_due(memory: Memory) -> None:
    queued = []
    for n in range(12):
        shown = waiting(memory, f"Post {n}")
        approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
        queued.append(memory.publications.enqueue(publication(shown, approval)).id)
    lease = timedelta(minutes=5)
    taken = together(*(lambda w=w: memory.publications.claim_due(w, NOON, lease, 3) for w in "abcd"))
    again = memory.publications.claim_due("e", NOON, lease, 12)
    assert sorted(p.id for found in [*taken, again] for p in found) == sorted(queued)


def test_two_who_meet_do_not_wait_for_each_other(memory: Memory) -> None:
    """Taking back and publishing hold the same rows: in another order they would deadlock."""
    for n in range(10):
        shown = waiting(memory, f"Post {n}")
        approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
        queued = memory.publications.enqueue(publication(shown, approval))
        results = together(
            lambda: memory.decisions.undo("ines", approval.id, "Ines"),  # noqa: B023
            lambda: memory.publications.step(queued.id, epoch=0, to="missed"),  # noqa: B023
        )
        assert not [r for r in results if isinstance(r, DBAPIError)]
    assert memory.ledger.verify().ok


def test_works_are_remembered_and_forgotten(memory: Memory) -> None:
    pieces = [Piece(source=f"{n}", title=f"Piece {n}", body=f"What {n} says of tides. " * 60) for n in range(5)]
    assert memory.works.remember("ines", pieces).imported == 5
    assert memory.works.remember("ines", pieces).unchanged == 5
    work = memory.works.list("ines")[0]
    memory.checkpointer()
    receipt = memory.forget("ines", work.id)
    assert (receipt["removed"]["works"], receipt["scrubbed"], memory.works.count("ines")) == (1, False, 4)


def test_facts_outcomes_and_repetitions_are_kept_there_too(memory: Memory) -> None:
    body = "The fog signal at Ferder sounded twice a minute. You could set a clock by it, and some did every day."
    memory.works.remember("ines", [Piece(source="a", title="Fog", body=body)])
    (work,) = memory.works.list("ines")
    fact = memory.facts.add("ines", state({"kind": "banned", "term": "fog", "case": True}), by="ines")
    memory.facts.replace("ines", fact.id, {"severity": "note"}, by="ines")
    assert [(each.severity, each.case) for each in memory.facts.current("ines")] == [("note", True)]
    figure = {"work_id": work.id, "metric": "likes", "value": 3, "measured_at": NOON}
    memory.outcomes.take("ines", [Measured.model_validate(figure)], by="ines")
    (past,) = memory.repeats.suspects("ines", body.replace("twice", "once")).past
    assert (past.work_id, past.did) == (work.id, "3 likes")
    assert memory.turned_down.like("ines", "fog", k=3) == ()
