"""The Slack door: start it, make its app, and say who in Slack is which member."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking

Team = Annotated[str | None, typer.Option(help="The Slack workspace's id (T\u2026); without it, the bot token's.")]


def register(app: typer.Typer) -> None:
    """Add `slack` and what belongs to it."""
    _serve(app)
    group = typer.Typer(help="The Slack app, and who in Slack is which member.", no_args_is_help=True)
    _manifest(group)
    _link(group)
    _unlink(group)
    _people(group)
    app.add_typer(group, name="slack-app")


def _serve(app: typer.Typer) -> None:
    @command(app, "slack", example="greenroom slack    greenroom slack --port 3000")
    def slack(
        door: Door,
        port: Annotated[
            int | None, typer.Option(help="Listen for Slack's requests at this port instead of Socket Mode.")
        ] = None,
    ) -> None:
        """Review, decide and talk to the agent in Slack (docs/slack.md)."""
        from app.slack_door.running import serve

        serve(door.studio, port)


def _manifest(group: typer.Typer) -> None:
    @command(group, "manifest", example="greenroom slack-app manifest > manifest.json")
    def manifest_(
        door: Door,
        url: Annotated[
            str | None, typer.Option(help="https address under which Slack reaches --port; without it, Socket Mode.")
        ] = None,
    ) -> None:
        """Print the manifest from which Slack makes the app."""
        import json

        from app.slack_door.manifest import manifest
        from core.errors import WrongUse

        if url is not None and not url.startswith("https://"):
            raise WrongUse(f"Slack calls only https addresses, not {url!r}.", "https://greenroom.example.org")
        made = manifest(url)
        door.answer(made, lambda _console: print(json.dumps(made, indent=2)))


def _link(group: typer.Typer) -> None:
    @command(group, "link", example="greenroom slack-app link U012AB3CD Mats")
    def link(
        door: Door,
        user: Annotated[str, typer.Argument(help="Their member id in Slack (in their profile, or told by the app).")],
        member: Annotated[str, typer.Argument(help="Who they are here: greenroom members list.")],
        team: Team = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Say which member somebody in Slack is. Only an owner may; the member needs a secret of their own."""
        from app.slack_door.people import issuer
        from core.errors import BadInput

        if not (user.isascii() and user.isalnum() and user[:1] in "UW"):
            raise BadInput(f"{user!r} is no id of somebody in Slack: it looks like U012AB3CD.")
        who, secret = door.studio.speaker(as_, speaking(door, as_, secret_file))
        memory, space = door.studio.memory, door.studio.workspace.id
        made = memory.identities.link(space, member, issuer(team or _team(door)), user, by=who, secret=secret)
        body = made.model_dump(mode="json")
        door.answer(body, lambda console: console.print(f"{user} in Slack is {member} here.", markup=False))


def _unlink(group: typer.Typer) -> None:
    @command(group, "unlink", example="greenroom slack-app unlink U012AB3CD")
    def unlink(
        door: Door,
        user: Annotated[str, typer.Argument(help="Their member id in Slack.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Take that away again: from now on they are a stranger."""
        from core.errors import NotFound

        who, secret = door.studio.speaker(as_, speaking(door, as_, secret_file))
        memory, space = door.studio.memory, door.studio.workspace.id
        found = [each for each in _linked(door) if each.subject == user]
        if not found:
            raise NotFound(f"{user} is linked to nobody here.", "greenroom slack-app people")
        gone = [memory.identities.unlink(space, each.id, by=who, secret=secret) for each in found]
        body = {"unlinked": [each.model_dump(mode="json") for each in gone]}
        door.answer(body, lambda console: console.print(f"{user} is nobody here any more.", markup=False))


def _people(group: typer.Typer) -> None:
    @command(group, "people", example="greenroom slack-app people")
    def people(door: Door) -> None:
        """List who in Slack is which member."""
        found = _linked(door)
        body = {"people": [each.model_dump(mode="json") for each in found]}

        def show(console: Any) -> None:
            if not found:
                console.print("Nobody is linked. greenroom slack-app link U\u2026 NAME", markup=False)
            for each in found:
                console.print(f"{each.subject}  {each.member}  ({each.issuer}, by {each.added_by})", markup=False)

        door.answer(body, show)


def _linked(door: Door) -> list[Any]:
    known = door.studio.memory.identities.list(door.studio.workspace.id)
    return [each for each in known if each.issuer.startswith("https://slack.com/")]


def _team(door: Door) -> str:
    """Ask Slack which workspace the bot token is of."""
    import asyncio

    from app.slack_door.door import team_of

    return asyncio.run(team_of(door.studio))
