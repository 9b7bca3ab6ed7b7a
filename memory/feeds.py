"""Subscribed calendars: a secret address for each, of which only a hash is kept. Reading is all they allow."""

import hashlib
import secrets

from sqlalchemy import Connection, insert, select, update

from core.base import Instant, Noun
from core.errors import NotAllowed, NotFound
from core.ids import new_id
from memory.authority import asking, ever_members, find_member, refuse_role
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.rows import noun, values
from memory.tables import feeds as table

_BYTES = 32
_LONGEST = 128  # of a token that is looked up at all
_MAY = ("owner", "editor", "contributor", "viewer")


class Feed(Noun):
    """One subscription. Whoever has its address reads the calendar, until it is revoked or its member is removed."""

    id: str
    workspace: str
    member: str
    with_text: bool = False  # the drafts' words too, not only channel, time and state
    made_at: Instant
    made_by: str
    revoked_at: Instant | None = None
    revoked_by: str | None = None


class Feeds:
    """A workspace's subscriptions. Nothing here, and nothing in the ledger, tells a token."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def make(
        self, workspace: str, *, by: str, member: str | None = None, with_text: bool = False, secret: str | None = None
    ) -> tuple[Feed, str]:
        """Return a new subscription and its token, which is told this once.

        Everybody makes their own; an owner makes one for another member. Raises NotAllowed, NotFound.
        """
        token = secrets.token_urlsafe(_BYTES)
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, _MAY, "subscribe to the calendar")
            whose = member or by
            if whose != by:
                _refuse_for_another(conn, workspace, by, whose)
            told = {"workspace": workspace, "member": whose, "with_text": with_text, "what": "made"}
            entry = self._ledger.append(conn, by, "feed", told)
            made = Feed(
                id=new_id("f"), workspace=workspace, member=whose, with_text=with_text, made_at=entry.at, made_by=by
            )
            row = values(made, table) | {"token_hash": _hashed(token), "with_text": int(with_text)}
            conn.execute(insert(table).values(row))
        return made, token

    def revoke(self, workspace: str, feed_id: str, *, by: str, secret: str | None = None) -> Feed:
        """End a subscription at once; a second time changes nothing. Whose it is may, and an owner.

        Raises NotFound, NotAllowed.
        """
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, _MAY, "end a subscription")
            feed = _load(conn, workspace, feed_id)
            if by not in (feed.member, feed.made_by) and asking(conn, workspace, by).role != "owner":
                raise NotAllowed(f"The subscription {feed_id} is {feed.member}'s.", "An owner may end it too.")
            if feed.revoked_at is not None:
                return feed
            entry = self._ledger.append(conn, by, "feed", {"workspace": workspace, "feed": feed_id, "what": "revoked"})
            gone = {"revoked_at": entry.at, "revoked_by": by}
            conn.execute(update(table).where(table.c.id == feed_id).values(gone))
            return feed.model_copy(update=gone)

    def open(self, token: str) -> Feed | None:
        """Return the subscription that a token opens; None if it never was, was revoked, or its member left."""
        if not 0 < len(token) <= _LONGEST:
            return None
        with self._database.read() as conn:
            row = conn.execute(
                select(table).where(table.c.token_hash == _hashed(token), table.c.revoked_at.is_(None))
            ).one_or_none()
            if row is None:
                return None
            feed = noun(Feed, row)
            return feed if _is_member(conn, feed) else None

    def list(self, workspace: str, *, revoked: bool = False) -> list[Feed]:
        """Return a workspace's subscriptions, oldest first; those that were revoked only if asked."""
        rows = select(table).where(table.c.workspace == workspace)
        if not revoked:
            rows = rows.where(table.c.revoked_at.is_(None))
        with self._database.read() as conn:
            return [noun(Feed, row) for row in conn.execute(rows.order_by(table.c.made_at, table.c.id))]


def _hashed(token: str) -> str:
    """A token has 256 bits of chance in it: a plain hash can't be undone by guessing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_for_another(conn: Connection, workspace: str, by: str, whose: str) -> None:
    if asking(conn, workspace, by).role != "owner":
        raise NotAllowed(f"Only an owner subscribes for somebody else; {by} may for themselves.")
    asked = find_member(conn, workspace, whose)
    if asked is None or asked.removed_at is not None:
        raise NotFound(f"{whose} is no member of this workspace.", "greenroom members list")


def _is_member(conn: Connection, feed: Feed) -> bool:
    found = find_member(conn, feed.workspace, feed.member)
    if found is not None:
        return found.removed_at is None
    return not ever_members(conn, feed.workspace)  # a workspace of one, who is in no table


def _load(conn: Connection, workspace: str, feed_id: str) -> Feed:
    row = conn.execute(select(table).where(table.c.workspace == workspace, table.c.id == feed_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no subscription {feed_id} in this workspace.", "greenroom calendar feed list")
    return noun(Feed, row)
