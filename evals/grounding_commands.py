"""`greenroom bench grounding`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress
from evals.telling import tell


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "grounding", example="greenroom bench grounding posts.jsonl --seed 1")
    def grounding(
        door: Door,
        file: Annotated[
            Path | None,
            typer.Argument(help="Posts or translations as JSON lines, or Markdown; else ours.", exists=True),
        ] = None,
        cases: Annotated[int, typer.Option(min=4, max=100_000, help="How many drafts of each sort.")] = 200,
        seed: Annotated[int, typer.Option(min=0, help="Which drafts, and what is made up.")] = 0,
        misses: Annotated[
            bool, typer.Option("--misses", help="Tell each miss and each false alarm on stderr.")
        ] = False,
    ) -> None:
        """Measure grounding: are made-up numbers, names, quotes and links found, and are honest drafts accused?"""
        from evals.bench.grounding import run

        shown = (lambda line: print(line, file=sys.stderr)) if misses else None
        with progress() as told:
            figures = run(file, cases=cases, seed=seed, show=shown, progress=told)
        tell(door, figures)
