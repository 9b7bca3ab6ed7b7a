"""`greenroom bench load`."""

from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress

_EXAMPLE = "greenroom bench load    greenroom bench load --database-url postgresql+psycopg://… --web-processes 2"


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "load", example=_EXAMPLE)
    def load(
        door: Door,
        reviewers: Annotated[int, typer.Option(min=1, max=200, help="How many people review.")] = 50,
        briefs: Annotated[int, typer.Option(min=0, max=100, help="How many briefs are begun beside them.")] = 20,
        each: Annotated[int, typer.Option(min=1, max=100, help="How many cards a person decides.")] = 6,
        think: Annotated[float, typer.Option(min=0, max=120, help="Seconds a person reads, on average.")] = 6.0,
        web_processes: Annotated[int, typer.Option(min=1, max=8, help="How many web processes serve them.")] = 1,
        database_url: Annotated[
            str | None, typer.Option(help="An empty PostgreSQL; without it, SQLite in a folder of its own.")
        ] = None,
    ) -> None:
        """Measure the web under load: pages, decisions that two people make at once, and briefs beside them."""
        from evals.bench.load import run
        from evals.telling import tell

        with progress() as told:
            figures = run(
                reviewers=reviewers,
                briefs=briefs,
                each=each,
                think_s=think,
                processes=web_processes,
                database_url=database_url,
                progress=told,
            )
        tell(door, figures)
