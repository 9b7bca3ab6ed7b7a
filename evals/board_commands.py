"""`greenroom bench board`."""

from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "board", example="greenroom bench board --proposals 500 --people 50")
    def board(
        door: Door,
        proposals: Annotated[int, typer.Option(min=20, max=20_000, help="How many lie on the board.")] = 300,
        people: Annotated[int, typer.Option(min=1, max=200, help="How many look and decide at once.")] = 8,
        decisions: Annotated[int, typer.Option(min=1, max=12, help="How many the browser decides.")] = 12,
    ) -> None:
        """Measure the board: keys and seconds for twelve decisions, round trips, and a page among many proposals."""
        from evals.bench.board import run
        from evals.telling import tell

        with progress() as told:
            figures = run(proposals, people=people, decisions=decisions, progress=told)
        tell(door, figures)
