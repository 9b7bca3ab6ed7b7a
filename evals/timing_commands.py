"""`greenroom bench timing`."""

from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress
from evals.telling import tell


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "timing", example="greenroom bench timing --creators 500")
    def timing(
        door: Door,
        creators: Annotated[int, typer.Option(min=1, help="How many simulated creators for each row.")] = 500,
        seed: Annotated[int, typer.Option(min=0, help="Which creators.")] = 0,
    ) -> None:
        """Measure best hours: how often is one claimed that isn't there, and how many posts does a real one take?"""
        from evals.bench.timing import run

        with progress() as told:
            figures = run(creators, seed=seed, progress=told)
        tell(door, figures)
