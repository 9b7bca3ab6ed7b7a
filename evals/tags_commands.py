"""`greenroom bench tags`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress
from evals.telling import tell


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "tags", example="greenroom bench tags Inspec    greenroom bench tags --own posts.jsonl")
    def tags(
        door: Door,
        folder: Annotated[
            Path | None, typer.Argument(help="A folder with docsutf8/*.txt and keys/*.key.", exists=True)
        ] = None,
        own: Annotated[
            Path | None, typer.Option("--own", help="Posts with tags as JSON lines: a creator's own.", exists=True)
        ] = None,
    ) -> None:
        """Measure tags: keyphrases against those that people gave, or a creator's own tags in the order of time."""
        from core.errors import WrongUse
        from evals.bench import own_tags
        from evals.bench import tags as keyphrase_tags

        if (folder is None) == (own is None):
            raise WrongUse("There is nothing to measure, or too much.", "Name a folder, or --own POSTS.jsonl.")
        with progress() as told:
            if own is not None:
                figures = own_tags.run(own, told)
            else:
                assert folder is not None
                embedder = door.studio.memory.embedder
                figures = keyphrase_tags.run(folder, embedder.embed, told)
        tell(door, figures)
