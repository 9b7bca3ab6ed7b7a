"""Times in words, and the times that are proposed."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add `when`."""
    _when(app)


def _when(app: typer.Typer) -> None:
    @command(app, "when", example='greenroom when "next Tuesday 9am Oslo"')
    def when(
        door: Door,
        words: Annotated[str, typer.Argument(help="A time in words, in one of many languages.")],
        zone: Annotated[str | None, typer.Option(help="An IANA zone; the workspace's without it.")] = None,
    ) -> None:
        """Read a time in words, and say which moment that is: weekday, date, time, zone and UTC offset."""
        from app.founding import zone as checked_zone
        from core.whens import understand

        space = door.studio.workspace
        found = understand(words, door.studio.clock(), checked_zone(zone or space.timezone), space.locale)

        def show(console: Any) -> None:
            console.print(found.words, markup=False)
            for note in found.notes:
                console.print(f"  {note}", markup=False)

        door.answer(found.model_dump(mode="json"), show)
