"""The ledger: what people decided and what came of it, as a chain of hashes that nobody can mend unseen."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Select, insert, select

from core.base import Noun
from core.canonical import sha256
from core.decisions import GENESIS, Decision, LedgerEntry, entry_hash
from memory.clock import Clock, whole_second
from memory.database import Database
from memory.rows import noun
from memory.tables import decisions
from memory.tables import ledger as table

T = TypeVar("T", bound=Noun)

WITHHELD = "withheld"
"""In the payload of an entry whose words were forgotten: only its hash and place are known. In that of the entry that
tells of the forgetting: which ones those are, as ranges."""


class LedgerCheck(Noun):
    """Whether the chain holds, and if not: the first entry that is bad (or is missing), and why."""

    ok: bool
    entries: int
    first_bad: int | None = None
    reason: str = ""


class Ledger:
    """Append-only: the database refuses to change or delete an entry, and each one hashes the one before."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def append(
        self, conn: Connection, actor: str, kind: str, payload: dict[str, Any], *, at: datetime | None = None
    ) -> LedgerEntry:
        """Add an entry inside the caller's transaction, so that it stands or falls with what it tells.

        `at`: the time that the row says which it tells of; else now.
        """
        if not self._database.is_sqlite:  # SQLite's writer is alone already
            conn.exec_driver_sql("LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE")
        last = conn.execute(select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)).one_or_none()
        seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
        at = whole_second(at or self._clock())
        entry = LedgerEntry(
            seq=seq,
            at=at,
            actor=actor,
            kind=kind,
            payload=payload,
            prev=prev,
            hash=entry_hash(seq, at, actor, kind, payload, prev),
        )
        conn.execute(insert(table).values(entry.model_dump()))
        return entry

    def entries(self) -> list[LedgerEntry]:
        """Return every entry, oldest first."""
        with self._database.read() as conn:
            return [noun(LedgerEntry, row) for row in conn.execute(select(table).order_by(table.c.seq))]

    def last(self) -> LedgerEntry | None:
        """Return the newest entry, if there is one."""
        with self._database.read() as conn:
            row = conn.execute(select(table).order_by(table.c.seq.desc()).limit(1)).first()
        return None if row is None else noun(LedgerEntry, row)

    def verify(self) -> LedgerCheck:
        """Recompute the chain, and compare every decision's row with its entry."""
        with self._database.read() as conn:
            entries = _read(conn, table.c.seq, LedgerEntry)
            rows = _read(conn, decisions.c.id, Decision)
        for seq, reason in _faults(entries, rows):
            return LedgerCheck(ok=False, entries=len(entries), first_bad=seq, reason=reason)
        return LedgerCheck(ok=True, entries=len(entries))


def told(decision: Decision) -> dict[str, Any]:
    """Return what a decision's entry says about it, beside the actor and the time."""
    return {
        "workspace": decision.workspace,
        "decision": decision.id,
        "proposal": decision.proposal_id,
        "stage": decision.stage,
        "verb": decision.verb,
        "sha": decision.sha,
        "note": decision.note,
        "body_sha": None if decision.body is None else sha256(decision.body.encode("utf-8")),
    }


def _read(conn: Connection, key: Column[Any], kind: type[T]) -> dict[Any, T | None]:
    """Return a table's rows as nouns by their key, None for one that somebody made unreadable."""
    rows = select(key.table).order_by(key)
    try:
        return {getattr(row, key.name): noun(kind, row) for row in conn.execute(rows)}
    except ValueError:  # one at a time, then, to see which
        return {one: _try(conn, rows.where(key == one), kind) for one in conn.scalars(select(key).order_by(key)).all()}


def _try(conn: Connection, row: Select[Any], kind: type[T]) -> T | None:
    try:
        return noun(kind, conn.execute(row).one())
    except ValueError:
        return None


def _faults(entries: dict[int, LedgerEntry | None], rows: dict[str, Decision | None]) -> Iterator[tuple[int, str]]:
    """Yield (entry, reason), in the chain's order; decisions that no entry tells of come last, as the missing entry."""
    prev = GENESIS
    untold = set(rows)
    withheld = _withheld(entries.values())
    undone = {(row.undone_by, row.id) for row in rows.values() if row and row.undone_by is not None}
    for seq, entry in enumerate(entries.values(), start=1):
        if entry is None:
            yield seq, "it can't be read"
            continue
        known = seq not in withheld
        if fault := _broken_link(entry, seq, prev, known=known):
            yield seq, fault
        prev = entry.hash
        named = str(entry.payload.get("decision"))
        if entry.kind == "decision":
            untold.discard(named)
            if known and (fault := _differs(entry, rows.get(named))):
                yield seq, fault
        if entry.kind == "undo" or (entry.kind == "void" and entry.payload.get("decision") is not None):
            if known and (seq, named) not in undone:
                yield seq, f"decision {named}, which this entry takes back, does not say so"
            undone.discard((seq, named))
    untold |= {decision for _, decision in undone}
    if untold:
        yield len(entries) + 1, f"no entry tells of {', '.join(sorted(untold))} as the table of decisions has it"


def _withheld(entries: Collection[LedgerEntry | None]) -> set[int]:
    """Return the entries whose words a later entry says were forgotten. Only these may be without their content."""
    named: set[int] = set()
    for entry in entries:
        if entry and entry.kind == "forget" and isinstance(entry.payload.get(WITHHELD), list):
            for first, last in entry.payload[WITHHELD]:
                named.update(range(first, min(last, entry.seq - 1) + 1))
    return {entry.seq for entry in entries if entry and entry.seq in named and entry.payload.get(WITHHELD) is True}


def _broken_link(entry: LedgerEntry, seq: int, prev: str, *, known: bool = True) -> str | None:
    if entry.seq != seq:
        return f"entry {seq} is missing"
    if entry.prev != prev:
        return "it does not follow from the entry before it"
    if known and entry.hash != entry_hash(entry.seq, entry.at, entry.actor, entry.kind, entry.payload, entry.prev):
        return "it was changed: its hash does not fit its content"
    return None


def _differs(entry: LedgerEntry, row: Decision | None) -> str | None:
    if row is None:
        return f"decision {entry.payload.get('decision')} is gone from the table of decisions, or can't be read there"
    if (row.by, row.at, told(row)) != (entry.actor, entry.at, entry.payload):
        return f"decision {row.id} was changed in the table of decisions"
    return None
