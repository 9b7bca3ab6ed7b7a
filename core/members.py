"""Who may decide. The gate asks here before a decision is taken, and the sender asks again before the bytes go."""

from typing import Literal, get_args

from core.base import Instant, Noun
from core.policy import Policy

Role = Literal["owner", "editor", "contributor", "viewer", "agent"]
ROLES: tuple[str, ...] = get_args(Role)

_VERBS: dict[str, frozenset[str]] = {
    "owner": frozenset({"approve", "edit", "changes", "reject", "hold", "undo"}),
    "editor": frozenset({"approve", "edit", "changes", "reject", "hold", "undo"}),
    "contributor": frozenset({"edit", "changes", "hold"}),
    "viewer": frozenset(),
    "agent": frozenset(),
}
"""What each role may do. The agent may never decide, whatever a policy says."""

AGENTS = ("agent", "greenroom", "model", "assistant")
"""Names that are the program's own: no person can go by them, and what goes by them decides nothing."""


class Member(Noun):
    """One person (or the agent) in a workspace. `channels`: what they may approve; None: all."""

    workspace: str
    name: str
    role: Role
    channels: tuple[str, ...] | None = None  # "bluesky", or one account of it: "bluesky:@ines.example"
    secret_hash: str | None = None  # argon2id; None: nothing is asked (the founder on their own machine)
    added_at: Instant
    added_by: str = "owner"
    removed_at: Instant | None = None


def is_agent(name: str) -> bool:
    """Say whether a name is the program's own: `agent`, `agent:chat`, …"""
    return name.strip().casefold().partition(":")[0] in AGENTS


def refusal(
    member: Member, verb: str, *, channel: str, account: str, requested_by: frozenset[str], policy: Policy
) -> str | None:
    """Return why this member may not do this to a proposal, for a person to read; None if they may.

    `requested_by` names everybody whose request or wording it is: with four-eyes none of them approves it.
    """
    if member.role == "agent" or is_agent(member.name):
        return "The agent never decides: a person does."
    if member.removed_at is not None:
        return f"{member.name} is no member of this workspace any more."
    if verb not in _VERBS[member.role]:
        return f"{member.name} is {_article(member.role)} {member.role} here, who may not {verb}."
    if verb != "approve":
        return None
    place = f"{channel}:{account}"
    if member.channels is not None and not {channel, place} & set(member.channels):
        return f"{member.name} may not approve for {account} on {channel}."
    named = policy.approval.approvers.get(place) or policy.approval.approvers.get(channel)
    if named and member.name not in named:
        return f"Only {', '.join(named)} may approve for {account} on {channel}."
    if policy.approval.four_eyes and member.name in requested_by:
        return f"It is {member.name}'s own request, and this workspace wants a second pair of eyes."
    return None


def _article(role: str) -> str:
    return "an" if role[0] in "aeiou" else "a"
