"""Bearer tokens of programs that work for one member in one workspace. The ledger is where they are written down.

What is kept of a token is its HMAC under a key of this home: an entry that came with an export opens nothing here, and
one whose words were forgotten opens nothing any more.
"""

import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Connection, select

from core.base import Instant, Noun
from core.errors import BadInput, NotAllowed, NotFound
from core.ids import new_id
from memory.authority import asking, ever_members, find_member, refuse_role
from memory.clock import Clock, whole_second
from memory.database import Database
from memory.key_file import put_key
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.tables import ledger as table

Decides = Literal["never", "asked", "api"]
"""Whether a decision of its member may come by it: never; in the IDE's own form, asked for by us; through the API."""

DECIDES: tuple[str, ...] = get_args(Decides)
KIND = "token"
PREFIX = "grt_"
LONGEST_NAME = 80
LONGEST_DAYS = 3660

_BYTES = 32
_LONGEST = 128  # of a token that is looked up at all
_MAY = ("owner", "editor", "contributor", "viewer")
_SEES_ALL = ("owner", "editor")


class Token(Noun):
    """What a program may do, and for whom. The token itself is told once, and kept nowhere."""

    id: str
    workspace: str
    member: str
    name: str  # what it is for, as its maker called it
    decides: Decides = "never"
    sees_private: bool = False  # its program sends what it reads to no hosted model
    ends_at: Instant | None = None
    made_at: Instant
    made_by: str
    revoked_at: Instant | None = None
    revoked_by: str | None = None


class Asked(NamedTuple):
    """What a new token is to be."""

    name: str
    member: str | None = None  # None: who asks
    decides: str = "never"
    sees_private: bool = False
    days: int | None = None


class Tokens:
    """A home's tokens. Nothing here, and nothing in the ledger, tells one."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock, home: Path) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._file = home / "keys" / "token.key"

    def make(self, workspace: str, asked: Asked, *, by: str, secret: str | None = None) -> tuple[Token, str]:
        """Return a new token with its secret form, which is told this once.

        Everybody makes their own; an owner makes one for another member, which then never decides. Raises NotAllowed,
        NotFound, BadInput.
        """
        name, ends_at = _name(asked.name), self._end(asked.days)
        decides = _decides(asked.decides)
        bearer = PREFIX + secrets.token_urlsafe(_BYTES)
        proof = proven(self._database, self._clock, workspace, by, secret)
        whose = asked.member or by
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, _SEES_ALL if asked.sees_private else _MAY, "make such a token")
            _refuse_for_another(conn, workspace, by, whose, decides)
            told = {
                "workspace": workspace,
                "token": new_id("t"),
                "what": "made",
                "member": whose,
                "name": name,
                "decides": decides,
                "sees_private": asked.sees_private,
                "ends_at": ends_at.isoformat() if ends_at else None,
                "digest": self._digest(bearer),
            }
            entry = self._ledger.append(conn, by, KIND, told)
        return _made(told, entry.at, by), bearer

    def revoke(self, workspace: str, token_id: str, *, by: str, secret: str | None = None) -> Token:
        """End a token at once; a second time changes nothing. Whose it is may, and an owner. Raises NotFound."""
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, _MAY, "end a token")
            token = _known(conn, workspace, token_id)
            if by not in (token.member, token.made_by) and asking(conn, workspace, by).role != "owner":
                raise NotAllowed(f"The token {token_id} is {token.member}'s.", "An owner may end it too.")
            if token.revoked_at is not None:
                return token
            told = {"workspace": workspace, "token": token_id, "what": "revoked"}
            entry = self._ledger.append(conn, by, KIND, told)
        return token.model_copy(update={"revoked_at": entry.at, "revoked_by": by})

    def open(self, bearer: str) -> Token | None:
        """Return what a token opens; None if it never was, has ended, was revoked, or its member has gone."""
        if not bearer.startswith(PREFIX) or len(bearer) > _LONGEST:
            return None
        digest = self._digest(bearer)
        with self._database.read() as conn:
            found = [token for token, kept in _all(conn) if hmac.compare_digest(kept, digest)]
            return found[0] if found and self._is_good(conn, found[0]) else None

    def still(self, token_id: str) -> Token | None:
        """Return a token by its id where it would still be opened now."""
        with self._database.read() as conn:
            found = next((token for token, _ in _all(conn) if token.id == token_id), None)
            return found if found and self._is_good(conn, found) else None

    def list(self, workspace: str, *, ended: bool = False) -> list[Token]:
        """Return a workspace's tokens, oldest first; those that open nothing any more only if asked."""
        with self._database.read() as conn:
            mine = [token for token, _ in _all(conn) if token.workspace == workspace]
            return [token for token in mine if ended or self._is_good(conn, token)]

    def _is_good(self, conn: Connection, token: Token) -> bool:
        over = token.ends_at is not None and token.ends_at <= self._clock()
        return token.revoked_at is None and not over and _is_member(conn, token)

    def _end(self, days: int | None) -> datetime | None:
        if days is None:
            return None
        if not 1 <= days <= LONGEST_DAYS:
            raise BadInput(f"A token ends in 1 to {LONGEST_DAYS} days.", "Leave it out for one that doesn't end.")
        return whole_second(self._clock()) + timedelta(days=days)

    def _digest(self, bearer: str) -> str:
        if not self._file.exists():
            put_key(self._file, secrets.token_bytes(_BYTES))
        return hmac.new(self._file.read_bytes(), bearer.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _all(conn: Connection) -> Iterator[tuple[Token, str]]:
    """Yield every token that the ledger still tells of, with its digest, oldest first."""
    rows = conn.execute(select(table).where(table.c.kind == KIND).order_by(table.c.seq)).all()
    # also where the words of its end were forgotten: what was ended stays so
    ends = {row.payload.get("token"): row for row in rows if row.payload.get("what") != "made"}
    for row in rows:
        if row.payload.get("what") != "made":
            continue
        token, end = _made(row.payload, row.at, row.actor), ends.get(row.payload["token"])
        if end is not None:
            token = token.model_copy(update={"revoked_at": end.at, "revoked_by": end.actor})
        yield token, str(row.payload["digest"])


def _made(told: dict[str, Any], at: datetime, by: str) -> Token:
    kept = ("workspace", "member", "name", "decides", "sees_private", "ends_at")
    return Token.model_validate({"id": told["token"], "made_at": at, "made_by": by, **{key: told[key] for key in kept}})


def _known(conn: Connection, workspace: str, token_id: str) -> Token:
    for token, _ in _all(conn):
        if (token.workspace, token.id) == (workspace, token_id):
            return token
    raise NotFound(f"There is no token {token_id} in this workspace.", "greenroom tokens list")


def _is_member(conn: Connection, token: Token) -> bool:
    found = find_member(conn, token.workspace, token.member)
    if found is None:
        return not ever_members(conn, token.workspace)  # a workspace of one, who is in no table
    was_there = found.added_at <= token.made_at or found.is_founder  # who was added anew makes new ones
    return found.removed_at is None and was_there and found.role != "agent"


def _refuse_for_another(conn: Connection, workspace: str, by: str, whose: str, decides: Decides) -> None:
    if whose == by:
        return
    if asking(conn, workspace, by).role != "owner":
        raise NotAllowed(f"Only an owner makes a token for somebody else; {by} may for themselves.")
    if decides != "never":
        raise NotAllowed(f"Only {whose} can make a token by which {whose} decides.", "Leave --decides out.")
    asked = find_member(conn, workspace, whose)
    if asked is None or asked.removed_at is not None:
        raise NotFound(f"{whose} is no member of this workspace.", "greenroom members list")


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(f"Say what the token is for, in 1 to {LONGEST_NAME} characters that can be read.")
    return name


def _decides(word: str) -> Decides:
    if word not in DECIDES:
        raise BadInput(f"--decides takes {', '.join(DECIDES)}, not {word!r}.")
    return word  # type: ignore[return-value]  # one of them
