"""Recurring slots: when a channel's posts usually go out."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add the `slots` group."""
    slots = typer.Typer(help="Recurring slots: times that drafts are proposed for. Nothing is ever booked by itself.")
    for part in (_list, _add, _skip, _end):
        part(slots)
    app.add_typer(slots, name="slots")


def _list(slots: typer.Typer) -> None:
    @command(slots, "list", example="greenroom slots list")
    def list_(door: Door) -> None:
        """Show the recurring slots and when they are free next."""
        studio = door.studio
        series = studio.memory.series.list(studio.workspace.id)
        free = studio.memory.series.open(studio.workspace.id, after=studio.clock())
        body = {
            "series": [each.model_dump(mode="json") | {"words": each.words} for each in series],
            "open": [each.model_dump(mode="json") for each in free],
        }
        door.answer(body, lambda console: _show(console, series, free))


def _add(slots: typer.Typer) -> None:
    @command(slots, "add", example="greenroom slots add --channel bluesky --days tue,thu --time 08:30")
    def add(
        door: Door,
        channel: Annotated[str, typer.Option(help="The channel.")],
        days: Annotated[str, typer.Option(help="tue,thu or daily, weekdays, weekends.")],
        time: Annotated[str, typer.Option(help="The wall time there, as 08:30.")],
        zone: Annotated[str | None, typer.Option(help="An IANA zone; the workspace's without it.")] = None,
        name: Annotated[str, typer.Option(help="What you call it.")] = "",
        starts: Annotated[
            str | None, typer.Option("--from", help="The first day, 2026-11-24; today without it.")
        ] = None,
        until: Annotated[str | None, typer.Option(help="The last day; without it, until you end it.")] = None,
    ) -> None:
        """Add a recurring slot. It keeps its wall time when the clocks change, and says what they did."""
        from app.founding import zone as checked_zone
        from core.channels import channel as channel_of
        from core.ids import new_id
        from core.series import Series, read_date, read_days, read_time
        from core.wall_time import to_wall

        studio = door.studio
        where, now = checked_zone(zone or studio.workspace.timezone), studio.clock()
        made = Series(
            id=new_id("s"),
            workspace=studio.workspace.id,
            channel=channel_of(channel).name,
            name=name,
            weekdays=read_days(days),
            wall_time=read_time(time),
            zone=where,
            starts_on=read_date(starts) if starts else to_wall(now, where).date().isoformat(),
            ends_on=read_date(until) if until else None,
            created_at=now,
        )
        studio.memory.series.add(made)
        free = [each for each in studio.memory.series.open(made.workspace, after=now) if each.series_id == made.id]
        body = {"series": made.model_dump(mode="json"), "open": [each.model_dump(mode="json") for each in free]}
        door.answer(body, lambda console: _show(console, [made], free))


def _skip(slots: typer.Typer) -> None:
    @command(slots, "skip", example="greenroom slots skip s_0123456789ab 2026-12-24")
    def skip(
        door: Door,
        series_id: Annotated[str, typer.Argument(help="The slot's id: `greenroom slots list` shows it.")],
        day: Annotated[str, typer.Argument(help="The day to leave out, as 2026-12-24.")],
    ) -> None:
        """Leave one day of a recurring slot out."""
        from core.series import read_date

        studio = door.studio
        left_out = studio.memory.series.skip(studio.workspace.id, series_id, read_date(day))
        door.answer(
            {"occurrence": left_out.model_dump(mode="json")},
            lambda console: console.print(f"{left_out.wall_date} is left out.", markup=False),
        )


def _end(slots: typer.Typer) -> None:
    @command(slots, "end", example="greenroom slots end s_0123456789ab")
    def end(door: Door, series_id: Annotated[str, typer.Argument(help="The slot's id.")]) -> None:
        """End a recurring slot. What was approved for its times keeps them."""
        studio = door.studio
        ended = studio.memory.series.end(studio.workspace.id, series_id)
        door.answer(
            {"series": ended.model_dump(mode="json")},
            lambda console: console.print(f"Ended: {ended.words}.", markup=False),
        )


def _show(console: Any, series: list[Any], free: list[Any]) -> None:
    if not series:
        console.print("No recurring slots. Add one: greenroom slots add --channel bluesky --days tue --time 08:30")
    for each in series:
        console.print(f"◷ {each.id}  {each.channel}  {each.words}  {each.name}", markup=False)
        mine = [one for one in free if one.series_id == each.id][:3]
        for one in mine:
            console.print(f"    free {one.wall_date} {one.wall_time}  {one.note}", markup=False)
