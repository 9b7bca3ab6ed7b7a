"""What a brand holds to, in both times: superseded, never overwritten; changed by people who may, on the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from core import bitemporal
from core.base import Noun
from core.canonical import sha256
from core.errors import BadInput, NotFound
from core.facts import BrandFact, Stated, state
from core.ids import new_id
from memory.authority import refuse_role
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.rows import noun, values
from memory.tables import facts as table

MOST = 5000
"""Facts that hold at one time in a workspace: all of them are checked on every draft."""


class FactsTaken(Noun):
    """What a sheet came to: facts that are new, that took another's place, and that were known as they are."""

    added: tuple[BrandFact, ...] = ()
    replaced: tuple[BrandFact, ...] = ()
    unchanged: int = 0


class Facts:
    """A workspace's facts. They are loaded whole, and never retrieved by likeness.

    `by` is who asks, `secret` their own one: owners and editors change facts, the agent and contributors never.
    """

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def as_of(
        self, workspace: str, *, valid: datetime | None = None, known: datetime | None = None
    ) -> tuple[BrandFact, ...]:
        """Return the facts that were true at `valid`, by what was known at `known`; None: now. By kind and term."""
        with self._database.read() as conn:
            rows = bitemporal.as_of(_all(conn, workspace), valid=valid or self._clock(), known=known)
        return tuple(sorted(rows, key=lambda fact: (*fact.key, fact.id)))

    def current(self, workspace: str) -> tuple[BrandFact, ...]:
        """Return the facts that hold now. What expired or was superseded is not among them."""
        return self.as_of(workspace)

    def history(self, workspace: str, fact_id: str) -> tuple[BrandFact, ...]:
        """Return every version of a fact in the order they were recorded, superseded ones too. Raises NotFound."""
        with self._database.read() as conn:
            return _versions(conn, workspace, fact_id)

    def take(self, workspace: str, stated: Sequence[Stated], *, by: str, secret: str | None = None) -> FactsTaken:
        """Take facts in, all or none: new ones, changed ones in another's place (by kind, term and locale), same ones
        not again.

        Raises NotAllowed for who may not, BadInput when there would be more than can be checked.
        """
        proof = proven(self._database, self._clock, workspace, by, secret)
        added, replaced, unchanged = [], [], 0
        with self._database.write() as conn:
            self._refuse(conn, workspace, by, proof)
            there = self._standing(conn, workspace)
            _refuse_too_many(len(there.keys() | {fact.key for fact in stated}))
            for fact in stated:
                old = there.get(fact.key, [])
                if not old:
                    added.append(self._record(conn, workspace, new_id("f"), fact, by, "added"))
                elif any(_same(known, fact) for known in old):
                    unchanged += 1
                else:
                    replaced.append(self._record(conn, workspace, old[-1].id, fact, by, "replaced"))
        return FactsTaken(added=tuple(added), replaced=tuple(replaced), unchanged=unchanged)

    def add(self, workspace: str, fact: Stated, *, by: str, secret: str | None = None) -> BrandFact:
        """Add a fact. Raises BadInput when one of the same kind, term and locale holds already, and NotAllowed."""
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            self._refuse(conn, workspace, by, proof)
            there = self._standing(conn, workspace)
            _refuse_said(there, fact)
            _refuse_too_many(len(there) + 1)
            return self._record(conn, workspace, new_id("f"), fact, by, "added")

    def replace(
        self, workspace: str, fact_id: str, changes: dict[str, Any], *, by: str, secret: str | None = None
    ) -> BrandFact:
        """Say a fact anew: from `valid_from` on (None: from now; the fact's own beginning: it was always so).

        What was known before stays, superseded. Raises NotFound, NotAllowed and BadInput.
        """
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            self._refuse(conn, workspace, by, proof)
            latest = _latest(conn, workspace, fact_id)
            fresh = state(latest.stated().model_dump() | {"valid_from": None} | changes)
            if fresh.key != latest.key:
                _refuse_said(self._standing(conn, workspace), fresh)
            return self._record(conn, workspace, fact_id, fresh, by, "replaced")

    def end(
        self, workspace: str, fact_id: str, *, by: str, at: datetime | None = None, secret: str | None = None
    ) -> BrandFact:
        """Let a fact end at `at` (None: now): it was true until then. Raises NotFound, NotAllowed, and BadInput when
        it ended before, or would end before it began (then it never was true: replace it)."""
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            self._refuse(conn, workspace, by, proof)
            latest, at = _latest(conn, workspace, fact_id), at or self._clock()
            if latest.valid_to is not None and latest.valid_to <= at:
                raise BadInput(f"{fact_id} has ended already: {latest.valid_to:%Y-%m-%d}.", "Nothing was changed.")
            if at < latest.valid_from:
                raise BadInput(f"{fact_id} begins only on {latest.valid_from:%Y-%m-%d}.", "Nothing was changed.")
            return self._record(conn, workspace, fact_id, latest.stated(), by, "ended", until=at)

    def new_since(self, workspace: str, moment: datetime, seq: int | None = None) -> tuple[BrandFact, ...]:
        """Return the facts that hold now and were not known, or not in force, at `moment`.

        `seq`: an entry of the ledger in that second; what was recorded after it is new as well.
        """
        return new_since(self.versions(workspace), moment, self._clock(), seq)

    def versions(self, workspace: str) -> tuple[BrandFact, ...]:
        """Return every version of every fact, in the order they were recorded."""
        with self._database.read() as conn:
            return tuple(_all(conn, workspace))

    def _refuse(self, conn: Connection, workspace: str, by: str, proof: str | None) -> None:
        refuse_role(conn, workspace, by, proof, ("owner", "editor"), "change what the brand holds to")

    def _standing(self, conn: Connection, workspace: str) -> dict[tuple[str, str, str], list[BrandFact]]:
        """Return what is known of now and later by what no two facts can share, the earliest first."""
        found: dict[tuple[str, str, str], list[BrandFact]] = {}
        for fact in sorted(_all(conn, workspace), key=lambda fact: fact.valid_from):
            if fact.superseded_at is None and (fact.valid_to is None or fact.valid_to > self._clock()):
                found.setdefault(fact.key, []).append(fact)
        return found

    def _record(
        self,
        conn: Connection,
        workspace: str,
        fact_id: str,
        stated: Stated,
        by: str,
        what: str,
        *,
        until: datetime | None = None,
    ) -> BrandFact:
        """Supersede what is known of the time that a fact is about, and record it, and what is left of the old."""
        told = {"workspace": workspace, "fact": fact_id, "what": what, "kind": stated.kind}
        told["sha"] = sha256(stated.model_dump(mode="json") | {"until": until.isoformat() if until else None})
        entry = self._ledger.append(conn, by, "fact", told)
        known = {"workspace": workspace, "id": fact_id, "recorded_at": entry.at, "recorded_by": by, "seq": entry.seq}
        start, end = (until, None) if until else (stated.valid_from or entry.at, stated.valid_to)
        old = [row for row in _known(conn, workspace, fact_id) if bitemporal.overlaps(row, start, end)]
        _supersede(conn, old, entry.at)
        made = [
            old[rest.version].stated().model_dump() | {"valid_from": rest.valid_from, "valid_to": rest.valid_to}
            for rest in bitemporal.rests(old, start, end)
        ]
        if until is None:
            made.append(stated.model_dump() | {"valid_from": start, "valid_to": end})
        rows = _insert(conn, fact_id, [each | known for each in made])
        return rows[-1] if rows else old[-1].model_copy(update={"superseded_at": entry.at})


def new_since(
    versions: Sequence[BrandFact], moment: datetime, now: datetime, seq: int | None = None
) -> tuple[BrandFact, ...]:
    """Return the facts that hold `now` and were not known, or not in force, at `moment` (see `Facts.new_since`)."""
    known = [fact for fact in versions if seq is None or fact.seq <= seq]
    then = {_said(fact) for fact in bitemporal.as_of(known, valid=moment, known=moment)}
    return tuple(fact for fact in bitemporal.as_of(versions, valid=now) if _said(fact) not in then)


def _said(fact: BrandFact) -> str:
    """Return what a fact says, apart from when."""
    return fact.id + fact.model_dump_json(include=set(Stated.model_fields) - {"valid_from", "valid_to"})


def _supersede(conn: Connection, old: Sequence[BrandFact], at: datetime) -> None:
    for row in old:
        mine = (table.c.id == row.id, table.c.version == row.version)
        conn.execute(update(table).where(*mine).values(superseded_at=max(at, row.recorded_at)))


def _insert(conn: Connection, fact_id: str, made: Sequence[dict[str, Any]]) -> list[BrandFact]:
    """Insert a fact's versions after those that there are."""
    last = conn.scalar(select(func.max(table.c.version)).where(table.c.id == fact_id)) or 0
    rows = [BrandFact.model_validate(each | {"version": last + nth}) for nth, each in enumerate(made, start=1)]
    if rows:
        conn.execute(insert(table), [values(row, table) | {"case": int(row.case)} for row in rows])
    return rows


def _all(conn: Connection, workspace: str) -> list[BrandFact]:
    rows = select(table).where(table.c.workspace == workspace).order_by(table.c.seq, table.c.version)
    return [noun(BrandFact, row) for row in conn.execute(rows)]


def _versions(conn: Connection, workspace: str, fact_id: str) -> tuple[BrandFact, ...]:
    found = tuple(fact for fact in _all(conn, workspace) if fact.id == fact_id)
    if not found:
        raise NotFound(f"There is no fact {fact_id} in this workspace.", "`greenroom facts list` lists them.")
    return found


def _known(conn: Connection, workspace: str, fact_id: str) -> list[BrandFact]:
    return [fact for fact in _all(conn, workspace) if fact.id == fact_id and fact.superseded_at is None]


def _latest(conn: Connection, workspace: str, fact_id: str) -> BrandFact:
    """Return what is known of a fact's last stretch of time."""
    known = [fact for fact in _versions(conn, workspace, fact_id) if fact.superseded_at is None]
    if not known:
        raise BadInput(f"{fact_id} was taken back: nothing is held true of it.", "Add it anew: greenroom facts add …")
    return max(known, key=lambda fact: fact.valid_from)


def _same(old: BrandFact, new: Stated) -> bool:
    """Say whether a fact adds nothing to what is known; one without a beginning begins when the old one did."""
    begun = {"valid_from": new.valid_from or old.valid_from}
    return old.stated() == new.model_copy(update=begun)


def _refuse_said(there: dict[tuple[str, str, str], list[BrandFact]], fact: Stated) -> None:
    if known := there.get(fact.key):
        raise BadInput(
            f"{known[-1].id} says something of {fact.term!r} already. Nothing was changed.",
            f"Replace it: greenroom facts replace {known[-1].id} …",
        )


def _refuse_too_many(count: int) -> None:
    if count > MOST:
        raise BadInput(f"That would be {count} facts; at most {MOST} hold at one time.", "Nothing was taken in.")
