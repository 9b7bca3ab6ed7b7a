"""Who belongs to a workspace, and who of them may decide: added, changed and removed by owners only."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.errors import BadInput, NotAllowed, NotFound
from core.members import ROLES, Member, Role, checked_name, same_name
from core.proposals import Proposal
from memory.authority import ADD, asking, ever_members, find_member, refusal_in, refuse_role, refuse_unproven
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import hashed, proven
from memory.rows import noun, values
from memory.tables import members as table
from memory.tables import workspaces


class Members:
    """People and their roles; every change is an entry in the ledger. Without any, a workspace has one owner.

    `by` is who asks, `secret` their own one: only an owner changes who belongs. Secrets are hashed, never kept.
    """

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def list(self, workspace: str, *, removed: bool = False) -> list[Member]:
        """Return a workspace's members, the first one first; none: whoever sits here is its owner."""
        rows = select(table).where(table.c.workspace == workspace).order_by(table.c.added_at, table.c.name)
        with self._database.read() as conn:
            found = [noun(Member, row) for row in conn.execute(rows)]
        return [member for member in found if removed or member.removed_at is None]

    def get(self, workspace: str, name: str) -> Member:
        """Return a member, also one who was removed. Raises NotFound."""
        with self._database.read() as conn:
            return _known(conn, workspace, name)

    def add(
        self,
        workspace: str,
        name: str,
        role: Role,
        *,
        by: str,
        channels: Iterable[str] | None = None,
        new_secret: str | None = None,
        secret: str | None = None,
    ) -> Member:
        """Add a member, or one who was removed anew; `new_secret` is theirs. The first one is `by` as the owner.

        Raises NotAllowed, and BadInput for a name that is taken, no name, or a role that there isn't.
        """
        name, kept = checked_name(name), hashed(new_secret) if new_secret else None
        proof = self._proof(workspace, by, secret)
        with self._database.write() as conn:
            self._refuse_all_but_owners(conn, workspace, by, proof)
            self._found(conn, workspace, by)
            _refuse_taken(conn, workspace, name)
            member = self._new(workspace, name, role, channels, kept, by)
            _put(conn, member)
            self._tell(conn, by, member, "added")
        return member

    def change(
        self,
        workspace: str,
        name: str,
        *,
        by: str,
        role: Role | None = None,
        channels: Iterable[str] | None = None,
        all_channels: bool = False,
        secret: str | None = None,
    ) -> Member:
        """Change a member's role, or what they may approve. Raises NotFound; NotAllowed for the last owner's role."""
        changes: dict[str, Any] = {} if role is None else {"role": _role(role)}
        if channels is not None or all_channels:
            changes["channels"] = None if all_channels else tuple(channels or ())
        return self._change(workspace, name, by, secret, changes, "changed")

    def remove(self, workspace: str, name: str, *, by: str, secret: str | None = None) -> Member:
        """Remove a member; the row is kept, because decisions name them. Raises NotAllowed for the last owner."""
        return self._change(workspace, name, by, secret, {"removed_at": self._clock(), "secret_hash": None}, "removed")

    def set_secret(self, workspace: str, name: str, new_secret: str, *, by: str, secret: str | None = None) -> Member:
        """Give a member a secret: one's own (with the present one, if there is one), or an owner gives it.

        In a workspace without members, who asks becomes its founding owner.
        """
        kept = hashed(new_secret)
        proof = self._proof(workspace, by, secret)
        with self._database.write() as conn:
            if name == by:
                refuse_unproven(asking(conn, workspace, by), proof, may_be_new=True)
            else:
                self._refuse_all_but_owners(conn, workspace, by, proof)
            self._found(conn, workspace, by)
            member = _known(conn, workspace, name, lock=True).model_copy(update={"secret_hash": kept})
            if member.removed_at is not None:
                raise NotFound(f"{name} is no member of this workspace any more.", ADD)
            _put(conn, member)
            self._tell(conn, by, member, "secret set")
        return member

    def refuse(self, workspace: str, by: str, secret: str | None, *, roles: tuple[str, ...], what: str) -> None:
        """Raise NotAllowed unless `by` proves to be a member with one of these roles."""
        proof = self._proof(workspace, by, secret)
        with self._database.read() as conn:
            refuse_role(conn, workspace, by, proof, roles, what)

    def has_secret(self, workspace: str, name: str) -> bool:
        """Say whether a door has to ask this person for a secret."""
        with self._database.read() as conn:
            member = find_member(conn, workspace, name)
        return member is not None and member.removed_at is None and member.secret_hash is not None

    def refusal(self, proposal: Proposal, by: str) -> str | None:
        """Return why this person may not (or no longer) approve this proposal; None if they may. No secret is asked."""
        with self._database.read() as conn:
            try:
                return refusal_in(conn, proposal, asking(conn, proposal.workspace, by), "approve")
            except NotAllowed as error:
                return error.message

    def _proof(self, workspace: str, by: str, secret: str | None) -> str | None:
        return proven(self._database, self._clock, workspace, by, secret)

    def _refuse_all_but_owners(self, conn: Connection, workspace: str, by: str, proof: str | None) -> None:
        conn.execute(select(workspaces.c.id).where(workspaces.c.id == workspace).with_for_update(key_share=True))
        refuse_role(conn, workspace, by, proof, ("owner",), "change who belongs to it")  # one at a time: held above

    def _found(self, conn: Connection, workspace: str, by: str) -> None:
        """Record the person who is here as the owner before anybody else is."""
        if ever_members(conn, workspace):
            return
        founder = self._new(workspace, checked_name(by), "owner", None, None, by)
        _put(conn, founder)
        self._tell(conn, by, founder, "added")

    def _new(
        self, workspace: str, name: str, role: Role, channels: Iterable[str] | None, kept: str | None, by: str
    ) -> Member:
        return Member(
            workspace=workspace,
            name=name,
            role=_role(role),
            channels=None if channels is None else tuple(channels),
            secret_hash=kept,
            added_at=self._clock(),
            added_by=by,
        )

    def _change(
        self, workspace: str, name: str, by: str, secret: str | None, changes: dict[str, Any], what: str
    ) -> Member:
        proof = self._proof(workspace, by, secret)
        with self._database.write() as conn:
            self._refuse_all_but_owners(conn, workspace, by, proof)
            old = _known(conn, workspace, name, lock=True)
            if old.removed_at is not None:
                raise NotFound(f"{name} is no member of this workspace any more.", ADD)
            new = old.model_copy(update=changes)
            _put(conn, new)
            _refuse_ownerless(conn, old)
            self._tell(conn, by, new, what)
        return new

    def _tell(self, conn: Connection, by: str, member: Member, what: str) -> None:
        told = member.model_dump(mode="json", include={"workspace", "name", "role", "channels"})
        self._ledger.append(conn, by, "member", {**told, "what": what, "has_secret": member.secret_hash is not None})


def _known(conn: Connection, workspace: str, name: str, *, lock: bool = False) -> Member:
    found = find_member(conn, workspace, name, hold="update" if lock else None)
    if found is None:
        raise NotFound(f"There is no member {name} in this workspace.", "`greenroom members list` shows who is.")
    return found


def _put(conn: Connection, member: Member) -> None:
    row = values(member, table) | {"tries": 0, "wait_until": None}
    mine = (table.c.workspace == member.workspace, table.c.name == member.name)
    if not conn.execute(update(table).where(*mine).values(row)).rowcount:
        conn.execute(insert(table).values(row))


def _refuse_taken(conn: Connection, workspace: str, name: str) -> None:
    for member in ever_members(conn, workspace):
        if member.removed_at is None and same_name(member.name) == same_name(name):
            raise BadInput(f"{member.name} is a member already.", "Change them with: greenroom members change")
        if member.name != name and same_name(member.name) == same_name(name):
            raise BadInput(f"{member.name} was a member, and “{name}” reads the same.", f"Add {member.name!r} again.")


def _refuse_ownerless(conn: Connection, changed: Member) -> None:
    owners = [
        each for each in ever_members(conn, changed.workspace) if each.role == "owner" and each.removed_at is None
    ]
    if not owners:
        raise NotAllowed(
            f"{changed.name} is the last owner of this workspace. Nothing was changed.", "Make somebody else one first."
        )


def _role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known  # type: ignore[return-value]
    raise BadInput(f"There is no role {role!r}.", f"Roles are {', '.join(ROLES)}.")
