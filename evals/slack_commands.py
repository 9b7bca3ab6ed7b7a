"""`greenroom bench slack`."""

from typing import Annotated

import typer

from app.cli.door import Door, command
from app.cli.progress import progress


def register(bench: typer.Typer) -> None:
    """Add it to the group."""

    @command(bench, "slack", example="greenroom bench slack --requests 100")
    def slack(
        door: Door,
        requests: Annotated[int, typer.Option(min=1, max=5000, help="Of each kind.")] = 100,
        slow: Annotated[float, typer.Option(min=0, max=30, help="Seconds after which Slack's own API answers.")] = 2.0,
    ) -> None:
        """Measure how soon the Slack door acknowledges while Slack's own API is slow (exit 1 above three seconds)."""
        from evals.bench.slack_acks import run
        from evals.telling import tell

        with progress() as told:
            figures = run(requests, slow, told)
        tell(door, figures)
        if not figures["kept"]:
            raise typer.Exit(1)
