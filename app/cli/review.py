"""The review queue in the terminal."""

import sys

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking


def register(app: typer.Typer) -> None:
    """Add `review`."""

    @command(app, "review", example="greenroom review")
    def review(door: Door, as_: As = None, secret_file: SecretFile = None) -> None:
        """Decide what waits, one key each, with the keys of the board: a e c r h j k u ?"""
        from core.errors import WrongUse

        if door.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise WrongUse(
                "A review needs a terminal: it shows each draft, and takes one key.",
                "Elsewhere: greenroom pending --json, greenroom decide ID VERB --sha SHA",
            )
        from app.review.session import review as sit
        from app.wording import number_of

        left = sit(door.studio, by=as_, secret=speaking(door, as_, secret_file))
        door.console.print(f"{number_of(left, 'draft waits', 'drafts wait')} for you.", markup=False)
