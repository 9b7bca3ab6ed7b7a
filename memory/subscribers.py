"""A newsletter's list. Nobody is on it who hasn't confirmed, or whose consent somebody doesn't vouch for."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import NotAllowed, NotFound, WrongUse
from core.ids import new_id
from core.subscribers import Outcome, Subscriber, SubscriberState, normal_address, without_address
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.list_key import ListKey
from memory.rows import noun, values
from memory.tables import mailings
from memory.tables import subscribers as table

ONE_A_DAY = timedelta(days=1)
"""How far apart two confirmation mails to one address are at least."""

ONCE_MORE = timedelta(hours=1)
"""When a confirmation mail that was answered with "not now" goes a second and last time."""

_SHORTEST_SOURCE = 8


class Subscribers:
    """Addresses that asked for a workspace's newsletter. Who left stays away until they ask again themselves."""

    def __init__(self, database: Database, home: Path, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self.key = ListKey(home)

    def ask(self, workspace: str, address: str, *, source: str, locale: str | None = None) -> Subscriber:
        """Note that somebody asks for the newsletter at this address; a confirmation mail is due then.

        Asking again changes nothing for who is on the list; else it is due once more, a day after the last one.
        Raises BadInput for what is no address.
        """
        normal = normal_address(address)
        made = self._made(workspace, normal, "asked", source=source, locale=locale)
        try:
            with self._database.write() as conn:
                old = _at(conn, workspace, normal)
                if old is None:
                    conn.execute(insert(table).values(values(made, table)))
                    return made
                return self._asked_again(conn, old, made)
        except IntegrityError:  # two asked at once (PostgreSQL): the other one's row counts
            return self.get(workspace, normal)

    def add_consented(self, workspace: str, address: str, *, source: str, locale: str | None = None) -> Subscriber:
        """Put an address on the list whose consent was given elsewhere: `source` says where, when, and who vouches.

        Who has left, or whose address bounced, stays as they are. Raises WrongUse without a source, BadInput for what
        is no address.
        """
        if len(source.strip()) < _SHORTEST_SOURCE:
            raise WrongUse(
                "Nobody is put on the list without a word on their consent.",
                'Say where it comes from: --source "signed up at the harbour fair in May, list kept by Ines"',
            )
        made = self._made(workspace, normal_address(address), "confirmed", source=source.strip(), locale=locale)
        with self._database.write() as conn:
            old = _at(conn, workspace, made.address)
            if old is None:
                conn.execute(insert(table).values(values(made, table)))
                return made
            if old.state in ("asked", "invited"):
                return _write(conn, old, state="confirmed", confirmed_at=made.asked_at, source=made.source, reason="")
            return old

    def confirm(self, workspace: str, subscriber_id: str, *, note: str = "") -> Subscriber:
        """Put who asked on the list. Raises NotAllowed for who has left since: they would have to ask again."""
        with self._database.write() as conn:
            old = _by_id(conn, workspace, subscriber_id)
            if old.state == "confirmed":
                return old
            if old.state not in ("asked", "invited"):
                raise NotAllowed(f"This subscription is {old.state}.", "Whoever wants it back asks for it again.")
            source = f"{old.source}; {note}" if note else old.source
            return _write(conn, old, state="confirmed", confirmed_at=self._clock(), source=source, reason="")

    def leave(self, workspace: str, subscriber_id: str, *, reason: str = "by the link in a mail") -> Subscriber:
        """Take somebody off the list because they want it; a second time changes nothing."""
        with self._database.write() as conn:
            old = _by_id(conn, workspace, subscriber_id)
            if old.state == "unsubscribed":
                return old
            return _write(conn, old, state="unsubscribed", left_at=self._clock(), reason=reason)

    def remove(self, workspace: str, address: str, *, by: str) -> dict[str, Any]:
        """Forget an address: its row, and where it stands in the rows of mails. Raises NotFound.

        What was sent stays counted, without the address. Returns a receipt that says what was removed.
        """
        with self._database.write() as conn:
            old = self._there(conn, workspace, address)
            gone = mailings.c.subscriber_id == old.id
            waiting = mailings.c.state.in_(("queued", "deferred"))
            conn.execute(update(mailings).where(gone, waiting).values(state="skipped"))
            blanked = conn.execute(update(mailings).where(gone).values(address="", answer="")).rowcount
            conn.execute(delete(table).where(table.c.id == old.id))
            self._ledger.append(conn, by, "forget", {"workspace": workspace, "subscriber": old.id})
        return {"subscriber": old.id, "mails_blanked": blanked, "scrubbed": self._database.scrub()}

    def get(self, workspace: str, address: str) -> Subscriber:
        """Return who has this address, however its letters are written. Raises NotFound."""
        with self._database.read() as conn:
            return self._there(conn, workspace, address)

    def of_link(self, workspace: str, link: str, purpose: str) -> Subscriber | None:
        """Return whom the end of a link (`ID.TOKEN`) stands for, if it was made here for this purpose."""
        subscriber_id, _, token = link.partition(".")
        if not self.key.fits(token, workspace, subscriber_id, purpose):
            return None
        with self._database.read() as conn:
            row = conn.execute(_one(workspace, subscriber_id)).one_or_none()
        return None if row is None else noun(Subscriber, row)

    def link(self, workspace: str, subscriber_id: str, purpose: str) -> str:
        """Return the end of a link for `confirm` or `unsubscribe`: no address stands in it."""
        return f"{subscriber_id}.{self.key.token(workspace, subscriber_id, purpose)}"

    def count(self, workspace: str) -> dict[str, int]:
        """Return how many stand in each state."""
        rows = select(table.c.state, func.count()).where(table.c.workspace == workspace).group_by(table.c.state)
        with self._database.read() as conn:
            return {str(state): int(number) for state, number in conn.execute(rows)}

    # confirmation mails

    def to_invite(self, workspace: str, most: int = 50) -> list[Subscriber]:
        """Return whose confirmation mail is due, who waited longest first."""
        due = (table.c.workspace == workspace, table.c.state == "asked", table.c.asked_at <= self._clock())
        with self._database.read() as conn:
            rows = conn.execute(select(table).where(*due).order_by(table.c.asked_at, table.c.id).limit(most))
            return [noun(Subscriber, row) for row in rows]

    def invite(self, subscriber: Subscriber) -> bool:
        """Note, before it goes, that the confirmation mail goes: it is sent at most once. False: somebody else did."""
        held = (table.c.id == subscriber.id, table.c.state == "asked", table.c.asked_at == subscriber.asked_at)
        with self._database.write() as conn:
            changed = update(table).where(*held).values(state="invited", asked_at=self._clock())
            return conn.execute(changed).rowcount == 1

    def invited(self, subscriber: Subscriber, outcome: Outcome) -> None:
        """Note how the confirmation mail ended; one that was put off goes once more, an unclear ending stays so."""
        if outcome.state == "skipped":  # another process sees to it
            return
        now, answer = self._clock(), without_address(subscriber.address, outcome.answer)
        changes: dict[str, Any] = {"state": "invited", "asked_at": now}
        if outcome.hard:
            changes = {"state": "bounced", "left_at": now, "reason": answer}
        elif outcome.state == "queued":  # the line broke before anything left
            changes = {"state": "asked", "asked_at": now}
        elif outcome.state == "deferred" and not subscriber.reason:
            changes = {"state": "asked", "asked_at": now + ONCE_MORE, "reason": answer or "put off"}
        elif outcome.state != "accepted":
            changes["reason"] = answer
        with self._database.write() as conn:
            held = (table.c.id == subscriber.id, table.c.state.in_(("asked", "invited")))
            conn.execute(update(table).where(*held).values(changes))

    def _made(
        self, workspace: str, address: str, state: SubscriberState, *, source: str, locale: str | None
    ) -> Subscriber:
        now = self._clock()
        return Subscriber(
            id=new_id("s"),
            workspace=workspace,
            address=address,
            state=state,
            locale=locale,
            asked_at=now,
            confirmed_at=now if state == "confirmed" else None,
            source=source,
        )

    def _asked_again(self, conn: Connection, old: Subscriber, new: Subscriber) -> Subscriber:
        if old.state in ("confirmed", "asked"):
            return old
        due = max(new.asked_at, old.asked_at + ONE_A_DAY)
        if old.state == "invited" and due > new.asked_at:
            return old  # the mail is in their box already
        return _write(conn, old, state="asked", asked_at=due, source=new.source, reason="", confirmed_at=None)

    def _there(self, conn: Connection, workspace: str, address: str) -> Subscriber:
        found = _at(conn, workspace, normal_address(address))
        if found is None:
            raise NotFound(f"{address.strip()} is not on the list.", "`greenroom newsletter list` shows who is.")
        return found

    def list(self, workspace: str, states: Iterable[SubscriberState] | None = None) -> list[Subscriber]:
        """Return a workspace's subscribers by address."""
        rows = select(table).where(table.c.workspace == workspace).order_by(func.lower(table.c.address))
        if states is not None:
            rows = rows.where(table.c.state.in_(tuple(states)))
        with self._database.read() as conn:
            return [noun(Subscriber, row) for row in conn.execute(rows)]


def _at(conn: Connection, workspace: str, address: str) -> Subscriber | None:
    """Return who has this address: two spellings of one local part are the same mailbox nearly everywhere."""
    same = select(table).where(table.c.workspace == workspace, func.lower(table.c.address) == address.lower())
    row = conn.execute(same.with_for_update()).first()
    return None if row is None else noun(Subscriber, row)


def _one(workspace: str, subscriber_id: str) -> Any:
    return select(table).where(table.c.workspace == workspace, table.c.id == subscriber_id)


def _by_id(conn: Connection, workspace: str, subscriber_id: str) -> Subscriber:
    row = conn.execute(_one(workspace, subscriber_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("This subscription is not there any more.")
    return noun(Subscriber, row)


def _write(conn: Connection, old: Subscriber, **changes: Any) -> Subscriber:
    conn.execute(update(table).where(table.c.id == old.id).values(changes))
    return old.model_copy(update=changes)
