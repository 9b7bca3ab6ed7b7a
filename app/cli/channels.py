"""Accounts: connect one, try one, forget one, and see which there are."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import speaking

if TYPE_CHECKING:
    from app.connecting import ChannelRow, Tested

Channel = Annotated[str, typer.Argument(help="bluesky, mastodon, …: `greenroom channels list` names them.")]
Account = Annotated[str | None, typer.Option(help="Which account, as the audience sees it.")]


def register(app: typer.Typer) -> None:
    """Add the `channels` group."""
    channels = typer.Typer(help="Connect accounts. Their secrets go to the system's keyring or an encrypted file.")
    _list(channels)
    _add(channels)
    _test(channels)
    _remove(channels)
    app.add_typer(channels, name="channels")


def _list(channels: typer.Typer) -> None:
    @command(channels, "list", example="greenroom channels list")
    def list_(door: Door) -> None:
        """Show every channel, its accounts, and what to do next."""
        from app.connecting import list_channels

        rows = list_channels(door.studio)
        body = {"channels": [row.model_dump(mode="json") for row in rows]}
        door.answer(body, lambda console: _show_rows(console, rows))


def _add(channels: typer.Typer) -> None:
    @command(
        channels,
        "add",
        example="greenroom channels add bluesky --account @ines.bsky.social --secret-file app_password=FILE",
    )
    def add(
        door: Door,
        channel: Channel,
        account: Account = None,
        set_: Annotated[
            list[str] | None, typer.Option("--set", help="name=value, for what is not secret; repeatable.")
        ] = None,
        secret: Annotated[
            list[str] | None, typer.Option(help="name=- reads a line of the standard input; repeatable.")
        ] = None,
        secret_file: Annotated[list[str] | None, typer.Option(help="name=PATH reads a file; repeatable.")] = None,
        test: Annotated[bool, typer.Option(help="Try the credentials first. Nothing is sent.")] = True,
        keep: Annotated[bool, typer.Option("--keep", help="Keep them even if the test fails.")] = False,
    ) -> None:
        """Connect an account, in place of what it had. In a terminal, you are asked for what is missing."""
        from app.cli.channel_values import Answers
        from app.connecting import add_account
        from publishing.connecting import wanted

        answers = Answers(wanted(channel), ask=not door.json)
        answers.take(set_ or (), secret or (), secret_file or ())
        named = account or door.studio.workspace.accounts.get(channel.strip().lower()) or answers.account()
        answers.ask_for_the_rest()
        mine = speaking(door, None, None)
        done = add_account(door.studio, channel, named, answers.values, test=test, keep=keep, secret=mine)
        door.answer(done.model_dump(mode="json"), lambda console: _show_added(console, done, keep, answers.made))
        _end(done)


def _test(channels: typer.Typer) -> None:
    @command(channels, "test", example="greenroom channels test bluesky")
    def test(door: Door, channel: Channel, account: Account = None) -> None:
        """Try an account's credentials. Nothing is sent."""
        from app.connecting import test_account

        done = test_account(door.studio, channel, account)
        door.answer(done.model_dump(mode="json"), lambda console: _show_tested(console, done))
        _end(done)


def _remove(channels: typer.Typer) -> None:
    @command(channels, "remove", example="greenroom channels remove bluesky --account @ines.bsky.social")
    def remove(door: Door, channel: Channel, account: Account = None) -> None:
        """Forget an account and its secrets. What is approved for it waits until it is connected again."""
        from app.connecting import remove_account

        gone = remove_account(door.studio, channel, account, secret=speaking(door, None, None))
        body = {"removed": True, "channel": gone.channel, "account": gone.account}
        words = f"{gone.account} on {gone.channel} is forgotten, with its secrets. What is approved for it waits."
        door.answer(body, lambda console: console.print(words, markup=False, soft_wrap=True))


def _end(done: "Tested") -> None:
    if not done.ok:
        raise typer.Exit(1)


def _show_rows(console: Any, rows: "list[ChannelRow]") -> None:
    from rich.table import Table

    table = Table("channel", "account", "state", "next", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.label, row.account or "", row.state, _next(row))
    console.print(table, markup=False)


def _next(row: "ChannelRow") -> str:
    """Return what a person can do about a row."""
    if row.state == "disconnected":
        return f"{row.reason} Connect it anew: greenroom channels add {row.channel} --account {row.account}"
    if row.state == "not connected":
        return row.reason or f"greenroom channels add {row.channel}"
    if row.state == "connected" and row.checked_at is None:
        return f"greenroom channels test {row.channel}"
    return "" if row.checked_at is None else f"tried {row.checked_at:%Y-%m-%d %H:%M} UTC"


def _show_tested(console: Any, done: "Tested") -> None:
    mark = "✔" if done.ok else "✖"
    says = "it works" if done.ok else done.error
    console.print(f"{mark} {done.channel} {done.account}: {says}", markup=False, soft_wrap=True)
    for note in done.notes:
        console.print(f"note: {note}", markup=False, soft_wrap=True)


def _show_added(console: Any, done: "Tested", keep: bool, made: dict[str, str]) -> None:
    _show_tested(console, done)
    if done.ok or keep:
        console.print(f"{done.account} on {done.channel} is connected.", markup=False, soft_wrap=True)
        for name, value in made.items():
            console.print(
                f"\nThe {name} that was made for you. Give it to the receiver; it is not shown again:\n\n    {value}\n",
                markup=False,
                soft_wrap=True,
            )
