"""By which names an OpenID provider, or a proxy, knows the members: told by owners only, kept in the ledger."""

import hashlib

from sqlalchemy import delete, insert, select

from core.base import Instant, Noun
from core.errors import BadInput, NotFound
from core.ids import new_id
from core.members import Member
from memory.authority import find_member, refuse_role
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.rows import noun, values
from memory.tables import identities as table

PROXY = "proxy"
"""The issuer of names that a trusted proxy tells in a header."""

LONGEST = 400


class Identity(Noun):
    """One name of a member elsewhere. `issuer`: the provider's address, or `proxy`."""

    id: str
    workspace: str
    issuer: str
    subject: str
    member: str
    added_at: Instant
    added_by: str


class Identities:
    """The names by which others vouch for members."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def link(
        self, workspace: str, member: str, issuer: str, subject: str, *, by: str, secret: str | None = None
    ) -> Identity:
        """Let whoever is this at that issuer sign in as a member. Raises NotAllowed, NotFound; BadInput if taken."""
        issuer, subject = _checked(issuer, "issuer").rstrip("/"), _checked(subject, "name")
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner",), "say who signs in as whom")
            found = find_member(conn, workspace, member, hold="share")
            if found is None or found.removed_at is not None:
                raise NotFound(f"There is no member {member} in this workspace.", "greenroom accounts list")
            digest = _digest(workspace, issuer, subject)
            if conn.execute(select(table.c.id).where(table.c.digest == digest)).first() is not None:
                raise BadInput(f"{subject} of {issuer} is linked already.", "greenroom accounts list")
            told = {"workspace": workspace, "name": member, "issuer": issuer, "subject": subject}
            entry = self._ledger.append(conn, by, "member", {**told, "what": "identity linked"})
            made = Identity(
                id=new_id("n"), workspace=workspace, issuer=issuer, subject=subject, member=member,
                added_at=entry.at, added_by=by,
            )  # fmt: skip
            conn.execute(insert(table).values(values(made, table) | {"digest": digest}))
        return made

    def unlink(self, workspace: str, identity_id: str, *, by: str, secret: str | None = None) -> Identity:
        """Take such a name away. Raises NotFound, NotAllowed."""
        proof = proven(self._database, self._clock, workspace, by, secret)
        mine = (table.c.workspace == workspace, table.c.id == identity_id)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner",), "say who signs in as whom")
            row = conn.execute(select(table).where(*mine)).one_or_none()
            if row is None:
                raise NotFound(f"There is no identity {identity_id} in this workspace.", "greenroom accounts list")
            gone = noun(Identity, row)
            told = {"workspace": workspace, "name": gone.member, "issuer": gone.issuer, "subject": gone.subject}
            self._ledger.append(conn, by, "member", {**told, "what": "identity unlinked"})
            conn.execute(delete(table).where(*mine))
        return gone

    def member(self, workspace: str, issuer: str, subject: str) -> Member | None:
        """Return whom an issuer's name is of; None for one that nobody linked."""
        if not 0 < len(subject) <= LONGEST:
            return None
        rows = select(table.c.member).where(table.c.digest == _digest(workspace, issuer.rstrip("/"), subject))
        with self._database.read() as conn:
            name = conn.scalar(rows)
            found = find_member(conn, workspace, name) if name else None
        return found if found is not None and found.removed_at is None else None

    def list(self, workspace: str) -> list[Identity]:
        """Return a workspace's, oldest first."""
        rows = select(table).where(table.c.workspace == workspace).order_by(table.c.added_at, table.c.id)
        with self._database.read() as conn:
            return [noun(Identity, row) for row in conn.execute(rows)]


def _checked(word: str, what: str) -> str:
    word = word.strip()
    if not word or len(word) > LONGEST or not word.isprintable():
        raise BadInput(f"That is no {what}: it has 1 to {LONGEST} characters that can be read.")
    return word


def _digest(workspace: str, issuer: str, subject: str) -> str:
    return hashlib.sha256("\0".join((workspace, issuer, subject)).encode("utf-8", "surrogatepass")).hexdigest()
