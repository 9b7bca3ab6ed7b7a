"""How a secret is given at the terminal: in a file, at a prompt that doesn't show it, or by the setting."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.door import Door
from app.cli.given_text import read_text

if TYPE_CHECKING:
    from core.members import Member

As = Annotated[str | None, typer.Option("--as", help="Another member, whose secret is needed; else you.")]
SecretFile = Annotated[
    str | None, typer.Option("--secret-file", help="A file with your secret (or --as USER's); - is stdin.")
]


def speaking(door: Door, name: str | None, secret_file: str | None) -> str | None:
    """Return the secret of who speaks, asked for at a terminal where one is needed; None: none was given here."""
    if secret_file or door.settings.secret:
        return secret_in(secret_file)  # without a file, the studio takes the setting's
    who = name or door.settings.user
    if not at_a_terminal() or not door.studio.memory.members.has_secret(door.studio.workspace.id, who):
        return None
    return asked(f"Secret of {who}: ")


def secret_in(file: str | None) -> str | None:
    """Return the secret that a file holds, without the end of its line."""
    return read_text(file).rstrip("\n") if file else None


def new_secret(file: str | None, who: str) -> str | None:
    """Return a new secret from a file, or asked for twice at a terminal; None where neither is there."""
    from core.errors import BadInput

    if file or not at_a_terminal():
        return secret_in(file)
    first = asked(f"New secret of {who} (at least 8 characters): ")
    if first and asked("The same again: ") != first:
        raise BadInput("The two are not the same. Nothing was changed.")
    return first or None


def give_secret(
    door: Door, name: str | None, new_secret_file: str | None, as_: str | None, secret_file: str | None
) -> "tuple[Member, str, int]":
    """Give somebody (else oneself) a new secret and sign them out everywhere; return them, who did it, how often."""
    from core.errors import WrongUse

    who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
    chosen = new_secret(new_secret_file, name or who)
    if not chosen:
        raise WrongUse("A new secret is needed.", "Give it with --new-secret-file FILE, or at a terminal.")
    space, memory = door.studio.workspace.id, door.studio.memory
    member = memory.members.set_secret(space, name or who, chosen, by=who, secret=proof)
    return member, who, memory.sessions.end_all(space, member=member.name)


def at_a_terminal() -> bool:
    """Say whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def asked(prompt: str) -> str:
    """Ask for something that is not shown; the question goes to stderr."""
    from getpass import getpass

    return getpass(prompt, stream=sys.stderr)
