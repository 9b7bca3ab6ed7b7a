"""Bearer tokens for programs: IDEs, scripts."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from memory.tokens import Token

_DECIDES = {
    "never": "never decides",
    "asked": "decides where the IDE asks you",
    "api": "decides through the API",
}


def register(app: typer.Typer) -> None:
    """Add `tokens`."""
    group = typer.Typer(help="Tokens by which an IDE or a script works for one member.", no_args_is_help=True)
    _list(group)
    _make(group)
    _revoke(group)
    app.add_typer(group, name="tokens")


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom tokens list")
    def list_(
        door: Door,
        ended: Annotated[bool, typer.Option("--ended", help="Those too that open nothing any more.")] = False,
    ) -> None:
        """List the workspace's tokens: whose they are and what they may do. Nobody can be shown a token again."""
        rows = door.studio.memory.tokens.list(door.studio.workspace.id, ended=ended)

        def show(console: Any) -> None:
            for each in rows:
                console.print(_line(each), markup=False)
            if not rows:
                console.print("There are no tokens. Make one: greenroom tokens make 'Zed on my laptop'")

        door.answer({"tokens": [told(each) for each in rows]}, show)


def _make(group: typer.Typer) -> None:
    @command(group, "make", example="greenroom tokens make 'Zed on my laptop' --days 90")
    def make(
        door: Door,
        name: Annotated[str, typer.Argument(help="What it is for, as the list will name it.")],
        member: Annotated[
            str | None, typer.Option("--for", help="Another member, by an owner; it never decides.")
        ] = None,
        decides: Annotated[
            str, typer.Option(help="never; asked: in a form that the IDE shows you; api: by a script (docs/ide.md).")
        ] = "never",
        private: Annotated[
            bool,
            typer.Option(
                "--private", help="Its program may read what is marked private: no hosted model is behind it."
            ),
        ] = False,
        days: Annotated[int | None, typer.Option(help="Until it ends.")] = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Make a token for one program. It is shown this once, and only a hash of it is kept."""
        from memory.tokens import Asked

        studio = door.studio
        who, proof = studio.speaker(as_, speaking(door, as_, secret_file))
        asked = Asked(name, member, decides, private, days)
        made, bearer = studio.memory.tokens.make(studio.workspace.id, asked, by=who, secret=proof)

        def show(console: Any) -> None:
            console.print("Give this token to that program. It is shown this once:")
            console.print(f"  {bearer}", soft_wrap=True, markup=False)
            console.print(_line(made), markup=False)
            console.print(f"End it with: greenroom tokens revoke {made.id}")

        door.answer({"token": told(made), "bearer": bearer}, show)


def _revoke(group: typer.Typer) -> None:
    @command(group, "revoke", example="greenroom tokens revoke t_0123456789ab")
    def revoke(
        door: Door,
        token_id: Annotated[str, typer.Argument(help="The token's id.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """End a token at once: what it was given to is answered nothing any more."""
        studio = door.studio
        who, proof = studio.speaker(as_, speaking(door, as_, secret_file))
        gone = studio.memory.tokens.revoke(studio.workspace.id, token_id, by=who, secret=proof)
        said = f"The token {gone.id} ({gone.name}) of {gone.member} is ended."
        door.answer({"token": told(gone)}, lambda console: console.print(said, markup=False))


def told(token: "Token") -> dict[str, Any]:
    """Return a token as JSON shows it; what it is itself is kept nowhere."""
    kept: dict[str, Any] = token.model_dump(mode="json", exclude={"workspace"})
    return kept


def _line(token: "Token") -> str:
    private = ", reads what is private" if token.sees_private else ""
    until = f", until {token.ends_at:%Y-%m-%d}" if token.ends_at else ""
    over = f", ended {token.revoked_at:%Y-%m-%d} by {token.revoked_by}" if token.revoked_at else ""
    return f"{token.id}  {token.name}: {token.member}, {_DECIDES[token.decides]}{private}{until}{over}"
