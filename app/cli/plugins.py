"""Commands that other rooms bring along by entry point: the app never imports what measures it."""

from importlib.metadata import entry_points

import typer

GROUP = "greenroom.commands"


def register(app: typer.Typer) -> None:
    """Add every plugin's command group under the name it was registered with."""
    for point in entry_points(group=GROUP):
        point.load()(app)
