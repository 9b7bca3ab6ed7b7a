"""Giving somebody an account: a member with a secret of their own, or with one that nobody knows."""

import secrets
from typing import TYPE_CHECKING, NamedTuple, cast

from core.errors import WrongUse
from core.members import Member, Role

if TYPE_CHECKING:
    from app.studio import Studio


class Wanted(NamedTuple):
    """Who is to have an account, and how they prove who they are."""

    name: str
    role: str | None
    channels: list[str] | None
    secret: str | None
    identity: str | None = None
    issuer: str = "proxy"


def open_account(studio: "Studio", wanted: Wanted, *, by: str, secret: str | None) -> Member:
    """Add the member, or give one who is there the secret that they lack. Raises NotAllowed, BadInput, WrongUse."""
    space, members = studio.workspace.id, studio.memory.members
    # whom somebody else vouches for still has one, which nobody knows: what ends it ends their sessions
    chosen = wanted.secret or (secrets.token_urlsafe(32) if wanted.identity else None)
    if not chosen:
        raise WrongUse("An account needs a secret.", "Give it with --new-secret-file FILE, or at a terminal.")
    there = {each.name: each for each in members.list(space)}
    if wanted.name in there or (wanted.name == by and not there):
        member = _completed(studio, wanted, there.get(wanted.name), chosen, by, secret)
    else:
        member = members.add(
            space, wanted.name, cast("Role", wanted.role or "contributor"), by=by, secret=secret,
            channels=wanted.channels, new_secret=chosen,
        )  # fmt: skip
    if wanted.identity:
        proof = chosen if member.name == by else secret
        studio.memory.identities.link(space, member.name, wanted.issuer, wanted.identity, by=by, secret=proof)
    return member


def _completed(
    studio: "Studio", wanted: Wanted, found: Member | None, chosen: str, by: str, secret: str | None
) -> Member:
    if found and found.secret_hash:
        raise WrongUse(
            f"{found.name} has an account already. Nothing was changed.",
            "A new secret: greenroom accounts passwd; another name there: greenroom accounts link.",
        )
    if wanted.role and wanted.role != (found.role if found else "owner"):
        raise WrongUse(f"{wanted.name} is {found.role if found else 'the owner'} here.", "greenroom members change")
    return studio.memory.members.set_secret(studio.workspace.id, wanted.name, chosen, by=by, secret=secret)
