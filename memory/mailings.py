"""One row a recipient of one newsletter: who has it, who hasn't, and of whom that isn't certain."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, exists, func, insert, or_, select, update

from core.errors import NotAllowed, NotFound
from core.publications import Publication
from core.subscribers import LEFT, WAITS, Counts, MailState, Outcome, Recipient, normal_address, without_address
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.rows import noun
from memory.tables import mailings as table
from memory.tables import proposals, publications, quarantines, subscribers

_TO_COME = ("queued", "deferred")
_RESTORED = "A backup was restored: this may have gone since that was made."


class Mailings:
    """The mails of newsletters. A row moves by compare-and-set, so that no two processes send the same one."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def prepare(self, publication: Publication, *, stable: str, domain: str) -> Counts:
        """Make a row for everybody on the list at this moment, unless that has been done: this fixes the audience.

        Left out is who got this piece, or may have, under an earlier approval or version of it. What was made before
        a restore from a backup starts as not certain. Returns how many stand in each state.
        """
        with self._database.write() as conn:
            made = select(table.c.subscriber_id).where(table.c.publication_id == publication.id).limit(1)
            if conn.execute(made).first() is None:
                rows = self._rows(conn, publication, stable, domain)
                if rows:
                    conn.execute(insert(table), rows)
            return _counts(conn, publication.id)

    def due(self, publication_id: str) -> list[Recipient]:
        """Return whose mail may go now, in the order in which they go."""
        now = self._clock()
        may_go = or_(table.c.not_before.is_(None), table.c.not_before <= now)
        rows = select(table).where(table.c.publication_id == publication_id, table.c.state.in_(_TO_COME), may_go)
        with self._database.read() as conn:
            return [noun(Recipient, row) for row in conn.execute(rows.order_by(table.c.subscriber_id))]

    def recipients(self, publication_id: str, states: Iterable[str] | None = None) -> list[Recipient]:
        """Return a newsletter's recipients by address."""
        rows = select(table).where(table.c.publication_id == publication_id).order_by(table.c.address)
        if states is not None:
            rows = rows.where(table.c.state.in_(tuple(states)))
        with self._database.read() as conn:
            return [noun(Recipient, row) for row in conn.execute(rows)]

    def counts(self, publication_id: str) -> Counts:
        """Return how many of a newsletter's mails stand in each state."""
        with self._database.read() as conn:
            return _counts(conn, publication_id)

    def first_accepted(self, publication_id: str) -> Recipient | None:
        """Return the recipient whose server took the newsletter first."""
        rows = select(table).where(table.c.publication_id == publication_id, table.c.state == "accepted")
        with self._database.read() as conn:
            row = conn.execute(rows.order_by(table.c.updated_at, table.c.subscriber_id).limit(1)).first()
        return None if row is None else noun(Recipient, row)

    def arm(self, recipient: Recipient, *, epoch: int) -> bool:
        """Note that this mail leaves now. False: it must not, or not from here, and then nothing has changed.

        Asked inside the same transaction: that the row still waits, that its subscriber is still on the list, and that
        this worker still holds the publication (its epoch).
        """
        on_list = exists(_confirmed(table.c.subscriber_id))
        holds = exists(
            select(publications.c.id).where(
                publications.c.id == table.c.publication_id,
                publications.c.state == "armed",
                publications.c.epoch == epoch,
            )
        )
        with self._database.write() as conn:
            waits = (*_row(recipient), table.c.state.in_(_TO_COME), on_list, holds)
            armed = update(table).where(*waits).values(state="armed", updated_at=self._clock())
            return conn.execute(armed).rowcount == 1

    def record(self, recipient: Recipient, outcome: Outcome) -> None:
        """Commit how an attempt ended. A "not now" is asked again later, longer each time, and in the end is a no.

        An address that does not exist is marked on the list. A definite answer wins over "not certain".
        """
        with self._database.write() as conn:
            old = _load(conn, recipient)
            if old.state not in (*_TO_COME, "armed", "unknown"):
                return
            changes = self._changes(old, outcome)
            conn.execute(update(table).where(*_row(old)).values(changes | {"updated_at": self._clock()}))
            if outcome.hard:
                gone = {"state": "bounced", "left_at": self._clock(), "reason": changes["answer"]}
                conn.execute(update(subscribers).where(*_still_on_list(old)).values(gone))

    def put_back(self, recipient: Recipient) -> None:
        """Let a mail wait again that was armed and has certainly not left."""
        armed = (*_row(recipient), table.c.state == "armed")
        with self._database.write() as conn:
            conn.execute(update(table).where(*armed).values(state="queued", updated_at=self._clock()))

    def presume(self, publication_id: str) -> None:
        """Turn what a worker left armed into "not certain": it is never sent again by itself."""
        armed = (table.c.publication_id == publication_id, table.c.state == "armed")
        changes = {"state": "unknown", "answer": "The sender stopped while this mail was on its way."}
        with self._database.write() as conn:
            conn.execute(update(table).where(*armed).values(changes | {"updated_at": self._clock()}))

    def doubt(self, publication_id: str) -> None:
        """Turn what waits since before a restore from a backup into "not certain"."""
        with self._database.write() as conn:
            restored = conn.execute(select(func.max(quarantines.c.started_at))).scalar()
            if restored is None:
                return
            old = (table.c.state.in_(_TO_COME), table.c.updated_at <= restored)
            changes = {"state": "unknown", "answer": _RESTORED, "updated_at": self._clock()}
            conn.execute(update(table).where(table.c.publication_id == publication_id, *old).values(changes))

    def leave_out_who_left(self, publication_id: str) -> None:
        """Skip who is not on the list any more."""
        gone = ~exists(_confirmed(table.c.subscriber_id))
        self._skip(publication_id, "Not on the list any more.", gone)

    def leave_out_the_rest(self, publication_id: str, answer: str) -> None:
        """Skip everybody who has not been sent it: its time is over."""
        self._skip(publication_id, answer)

    def settle(self, publication_id: str, address: str | None, to: MailState, *, by: str, note: str) -> int:
        """Let a person say what became of a mail that isn't certain (of all of them, without an address).

        `queued` sends it (again) with the next attempt of its publication. Returns how many were settled. Raises
        NotAllowed where nothing is open, NotFound for an address that is no recipient.
        """
        if to not in ("accepted", "refused", "queued"):
            raise ValueError(f"a person can't make a mail {to}")
        with self._database.write() as conn:
            rows = self._uncertain(conn, publication_id, address)
            for row in rows:
                changes = {"state": to, "answer": f"{by}: {note}", "not_before": None, "updated_at": self._clock()}
                conn.execute(update(table).where(*_row(row)).values(changes))
                told = {"publication": publication_id, "subscriber": row.subscriber_id, "to": to, "note": note}
                self._ledger.append(conn, by, "mail", told)
        return len(rows)

    def _uncertain(self, conn: Connection, publication_id: str, address: str | None) -> list[Recipient]:
        rows = select(table).where(table.c.publication_id == publication_id)
        if address is not None:
            rows = rows.where(func.lower(table.c.address) == normal_address(address).lower())
        found = [noun(Recipient, row) for row in conn.execute(rows.with_for_update())]
        if not found:
            raise NotFound(f"{address or 'Nobody'} is no recipient of {publication_id}.")
        open_ones = [row for row in found if row.state == "unknown"]
        if not open_ones:
            state = found[0].state if address else "certain"
            raise NotAllowed(f"There is nothing to settle: it is {state}.", "Nothing was changed.")
        return open_ones

    def _skip(self, publication_id: str, answer: str, *which: Any) -> None:
        waits = (table.c.publication_id == publication_id, table.c.state.in_(_TO_COME), *which)
        changes = {"state": "skipped", "answer": answer, "not_before": None}
        with self._database.write() as conn:
            conn.execute(update(table).where(*waits).values(changes | {"updated_at": self._clock()}))

    def _changes(self, old: Recipient, outcome: Outcome) -> dict[str, Any]:
        answer = without_address(old.address, outcome.answer) if old.address else ""  # forgotten meanwhile
        changes: dict[str, Any] = {"state": outcome.state, "code": outcome.code, "answer": answer, "not_before": None}
        if outcome.state != "deferred":
            return changes
        changes["attempts"] = old.attempts + 1
        if old.attempts >= len(WAITS):
            return changes | {"state": "refused"}
        return changes | {"not_before": self._clock() + WAITS[old.attempts]}

    def _rows(self, conn: Connection, publication: Publication, stable: str, domain: str) -> list[dict[str, Any]]:
        had = _had_it(conn, publication)
        state, answer = ("unknown", _RESTORED) if _older_than_a_restore(conn, publication) else ("queued", "")
        listed = select(subscribers.c.id, subscribers.c.address).where(
            subscribers.c.workspace == publication.workspace, subscribers.c.state == "confirmed"
        )
        now = self._clock()
        return [
            {
                "publication_id": publication.id,
                "subscriber_id": row.id,
                "address": row.address,
                "message_id": f"<{stable[:32]}.{row.id}@{domain}>",
                "state": state,
                "attempts": 0,
                "answer": answer,
                "updated_at": now,
            }
            for row in conn.execute(listed.order_by(subscribers.c.id))
            if row.id not in had
        ]


def _had_it(conn: Connection, publication: Publication) -> set[str]:
    """Return who got this piece, or may have: by another approval of it, or as an earlier version."""
    chain: list[str] = []
    earlier: str | None = publication.proposal_id
    while earlier and earlier not in chain:
        chain.append(earlier)
        earlier = conn.execute(select(proposals.c.supersedes).where(proposals.c.id == earlier)).scalar()
    sent = (
        select(table.c.subscriber_id)
        .join(publications, publications.c.id == table.c.publication_id)
        .where(publications.c.proposal_id.in_(chain), table.c.publication_id != publication.id)
        .where(table.c.state.in_(LEFT))
    )
    return set(conn.scalars(sent))


def _older_than_a_restore(conn: Connection, publication: Publication) -> bool:
    latest = conn.execute(select(func.max(quarantines.c.started_at))).scalar()
    made = conn.execute(select(proposals.c.created_at).where(proposals.c.id == publication.proposal_id)).scalar()
    return latest is not None and (made is None or bool(made <= latest))


def _confirmed(subscriber_id: Any) -> Any:
    return select(subscribers.c.id).where(subscribers.c.id == subscriber_id, subscribers.c.state == "confirmed")


def _still_on_list(recipient: Recipient) -> tuple[Any, ...]:
    return (subscribers.c.id == recipient.subscriber_id, subscribers.c.state == "confirmed")


def _row(recipient: Recipient) -> tuple[Any, ...]:
    return (
        table.c.publication_id == recipient.publication_id,
        table.c.subscriber_id == recipient.subscriber_id,
    )


def _load(conn: Connection, recipient: Recipient) -> Recipient:
    return noun(Recipient, conn.execute(select(table).where(*_row(recipient)).with_for_update()).one())


def _counts(conn: Connection, publication_id: str) -> Counts:
    rows = select(table.c.state, func.count()).where(table.c.publication_id == publication_id)
    return Counts(of={str(state): int(number) for state, number in conn.execute(rows.group_by(table.c.state))})
