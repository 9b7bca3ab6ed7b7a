"""The ledger can't be mended unseen: not the entries, not the decisions they tell of."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import count

import pytest

from core.decisions import GENESIS, entry_hash
from core.proposals import Proposal
from memory import LedgerCheck, Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import publication, waiting


@pytest.fixture
def decided(memory: Memory, clock: Clock) -> list[Proposal]:
    """Three decisions (entries 1-3), the second taken back (entry 4)."""
    made = [waiting(memory, f"Post {n}.") for n in range(3)]
    decisions = []
    for shown, verb in zip(made, ("approve", "reject", "edit"), strict=True):
        clock.pass_by(minutes=1, microseconds=1234)
        decisions.append(memory.decisions.claim("ines", shown.id, verb, shown.sha, "Ines", note="n", body="b"))
    memory.decisions.undo("ines", decisions[1].id, "Tom")
    return made


def tamper(memory: Memory, *statements: str) -> None:
    with closing(sqlite3.connect(memory.home / "greenroom.db")) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def test_an_untouched_ledger_holds(memory: Memory, decided: list[Proposal]) -> None:
    assert memory.ledger.verify() == LedgerCheck(ok=True, entries=4)
    entries = memory.ledger.entries()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert [entry.prev for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]
    for e in entries:
        assert e.hash == entry_hash(e.seq, e.at, e.actor, e.kind, e.payload, e.prev)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET actor = 'Eve' WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 4",
        "DELETE FROM ledger",
        "INSERT OR REPLACE INTO ledger SELECT seq, at, 'Eve', kind, payload, prev, hash FROM ledger WHERE seq = 2",
        "INSERT OR REPLACE INTO ledger SELECT 5, at, 'Eve', kind, payload, prev, hash FROM ledger WHERE seq = 4",
        "INSERT INTO ledger SELECT 7, at, actor, kind, payload, hash, 'x' FROM ledger WHERE seq = 4",
        "INSERT INTO ledger SELECT 5, at, actor, kind, payload, prev, 'x' FROM ledger WHERE seq = 4",
    ],
)
def test_the_database_itself_refuses(memory: Memory, decided: list[Proposal], statement: str) -> None:
    before = memory.ledger.entries()
    with pytest.raises(sqlite3.IntegrityError, match="ledger"):
        tamper(memory, statement)
    assert memory.ledger.entries() == before


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE ledger SET actor = 'Eve' WHERE seq = 2", 2),
        ("UPDATE ledger SET at = '2026-11-20 11:00:00.000000' WHERE seq = 3", 3),
        ("UPDATE ledger SET kind = 'undo' WHERE seq = 1", 1),
        ("UPDATE ledger SET payload = replace(payload, 'reject', 'approve') WHERE seq = 2", 2),
        ("UPDATE ledger SET hash = printf('%064d', 7) WHERE seq = 4", 4),
        ("UPDATE ledger SET payload = '[]' WHERE seq = 2", 2),
        ("UPDATE ledger SET payload = '{' WHERE seq = 3", 3),
        ("UPDATE ledger SET at = 'noon' WHERE seq = 3", 3),
        ("UPDATE decisions SET verb = 'nod' WHERE verb = 'edit'", 3),
        ("UPDATE decisions SET at = 'noon' WHERE verb = 'approve'", 1),
        ("DELETE FROM ledger WHERE seq = 1", 1),
        ("DELETE FROM ledger WHERE seq = 2", 2),
        ("DELETE FROM ledger WHERE seq = 4", 4),
        ("UPDATE decisions SET verb = 'approve' WHERE verb = 'reject'", 2),
        ("UPDATE decisions SET by = 'Eve' WHERE verb = 'edit'", 3),
        ("UPDATE decisions SET at = '2026-11-20 11:00:00.000000' WHERE verb = 'approve'", 1),
        ("UPDATE decisions SET sha = printf('%064d', 7) WHERE verb = 'approve'", 1),
        ("UPDATE decisions SET note = 'other' WHERE verb = 'edit'", 3),
        ("UPDATE decisions SET body = 'other' WHERE verb = 'edit'", 3),
        ("UPDATE decisions SET stage = 'brand' WHERE verb = 'approve'", 1),
        ("DELETE FROM decisions WHERE verb = 'approve'", 1),
        ("UPDATE decisions SET undone_by = NULL", 4),
        ("UPDATE decisions SET undone_by = 4 WHERE verb = 'approve'", 5),
        (
            "INSERT INTO decisions SELECT 'dec_x', workspace, proposal_id, 'brand', 'approve', by, at, sha, note, "
            "body, NULL, NULL, NULL FROM decisions WHERE verb = 'edit'",
            5,
        ),
    ],
)
def test_whoever_drops_the_triggers_is_still_seen(
    memory: Memory, decided: list[Proposal], statement: str, first_bad: int
) -> None:
    triggers = ("ledger_refuses_update", "ledger_refuses_delete", "ledger_takes_only_the_next_link")
    tamper(memory, *(f"DROP TRIGGER {name}" for name in triggers))
    assert memory.ledger.verify().ok
    tamper(memory, statement)
    check = memory.ledger.verify()
    assert (check.ok, check.first_bad) == (False, first_bad)
    assert check.reason


def test_a_rewritten_chain_is_betrayed_by_the_decisions(memory: Memory, decided: list[Proposal]) -> None:
    """Somebody who recomputes every hash still has to change the table of decisions in step."""
    entries = memory.ledger.entries()
    tamper(memory, "DROP TRIGGER ledger_refuses_update")
    prev = GENESIS
    with closing(sqlite3.connect(memory.home / "greenroom.db")) as raw:
        for e in entries:
            actor = "Eve" if e.seq == 1 else e.actor
            new = entry_hash(e.seq, e.at, actor, e.kind, e.payload, prev)
            raw.execute("UPDATE ledger SET actor = ?, prev = ?, hash = ? WHERE seq = ?", (actor, prev, new, e.seq))
            prev = new
        raw.commit()
    check = memory.ledger.verify()
    assert (check.first_bad, "was changed in the table of decisions" in check.reason) == (1, True)


def test_what_became_of_a_publication_is_told(memory: Memory) -> None:
    shown = waiting(memory)
    approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    queued = memory.publications.enqueue(publication(shown, approval))
    missed = memory.publications.step(queued.id, epoch=0, to="missed", reason="the machine slept")
    memory.publications.step(missed.id, epoch=missed.epoch, to="cancelled", by="Tom")
    told = [(e.actor, e.kind, e.payload["state"], e.payload["reason"]) for e in memory.ledger.entries()[1:]]
    assert told == [
        ("sender", "publication", "missed", "the machine slept"),
        ("Tom", "publication", "cancelled", "the machine slept"),
    ]
    assert memory.ledger.verify().ok


def test_an_entry_carries_the_time_of_the_decision_that_it_tells_of(memory: Memory) -> None:
    """A second may pass between the two: that is no tampering."""
    ticking = count()
    memory.decisions._clock = lambda: NOON + timedelta(seconds=next(ticking))  # type: ignore[method-assign]
    memory.ledger._clock = memory.decisions._clock  # type: ignore[method-assign]
    shown = waiting(memory)
    decision = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    assert memory.ledger.entries()[-1].at == decision.at
    assert memory.ledger.verify().ok
