"""May they? Asked in the transaction that a decision is, of the tables as they stand in it."""

from typing import Literal

from sqlalchemy import Connection, select

from core.errors import NotAllowed
from core.members import Member, is_agent, refusal
from core.policy import Policy, policy_of
from core.proposals import Proposal
from core.works import Workspace
from memory.approvals import whose
from memory.passphrases import HOW
from memory.rows import noun
from memory.tables import members as table
from memory.tables import workspaces

ADD = "Members are added with: greenroom members add NAME --role editor"


def refuse_who_may_not(conn: Connection, proposal: Proposal, verb: str, by: str, proof: str | None) -> None:
    """Raise NotAllowed unless `by`, as the tables say now, may do this to this proposal and has proved who they are."""
    member = asking(conn, proposal.workspace, by)
    refuse_unproven(member, proof, needs_one=_policy(conn, proposal.workspace).approval.passphrase)
    if why := refusal_in(conn, proposal, member, verb):
        raise NotAllowed(f"{why} Nothing was decided.", "Who may do what: greenroom members list")


def refuse_role(
    conn: Connection, workspace: str, by: str, proof: str | None, roles: tuple[str, ...], what: str
) -> None:
    """Raise NotAllowed unless `by` proves to be a member with one of these roles."""
    member = asking(conn, workspace, by)
    refuse_unproven(member, proof, needs_one=_policy(conn, workspace).approval.passphrase)
    if member.role not in roles:
        named = " or ".join(roles)
        raise NotAllowed(
            f"Only an {named} of this workspace may {what}; {by} is {member.role}.", "Nothing was changed."
        )


def refuse_unproven(member: Member, proof: str | None, *, needs_one: bool = False, may_be_new: bool = False) -> None:
    """Raise NotAllowed where a member's secret is needed and was not given, or there is none to give."""
    if member.secret_hash is not None and proof != member.secret_hash:
        raise NotAllowed(f"{member.name}'s secret is needed. Nothing was changed.", HOW)
    if member.secret_hash is not None:
        return
    if needs_one and not may_be_new:
        raise NotAllowed(
            f"This workspace asks for a passphrase, and {member.name} has none. Nothing was changed.",
            "Set one first: greenroom members secret",
        )
    if not member.is_founder:
        raise NotAllowed(
            f"{member.name} has no secret yet. Nothing was changed.",
            f"An owner gives one with: greenroom members secret {member.name!r}",
        )


def refusal_in(conn: Connection, proposal: Proposal, member: Member, verb: str) -> str | None:
    """Return why this member may not do this to this proposal; None if they may."""
    return refusal(
        member,
        verb,
        channel=proposal.channel,
        account=proposal.account,
        requested_by=whose(conn, proposal),
        policy=_policy(conn, proposal.workspace),
    )


def asking(conn: Connection, workspace: str, by: str) -> Member:
    """Return who asks: a member, or the one owner of a workspace without members. Raises NotAllowed."""
    if is_agent(by):
        raise NotAllowed("The agent never decides: a person does.", "Nothing was changed.")
    # held to the end (PostgreSQL): whoever removes them waits, or has done so before this is asked
    if member := find_member(conn, workspace, by, hold="share"):
        if member.removed_at is not None:
            raise NotAllowed(f"{by} is no member of this workspace any more. Nothing was changed.", ADD)
        return member
    space = _workspace(conn, workspace)
    if ever_members(conn, workspace):
        raise NotAllowed(f"{by} is no member of this workspace. Nothing was changed.", ADD)
    return Member(workspace=workspace, name=by, role="owner", added_at=space.created_at, added_by=by)


def _workspace(conn: Connection, workspace: str) -> Workspace:
    return noun(Workspace, conn.execute(select(workspaces).where(workspaces.c.id == workspace)).one())


def _policy(conn: Connection, workspace: str) -> Policy:
    return policy_of(_workspace(conn, workspace))


def ever_members(conn: Connection, workspace: str) -> list[Member]:
    """Return everybody who was ever a member: a workspace that had members is never again anybody's own."""
    return [noun(Member, row) for row in conn.execute(select(table).where(table.c.workspace == workspace))]


def find_member(
    conn: Connection, workspace: str, name: str, *, hold: Literal["share", "update"] | None = None
) -> Member | None:
    """Return a member by their exact name, also one who was removed."""
    rows = select(table).where(table.c.workspace == workspace, table.c.name == name)
    row = conn.execute(rows.with_for_update(read=hold == "share") if hold else rows).one_or_none()
    return None if row is None else noun(Member, row)
