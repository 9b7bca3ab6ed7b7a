"""Times in words, and the times that are proposed."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command

if TYPE_CHECKING:
    from app.timing import Looked, Suggested


def register(app: typer.Typer) -> None:
    """Add `when` and `suggest-time`."""
    _when(app)
    _suggest_time(app)


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


def _suggest_time(app: typer.Typer) -> None:
    @command(
        app, "suggest-time", example="greenroom suggest-time p_0123456789ab    greenroom suggest-time --channels x"
    )
    def suggest_time(
        door: Door,
        proposal_id: Annotated[str | None, typer.Argument(help="A proposal; without it, for channels.")] = None,
        channels: Annotated[str | None, typer.Option(help="Comma-separated; without it, the workspace's.")] = None,
        locale: Annotated[str | None, typer.Option(help="For which audience; the workspace's without it.")] = None,
        at: Annotated[str | None, typer.Option(help="A time in words: what speaks against it?")] = None,
        not_before: Annotated[str | None, typer.Option(help="An embargo: no sooner than this.")] = None,
        others: Annotated[int, typer.Option(min=0, max=10, help="How many other days to name.")] = 2,
    ) -> None:
        """Propose a time for each channel, with the reason and other days; or look at yours. Nothing is booked."""
        from app.cli.briefs import listed, when
        from app.timing import look, suggest, wanted

        embargo = when(door, not_before) if not_before else None
        asked = wanted(door.studio, proposal_id, listed(channels), locale, embargo)
        if at is not None:
            looked = look(door.studio, asked, when(door, at))
            return door.answer(
                {"times": [each.as_json() for each in looked], "booked": False},
                lambda console: _show_looked(console, looked),
            )
        found = suggest(door.studio, asked, others)
        return door.answer(
            {"times": [each.as_json() for each in found], "booked": False},
            lambda console: _show_suggested(console, found),
        )


def _show_suggested(console: Any, found: "list[Suggested]") -> None:
    for each in found:
        console.print(f"{each.channel}: {each.time.words}", markup=False)
        console.print(f"  {each.time.said}", markup=False)
        for other in each.time.alternatives:
            console.print(f"  or {other.words}: {other.source}", markup=False)


def _show_looked(console: Any, looked: "list[Looked]") -> None:
    for each in looked:
        console.print(f"{each.channel}: {each.words}", markup=False)
        for conflict in each.conflicts:
            console.print(f"  {'note' if conflict.advice else 'against'}: {conflict.words}", markup=False)
        if not each.conflicts:
            console.print("  Nothing speaks against it.")
