"""Signing in with a name and a secret: slow to guess, and the same answer in the same time whoever is asked for."""

import hashlib
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import NotAllowed
from core.members import LONGEST_NAME, Member, same_name
from memory.authority import ever_members
from memory.clock import Clock
from memory.database import Database
from memory.passphrases import LONGEST, fits, hashed
from memory.tables import login_tries as table

WRONG = "That name and secret don't go together."
LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN = timedelta(minutes=30)
"""After how long without a try the tries before it count no more."""


class Limit(NamedTuple):
    """What is counted, and how many wrong answers cost nothing but their own time."""

    key: str
    free: int


class Logins:
    """Counts tries before it looks at them, for an account, an address and both: in the database, so that neither a
    restart nor a second process is a way around it. Nothing that was typed is kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def check(self, workspace: str, name: str, secret: str, *, address: str) -> Member:
        """Return the member whose name and secret these are.

        Raises NotAllowed, in the same words for a wrong name and a wrong secret; without a look while one has to wait.
        """
        limits = _limits(workspace, name, address)
        self._begin_try(workspace, limits)
        member = self._named(workspace, name)
        kept = member.secret_hash if member and member.secret_hash else _nobodys()
        right = fits(secret, kept) if len(secret) <= LONGEST and secret.isprintable() else fits("", kept)
        if member is None or not member.secret_hash or not right:
            raise NotAllowed(WRONG, "Try again, or ask an owner of the workspace for a new one.")
        self._forget_tries(limits)
        return member

    def _named(self, workspace: str, name: str) -> Member | None:
        if not name.strip() or len(name) > LONGEST_NAME:
            return None
        with self._database.read() as conn:
            members = ever_members(conn, workspace)
        found = [each for each in members if each.removed_at is None and same_name(each.name) == same_name(name)]
        return found[0] if found and found[0].role != "agent" else None

    def _begin_try(self, workspace: str, limits: list[Limit]) -> None:
        now = self._clock()
        with self._database.write() as conn:
            conn.execute(delete(table).where(table.c.last_at < now - FORGOTTEN))
            for limit in limits:
                _count(conn, workspace, limit, now)

    def _forget_tries(self, limits: list[Limit]) -> None:
        """A right answer clears its account; of its address it takes back itself alone, or it would buy new guesses."""
        both, _account, at_address = limits
        with self._database.write() as conn:
            conn.execute(delete(table).where(table.c.key == both.key))
            fewer = {"tries": table.c.tries - 1, "wait_until": None}
            for limit in (_account, at_address):
                conn.execute(update(table).where(table.c.key == limit.key, table.c.tries > 0).values(fewer))


def _count(conn: Connection, workspace: str, limit: Limit, now: datetime) -> None:
    mine = table.c.key == limit.key
    row = conn.execute(select(table).where(mine).with_for_update()).one_or_none()
    if row is None:
        first = {"key": limit.key, "workspace": workspace, "tries": 1, "last_at": now, "wait_until": None}
        try:
            with conn.begin_nested():
                conn.execute(insert(table).values(first))
            return
        except IntegrityError:  # another process was first
            row = conn.execute(select(table).where(mine).with_for_update()).one()
    if row.wait_until is not None and now < row.wait_until <= now + LONGEST_WAIT:
        wait = int((row.wait_until - now).total_seconds()) + 1
        raise NotAllowed(f"Too many tries. Nothing was looked at; try again in {wait} seconds.")
    tries = row.tries + 1
    until = now + _pause(tries - limit.free) if tries > limit.free else None
    conn.execute(update(table).where(mine).values(tries=tries, last_at=now, wait_until=until))


def _pause(over: int) -> timedelta:
    return min(timedelta(seconds=10 * 2 ** min(over - 1, 10)), LONGEST_WAIT)


def _limits(workspace: str, name: str, address: str) -> list[Limit]:
    who = same_name(name[: 4 * LONGEST_NAME])
    return [
        Limit(_key(workspace, "both", who, address), 5),
        Limit(_key(workspace, "account", who), 50),  # from everywhere: high, or anybody could lock a member out
        Limit(_key(workspace, "address", address), 30),
    ]


def _key(*parts: str) -> str:
    told = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()


@cache
def _nobodys() -> str:
    """A hash that costs as much to try as anybody's."""
    return hashed("nobody has this one")
