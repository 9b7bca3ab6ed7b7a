"""Who belongs to the workspace: list, add, change, remove, and their secrets."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, give_secret, new_secret, speaking

if TYPE_CHECKING:
    from core.members import Member

Role = Annotated[str | None, typer.Option(help="owner, editor, contributor, viewer or agent.")]
Channels = Annotated[
    str | None, typer.Option(help="What they may approve: bluesky,site or bluesky:@me.example; `all`.")
]
NewSecret = Annotated[
    str | None, typer.Option(help="A file with the new secret; at a terminal you are asked. - is stdin.")
]


def register(app: typer.Typer) -> None:
    """Add `members`."""
    group = typer.Typer(help="Who belongs to the workspace, and what each may do.", no_args_is_help=True)
    _list(group)
    _add(group)
    _change(group)
    _remove(group)
    _secret(group)
    app.add_typer(group, name="members")


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom members list")
    def list_(door: Door) -> None:
        """List the members. Without any, you are the one owner."""
        members = door.studio.memory.members.list(door.studio.workspace.id)
        body = {"members": [shown(each) for each in members], "you": door.settings.user, "solo": not members}

        def show(console: Any) -> None:
            if not members:
                console.print(f"{door.settings.user} is the one owner. Add somebody: greenroom members add NAME")
            for each in members:
                console.print(_line(each), markup=False)

        door.answer(body, show)


def _add(group: typer.Typer) -> None:
    @command(group, "add", example="greenroom members add Mats --role editor --channels bluesky,site")
    def add(
        door: Door,
        name: Annotated[str, typer.Argument(help="Their name, as the ledger will name them.")],
        role: Role = "contributor",
        channels: Channels = None,
        new_secret_file: NewSecret = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Add a member. With the first one, you are recorded as the owner. They need a secret to decide."""
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        member = door.studio.memory.members.add(
            door.studio.workspace.id,
            name,
            role or "contributor",  # type: ignore[arg-type]  # memory says which roles there are
            by=who,
            channels=listed_channels(channels),
            new_secret=new_secret(new_secret_file, name),
            secret=proof,
        )
        _answer(door, member, "Added", who)


def _change(group: typer.Typer) -> None:
    @command(group, "change", example="greenroom members change Mats --role viewer")
    def change(
        door: Door,
        name: Annotated[str, typer.Argument(help="The member's name.")],
        role: Role = None,
        channels: Channels = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Change a member's role, or what they may approve."""
        from core.errors import WrongUse

        if role is None and channels is None:
            raise WrongUse("Nothing would change.", "Say --role ROLE, --channels LIST or --channels all.")
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        member = door.studio.memory.members.change(
            door.studio.workspace.id,
            name,
            by=who,
            role=role,  # type: ignore[arg-type]  # memory says which roles there are
            channels=listed_channels(channels),
            all_channels=channels == "all",
            secret=proof,
        )
        _answer(door, member, "Changed", who)


def _remove(group: typer.Typer) -> None:
    @command(group, "remove", example="greenroom members remove Mats")
    def remove(
        door: Door,
        name: Annotated[str, typer.Argument(help="The member's name.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Remove a member. What they approved and is not sent yet is refused by the sender from now on."""
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        member = door.studio.memory.members.remove(door.studio.workspace.id, name, by=who, secret=proof)
        _answer(door, member, "Removed", who)


def _secret(group: typer.Typer) -> None:
    @command(group, "secret", example="greenroom members secret --new-secret-file new.txt")
    def secret(
        door: Door,
        name: Annotated[str | None, typer.Argument(help="Whose; without it, yours.")] = None,
        new_secret_file: NewSecret = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Set a secret that every decision asks for: yours, or (as an owner) somebody's; it signs them out."""
        member, who, _ended = give_secret(door, name, new_secret_file, as_, secret_file)
        _answer(door, member, "A secret is set for", who)


def shown(member: "Member") -> dict[str, Any]:
    """Return a member as JSON shows them: whether there is a secret, never its hash."""
    told = member.model_dump(mode="json", exclude={"secret_hash", "workspace"})
    return told | {"has_secret": member.secret_hash is not None}


def _answer(door: Door, member: "Member", done: str, by: str) -> None:
    members = door.studio.memory.members
    open_to_all = not members.has_secret(door.studio.workspace.id, by) and by != member.name
    note = f"{by} has no secret: whoever is at this terminal can decide as {by}. Set one: greenroom members secret"
    body = {"member": shown(member)} | ({"note": note} if open_to_all else {})

    def show(console: Any) -> None:
        console.print(f"{done} {_line(member)}", markup=False)
        if open_to_all:
            console.print(note, markup=False)

    door.answer(body, show)


def _line(member: "Member") -> str:
    where = f", may approve for {', '.join(member.channels)}" if member.channels is not None else ""
    return f"{member.name}: {member.role}{where}{'' if member.secret_hash else ', no secret'}"


def listed_channels(said: str | None) -> list[str] | None:
    """Return what was said of channels, each one known; None: nothing, or all."""
    from app.cli.briefs import listed
    from core.channels import channel

    if said in (None, "all"):
        return None
    names = listed(said) or []
    for name in names:
        channel(name.partition(":")[0])
    return names
