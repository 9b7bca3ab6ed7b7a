"""`greenroom bench speed`."""

from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "speed", example="greenroom bench speed --runs 20 --delays 0,1000")
    def speed(
        door: Door,
        runs: Annotated[int, typer.Option(min=1, max=500, help="Repetitions, each in turn with the bare calls.")] = 10,
        delays: Annotated[
            str, typer.Option(help="Milliseconds before the fake model begins to answer, comma-separated.")
        ] = "0,1000",
        starts: Annotated[int, typer.Option(min=1, max=50, help="Pairs of cold starts.")] = 5,
        proposals: Annotated[int, typer.Option(min=20, max=20_000, help="How many lie on the board.")] = 300,
        people: Annotated[int, typer.Option(min=1, max=200, help="How many look and decide at once.")] = 8,
    ) -> None:
        """Measure what the product adds to imports, to a model's first token and a brief's calls; the board's p95."""
        from core.errors import BadInput
        from evals.bench.speed import run
        from evals.telling import tell

        try:
            waits = tuple(int(part) for part in delays.split(","))
        except ValueError:
            waits = (-1,)
        if min(waits) < 0:
            raise BadInput(f"--delays {delays!r} is no list of milliseconds.", "For example: --delays 0,1000")
        with progress() as told:
            figures = run(runs, waits, starts=starts, proposals=proposals, people=people, progress=told)
        tell(door, figures)
