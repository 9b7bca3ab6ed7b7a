"""Who is signed in to the web. A session is a proof of its member: the gate takes it where a secret is asked for."""

import hashlib
import secrets as chance
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from core.base import Instant, Noun
from core.errors import NotAllowed
from core.ids import new_id
from core.members import Member
from memory.authority import find_member
from memory.clock import Clock, whole_second
from memory.database import Database
from memory.passphrases import SESSION_PREFIX
from memory.rows import noun, values
from memory.tables import sessions as table

How = Literal["password", "oidc", "proxy", "slack"]

TOUCH = timedelta(minutes=1)
"""How often a session that is used is written down as used."""

_BYTES = 32
_LONGEST = 128  # of a bearer that is looked up at all
_LONGEST_AGENT = 200


class Session(Noun):
    """One browser in which a member is signed in, until it is idle for too long, or its whole time is over."""

    id: str
    workspace: str
    member: str
    how: How
    made_at: Instant
    seen_at: Instant
    idle_until: Instant
    ends_at: Instant
    address: str
    agent: str


class Lasting(NamedTuple):
    """How long a session lasts: without use, and at most."""

    idle: timedelta = timedelta(hours=12)
    whole: timedelta = timedelta(days=14)


class Sessions:
    """A home's sessions. A change of the member's secret, and their removal, end every one of theirs at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(
        self, member: Member, how: How, *, lasting: Lasting, address: str = "", agent: str = ""
    ) -> tuple[Session, str]:
        """Return a new session and its bearer, which is told this once. Raises NotAllowed for a member without secret.

        Whoever calls has seen to it that this member is who asks.
        """
        now, bearer = whole_second(self._clock()), SESSION_PREFIX + chance.token_urlsafe(_BYTES)
        with self._database.write() as conn:
            found = find_member(conn, member.workspace, member.name, hold="share")
            if not _may_sign_in(found) or found is None or found.secret_hash != member.secret_hash:
                raise NotAllowed(f"{member.name} can't sign in now.", "greenroom accounts list")
            session = Session(
                id=new_id("s"),
                workspace=member.workspace,
                member=member.name,
                how=how,
                made_at=now,
                seen_at=now,
                idle_until=now + lasting.idle,
                ends_at=now + lasting.whole,
                address=address,
                agent="".join(each for each in agent if each.isprintable())[:_LONGEST_AGENT],
            )
            kept = {"bearer_hash": _hashed(bearer), "fingerprint": _hashed(found.secret_hash or "")}
            conn.execute(delete(table).where(table.c.ends_at <= now))  # nobody misses those
            conn.execute(insert(table).values(values(session, table) | kept))
        return session, bearer

    def open(self, bearer: str, *, lasting: Lasting, use: bool = True) -> tuple[Session, Member] | None:
        """Return who a bearer is of; None if it never was, or its time is over. One that is used stays longer."""
        now = self._clock()
        with self._database.read() as conn:
            found = standing(conn, bearer, now)
        if use and found is not None and now - found[0].seen_at >= TOUCH:
            later = {"seen_at": now, "idle_until": now + lasting.idle}
            with self._database.write() as conn:
                conn.execute(update(table).where(table.c.id == found[0].id).values(later))
        return found

    def end(self, bearer: str) -> None:
        """End a session at once; a second time changes nothing."""
        with self._database.write() as conn:
            conn.execute(delete(table).where(table.c.bearer_hash == _hashed(bearer)))

    def end_all(self, workspace: str, *, member: str | None = None, session_id: str | None = None) -> int:
        """End all sessions of a workspace, of one member of it, or one of theirs; return how many."""
        rows = delete(table).where(table.c.workspace == workspace)
        if member is not None:
            rows = rows.where(table.c.member == member)
        if session_id is not None:
            rows = rows.where(table.c.id == session_id)
        with self._database.write() as conn:
            return conn.execute(rows).rowcount

    def list(self, workspace: str, *, member: str | None = None) -> list[Session]:
        """Return the sessions that still open something, the newest use first."""
        rows = select(table).where(table.c.workspace == workspace).order_by(table.c.seen_at.desc(), table.c.id)
        if member is not None:
            rows = rows.where(table.c.member == member)
        with self._database.read() as conn:
            found = [(noun(Session, row), row.fingerprint) for row in conn.execute(rows)]
            now = self._clock()
            return [each for each, kept in found if _stands(conn, each, kept, now)]


def standing(conn: Connection, bearer: str, now: datetime) -> tuple[Session, Member] | None:
    """Return the session of a bearer with its member as they are now; None where it opens nothing (any more)."""
    if not bearer.startswith(SESSION_PREFIX) or len(bearer) > _LONGEST:
        return None
    row = conn.execute(select(table).where(table.c.bearer_hash == _hashed(bearer))).one_or_none()
    if row is None:
        return None
    session = noun(Session, row)
    member = _stands(conn, session, row.fingerprint, now)
    return None if member is None else (session, member)


def _stands(conn: Connection, session: Session, fingerprint: str, now: datetime) -> Member | None:
    if not (session.made_at <= now + TOUCH and now < session.idle_until and now < session.ends_at):
        return None
    member = find_member(conn, session.workspace, session.member)
    if member is None or not _may_sign_in(member) or _hashed(member.secret_hash or "") != fingerprint:
        return None
    return member


def _may_sign_in(member: Member | None) -> bool:
    return member is not None and member.removed_at is None and member.role != "agent" and bool(member.secret_hash)


def _hashed(bearer: str) -> str:
    """A bearer has 256 bits of chance in it: a plain hash can't be undone by guessing."""
    return hashlib.sha256(bearer.encode("utf-8", "surrogatepass")).hexdigest()
