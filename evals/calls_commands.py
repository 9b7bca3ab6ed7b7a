"""`greenroom bench calls`."""

from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress
from evals.telling import tell


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "calls", example="greenroom bench calls")
    def calls(
        door: Door,
        channels: Annotated[str | None, typer.Option(help="Comma-separated; without it, the six usual ones.")] = None,
    ) -> None:
        """Count model calls and prompt tokens of a brief, against a scripted server (exit 1 above the ceiling)."""
        from app.cli.briefs import listed
        from evals.bench.calls import run
        from evals.bench.calls.running import CHANNELS

        with progress() as told:
            figures = run(tuple(listed(channels) or CHANNELS), told)
        tell(door, figures)
        if not figures["kept"]:
            raise typer.Exit(1)
