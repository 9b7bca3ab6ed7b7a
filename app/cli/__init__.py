"""The terminal's door. Nothing heavy is imported before a command needs it: `--help` is measured."""

import sys

import typer

from app.cli import briefs, decisions, doors, material, outbox, plugins, records, workspaces

_HELP = """Greenroom drafts from your own past work, and waits: nothing leaves unless you approved exactly those bytes.

A first walk:  greenroom init · greenroom import FOLDER · greenroom brief "What you want to announce" ·
greenroom pending · greenroom show ID · greenroom decide ID approve --sha SHA · greenroom publish-due"""


def build() -> typer.Typer:
    """Return the whole command line."""
    app = typer.Typer(
        name="greenroom", help=_HELP, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    for part in (workspaces, material, briefs, decisions, outbox, records, doors):
        part.register(app)
    plugins.register(app)
    return app


def main() -> None:
    """Run the command line."""
    try:
        build()()
    except KeyboardInterrupt:
        print("greenroom: stopped. What was finished is kept.", file=sys.stderr)
        sys.exit(130)
