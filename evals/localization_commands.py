"""`greenroom bench localization`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress
from evals.telling import tell


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "localization", example="greenroom bench localization pairs.jsonl.gz --seed 1")
    def localization(
        door: Door,
        pairs: Annotated[Path, typer.Argument(help="Rows of lang, src, tgt: human translations.", exists=True)],
        seed: Annotated[int, typer.Option(min=0, help="Which errors.")] = 0,
    ) -> None:
        """Measure the checks of translations: errors seeded by kind that are found, good pairs that are accused."""
        from evals.bench.localization import run

        with progress() as show:
            figures = run(pairs, seed=seed, progress=show, told=lambda what: print(f"seeded: {what}", file=sys.stderr))
        tell(door, figures)
