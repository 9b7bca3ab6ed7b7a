"""The terminal's door. Nothing heavy is imported before a command needs it: `--help` is measured."""

import sys
from io import TextIOWrapper

import typer
from typer.exceptions import TyperException

from app.cli import (
    accounts,
    assist,
    audit,
    backups,
    briefs,
    budgets,
    calendars,
    channels,
    consents,
    decisions,
    doors,
    embargoes,
    exporting,
    facts,
    forgetting,
    growing,
    ide,
    material,
    members,
    models,
    newsletter,
    outbox,
    outcomes,
    photos,
    pictures,
    plugins,
    policy,
    preferences,
    records,
    reindex,
    review,
    said,
    segments,
    slack_app,
    slop,
    slots,
    tags,
    times,
    tm,
    tokens,
    workspaces,
)
from app.cli.door import complain
from core.errors import BadInput, GreenroomError, WrongUse

_HELP = """Greenroom drafts from your own past work, and waits: nothing leaves unless you approved exactly those bytes.

A first walk:  greenroom init · greenroom import FOLDER · greenroom brief "What you want to announce" ·
greenroom pending · greenroom show ID · greenroom decide ID approve --sha SHA · greenroom publish-due"""


_PARTS = (
    workspaces,
    material,
    briefs,
    decisions,
    review,
    members,
    accounts,
    consents,
    facts,
    outcomes,
    photos,
    pictures,
    tags,
    policy,
    preferences,
    outbox,
    newsletter,
    channels,
    records,
    budgets,
    models,
    said,
    backups,
    growing,
    exporting,
    forgetting,
    audit,
    doors,
    ide,
    slack_app,
    slots,
    times,
    calendars,
    embargoes,
    slop,
    assist,
    segments,
    tm,
    tokens,
    reindex,
)

STOPPED = 130
"""The exit code of a command that a person stopped."""


def build() -> typer.Typer:
    """Return the whole command line."""
    app = typer.Typer(
        name="greenroom", help=_HELP, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    for part in _PARTS:
        part.register(app)
    plugins.register(app)
    return app


def main() -> None:
    """Run the command line; a call that is off is one line (and, with --json, one object), like every other error."""
    _readable_streams()
    try:
        refuse_unreadable(sys.argv[1:])
        code = build()(standalone_mode=False) or 0
        if code == STOPPED:  # Typer makes a code of it, and says nothing
            raise KeyboardInterrupt
        sys.exit(code)
    except (KeyboardInterrupt, typer.Abort):
        print("greenroom: stopped. What was finished is kept.", file=sys.stderr)
        sys.exit(STOPPED)
    except TyperException as error:
        sys.exit(_off(error))
    except GreenroomError as error:
        sys.exit(complain(error, "--json" in sys.argv))


def _off(error: TyperException) -> int:
    message = error.format_message()
    if "\n" in message.strip():  # a call without any word: this is the help
        print(message)
        return 0
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "greenroom"
    return complain(WrongUse(message, f"See: {path} --help"), "--json" in sys.argv)


def refuse_unreadable(words: list[str]) -> None:
    """Refuse words that are no text: bytes that are not UTF-8 arrive as lone surrogates, and can't be kept."""
    for word in words:
        if any("\ud800" <= character <= "\udfff" for character in word):
            raise BadInput(f"{word!r} is not valid UTF-8.")


def _readable_streams() -> None:
    """What we print is UTF-8, whatever the terminal's locale says; what it can't show is shown as it can."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
