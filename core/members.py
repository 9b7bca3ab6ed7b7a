"""Who may decide. The gate asks here before a decision is taken, and the sender asks again before the bytes go."""

import unicodedata
from typing import Literal, get_args

from pydantic import Field

from core.base import Instant, Noun
from core.errors import BadInput
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

LONGEST_NAME = 128


class Member(Noun):
    """One person (or the agent) in a workspace. `channels`: what they may approve; None: all."""

    workspace: str
    name: str
    role: Role
    channels: tuple[str, ...] | None = None  # "bluesky", or one account of it: "bluesky:@ines.example"
    secret_hash: str | None = Field(default=None, repr=False)  # argon2id; None: nothing is asked (see is_founder)
    added_at: Instant
    added_by: str = "owner"
    removed_at: Instant | None = None

    @property
    def is_founder(self) -> bool:
        """Whether it is the person who was here first, who may go without a secret on their own machine."""
        return self.name == self.added_by


def is_agent(name: str) -> bool:
    """Say whether a name is the program's own, however it is written: `agent`, `Agent:chat`, …"""
    return same_name(name).partition(":")[0].strip() in AGENTS


def same_name(name: str) -> str:
    """Return a name as names are compared: two that look the same are the same person."""
    seen = (character for character in unicodedata.normalize("NFKC", name) if unicodedata.category(character) != "Cf")
    return " ".join("".join(seen).split()).casefold()


def checked_name(name: str) -> str:
    """Return a name that a person can go by. Raises BadInput for the program's own, and for what can't be read."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not same_name(name) or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput("That is no name.", f"Use letters and signs that can be read, at most {LONGEST_NAME}.")
    if is_agent(name):
        raise BadInput(f"“{name}” is the program's own name: what goes by it decides nothing.", "Choose another one.")
    return name


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
        return f"{member.name} is {_article(member.role)} {member.role} here, who may not {_named(verb)}."
    return _no_approval(member, channel, account, requested_by, policy) if verb == "approve" else None


def _no_approval(
    member: Member, channel: str, account: str, requested_by: frozenset[str], policy: Policy
) -> str | None:
    place = f"{channel}:{account}"
    if member.channels is not None and not {channel, place} & set(member.channels):
        return f"{member.name} may not approve for {account} on {channel}."
    named = policy.approval.approvers.get(place) or policy.approval.approvers.get(channel)
    if named and member.name not in named:
        return f"Only {', '.join(named)} may approve for {account} on {channel}."
    if policy.approval.four_eyes and same_name(member.name) in {same_name(name) for name in requested_by}:
        return f"It is {member.name}'s own request, and this workspace wants a second pair of eyes."
    return None


def _article(role: str) -> str:
    return "an" if role[0] in "aeiou" else "a"


def _named(verb: str) -> str:
    return {"changes": "ask for changes", "undo": "take a decision back"}.get(verb, verb)
