"""Who may sign in to the web: members with a secret, or somebody whom a provider or a proxy vouches for."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.members import Channels, NewSecret, Role, listed_channels, shown
from app.cli.secrets_given import As, SecretFile, give_secret, new_secret, speaking

if TYPE_CHECKING:
    from memory.sessions import Session

_ISSUER = typer.Option(help="Who vouches: an OpenID provider's address, or `proxy`.")


def register(app: typer.Typer) -> None:
    """Add `accounts`."""
    group = typer.Typer(help="Who may sign in to the web page, and where they are signed in.", no_args_is_help=True)
    _add(group)
    _list(group)
    _passwd(group)
    _revoke(group)
    _sessions(group)
    _link(group)
    _unlink(group)
    app.add_typer(group, name="accounts")


def _add(group: typer.Typer) -> None:
    @command(group, "add", example="greenroom accounts add Mats --role editor")
    def add(
        door: Door,
        name: Annotated[str, typer.Argument(help="Their name, as the ledger will name them.")],
        role: Role = None,
        channels: Channels = None,
        new_secret_file: NewSecret = None,
        identity: Annotated[
            str | None, typer.Option(help="As whom a provider or the proxy knows them; then no secret is needed.")
        ] = None,
        issuer: Annotated[str, _ISSUER] = "proxy",
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Give somebody an account: a member with a secret. The first one is yours, as the owner: use your own name."""
        from app.accounts.opening import Wanted, open_account

        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        chosen = None if identity and not new_secret_file else new_secret(new_secret_file, name)
        wanted = Wanted(name, role, listed_channels(channels), chosen, identity, issuer)
        member = open_account(door.studio, wanted, by=who, secret=proof)
        said = f"{member.name} can sign in, as {member.role}."
        door.answer({"member": shown(member)}, lambda console: console.print(said, markup=False))


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom accounts list")
    def list_(door: Door) -> None:
        """List who may sign in, by what, and who of the members can't."""
        studio = door.studio
        space, memory = studio.workspace.id, studio.memory
        linked = memory.identities.list(space)
        open_ = memory.sessions.list(space)
        rows = [
            shown(each)
            | {
                "can_sign_in": bool(each.secret_hash) and each.role != "agent",
                "identities": [told.model_dump(mode="json") for told in linked if told.member == each.name],
                "sessions": sum(session.member == each.name for session in open_),
            }
            for each in memory.members.list(space)
        ]

        def show(console: Any) -> None:
            for row in rows:
                how = "can sign in" if row["can_sign_in"] else "can't sign in: greenroom accounts passwd"
                console.print(f"{row['name']}: {row['role']}, {how}, {row['sessions']} open", markup=False)
                for told in row["identities"]:
                    console.print(f"  {told['id']}  {told['subject']} of {told['issuer']}", markup=False)
            if not rows:
                console.print(f"There are no accounts. Make yours: greenroom accounts add {door.settings.user}")

        door.answer({"accounts": rows}, show)


def _passwd(group: typer.Typer) -> None:
    @command(group, "passwd", example="greenroom accounts passwd Mats --new-secret-file new.txt")
    def passwd(
        door: Door,
        name: Annotated[str | None, typer.Argument(help="Whose; without it, yours.")] = None,
        new_secret_file: NewSecret = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Set a new secret: your own, or (as an owner) somebody's. It signs them out everywhere."""
        member, _who, ended = give_secret(door, name, new_secret_file, as_, secret_file)
        said = f"{member.name} has a new secret, and was signed out {ended} times."
        door.answer({"member": shown(member), "ended": ended}, lambda console: console.print(said, markup=False))


def _revoke(group: typer.Typer) -> None:
    @command(group, "revoke", example="greenroom accounts revoke Mats")
    def revoke(
        door: Door,
        name: Annotated[str | None, typer.Argument(help="Whose sessions; without it, say --all.")] = None,
        all_: Annotated[bool, typer.Option("--all", help="Everybody's.")] = False,
        session: Annotated[str | None, typer.Option(help="One session of theirs, by its id.")] = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Sign somebody out everywhere, at once: what is open ends within seconds, and decides nothing from now on."""
        from core.errors import WrongUse

        if (name is None) != all_ or (all_ and session):
            raise WrongUse("Say whose sessions end.", "greenroom accounts revoke NAME, or --all.")
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        space, memory = door.studio.workspace.id, door.studio.memory
        roles = ("owner",) if name != who else ("owner", "editor", "contributor", "viewer")
        memory.members.refuse(space, who, proof, roles=roles, what="end somebody's sessions")
        ended = memory.sessions.end_all(space, member=name, session_id=session)
        said = f"{ended} sessions ended."
        door.answer({"ended": ended}, lambda console: console.print(said))


def _sessions(group: typer.Typer) -> None:
    @command(group, "sessions", example="greenroom accounts sessions")
    def sessions(
        door: Door, name: Annotated[str | None, typer.Argument(help="Whose; without it, all.")] = None
    ) -> None:
        """List where people are signed in now."""
        rows = door.studio.memory.sessions.list(door.studio.workspace.id, member=name)

        def show(console: Any) -> None:
            for each in rows:
                console.print(_line(each), markup=False)
            if not rows:
                console.print("Nobody is signed in.")

        door.answer({"sessions": [each.model_dump(mode="json", exclude={"workspace"}) for each in rows]}, show)


def _link(group: typer.Typer) -> None:
    @command(group, "link", example="greenroom accounts link Mats mats@example.org --issuer https://id.example.org")
    def link(
        door: Door,
        name: Annotated[str, typer.Argument(help="The member.")],
        identity: Annotated[str, typer.Argument(help="As whom they are known there: a subject, or a verified mail.")],
        issuer: Annotated[str, _ISSUER] = "proxy",
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Let whoever is this at a provider, or at your proxy, sign in as a member."""
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        made = door.studio.memory.identities.link(
            door.studio.workspace.id, name, issuer, identity, by=who, secret=proof
        )
        said = f"{made.id}: {made.subject} of {made.issuer} signs in as {made.member}."
        body = {"identity": made.model_dump(mode="json", exclude={"workspace"})}
        door.answer(body, lambda console: console.print(said, markup=False))


def _unlink(group: typer.Typer) -> None:
    @command(group, "unlink", example="greenroom accounts unlink n_0123456789ab")
    def unlink(
        door: Door,
        identity: Annotated[str, typer.Argument(help="Its id, as `accounts list` shows it.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Take such a way in away, and sign its member out everywhere."""
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        space, memory = door.studio.workspace.id, door.studio.memory
        gone = memory.identities.unlink(space, identity, by=who, secret=proof)
        memory.sessions.end_all(space, member=gone.member)
        said = f"{gone.subject} of {gone.issuer} signs in as {gone.member} no more."
        body = {"identity": gone.model_dump(mode="json", exclude={"workspace"})}
        door.answer(body, lambda console: console.print(said, markup=False))


def _line(each: "Session") -> str:
    where = each.address or "this machine"
    return f"{each.id}  {each.member}, by {each.how}, from {where}, last used {each.seen_at:%Y-%m-%d %H:%M} UTC"
