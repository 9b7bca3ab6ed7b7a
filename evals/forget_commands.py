"""`greenroom bench forget`."""

from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress
from evals.telling import tell


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "forget", example="greenroom bench forget --passages 10000")
    def forget(
        door: Door,
        passages: Annotated[int, typer.Option(min=500, help="How many passages the home has.")] = 10_000,
    ) -> None:
        """Forget a work, then a source, in a home of many passages: how long, and which bytes are still there?"""
        from evals.bench.forget import run

        with progress() as show:
            figures = run(passages, tell=show)
        tell(door, figures)
        if figures["found_bytes"]:
            raise typer.Exit(1)
