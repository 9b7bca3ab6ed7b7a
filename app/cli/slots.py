"""Recurring slots: when a channel's posts usually go out."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from datetime import datetime

    from core.series import Series

SeriesId = Annotated[str, typer.Argument(help="The slot's id: `greenroom slots list` shows it.")]


def register(app: typer.Typer) -> None:
    """Add the `slots` group."""
    slots = typer.Typer(help="Recurring slots: times that drafts are proposed for. Nothing is ever booked by itself.")
    for part in (_list, _add, _queue, _reorder, _skip, _pause, _resume, _end):
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
        door.answer(body, lambda console: _show(console, series, free, studio.clock()))


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
        door.answer(body, lambda console: _show(console, [made], free, now))


def _skip(slots: typer.Typer) -> None:
    @command(slots, "skip", example="greenroom slots skip s_0123456789ab 2026-12-24")
    def skip(
        door: Door,
        series_id: SeriesId,
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


def _pause(slots: typer.Typer) -> None:
    @command(slots, "pause", example="greenroom slots pause s_0123456789ab --until 2027-01-03")
    def pause(
        door: Door,
        series_id: SeriesId,
        until: Annotated[
            str | None, typer.Option(help="The last day without it; without it, until you resume.")
        ] = None,
    ) -> None:
        """Let a recurring slot rest. What is planned for one of its times keeps it."""
        from core.series import read_date

        studio = door.studio
        resting = studio.memory.series.pause(studio.workspace.id, series_id, read_date(until) if until else None)
        _answer(door, resting, f"Paused{f' up to and including {until}' if until else ''}: {resting.words}.")


def _resume(slots: typer.Typer) -> None:
    @command(slots, "resume", example="greenroom slots resume s_0123456789ab")
    def resume(door: Door, series_id: SeriesId) -> None:
        """Let a paused slot come round again. Times that it missed are not made up for."""
        studio = door.studio
        running = studio.memory.series.resume(studio.workspace.id, series_id)
        _answer(door, running, f"It comes round again: {running.words}.")


def _queue(slots: typer.Typer) -> None:
    @command(slots, "queue", example="greenroom slots queue --channel bluesky")
    def queue(
        door: Door, channel: Annotated[str | None, typer.Option(help="The channel; all without it.")] = None
    ) -> None:
        """Show the times to come of the recurring slots, with what is planned or proposed for each."""
        from app.queueing import queue

        places = queue(door.studio, channel)

        def show(console: Any) -> None:
            for place in places:
                planned = ", ".join(f"{each.id} ({each.state})" for each in place.proposals) or "free"
                slot = place.slot
                console.print(
                    f"{slot.wall_date} {slot.wall_time}  {slot.channel}  {planned}  {slot.note}", markup=False
                )
            if not places:
                console.print(
                    "No slot comes up. Add one: greenroom slots add --channel bluesky --days tue --time 08:30"
                )

        door.answer({"queue": [place.as_json() for place in places]}, show)


def _reorder(slots: typer.Typer) -> None:
    @command(slots, "reorder", example="greenroom slots reorder p_0123456789ab p_ba9876543210")
    def reorder(
        door: Door,
        proposal_ids: Annotated[list[str], typer.Argument(help="Waiting proposals of one channel, the soonest first.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Share the times of waiting proposals out anew. What moves is a new version; what is approved never moves."""
        from app.queueing import reorder

        moved = reorder(door.studio, proposal_ids, by=as_, secret=speaking(door, as_, secret_file))

        def show(console: Any) -> None:
            from core.whens import in_words

            for each in moved:
                at = each.at or each.suggested_at
                said = in_words(at, door.studio.workspace.timezone) if at else ""
                console.print(f"{each.id}  {said}{'' if each.at else ' (proposed)'}", markup=False)

        door.answer({"proposals": [each.as_json() for each in moved]}, show)


def _end(slots: typer.Typer) -> None:
    @command(slots, "end", example="greenroom slots end s_0123456789ab")
    def end(door: Door, series_id: SeriesId) -> None:
        """End a recurring slot. What was approved for its times keeps them."""
        studio = door.studio
        ended = studio.memory.series.end(studio.workspace.id, series_id)
        _answer(door, ended, f"Ended: {ended.words}.")


def _answer(door: Door, series: "Series", words: str) -> None:
    body = {"series": series.model_dump(mode="json") | {"words": series.words}}
    door.answer(body, lambda console: console.print(words, markup=False))


def _show(console: Any, series: list[Any], free: list[Any], now: "datetime") -> None:
    from core.wall_time import to_wall

    if not series:
        console.print("No recurring slots. Add one: greenroom slots add --channel bluesky --days tue --time 08:30")
    for each in series:
        until = f" up to and including {each.paused_until}" if each.paused_until else ""
        paused = f"  paused{until}" if each.pauses_on(to_wall(now, each.zone).date().isoformat()) else ""
        console.print(f"◷ {each.id}  {each.channel}  {each.words}  {each.name}{paused}", markup=False)
        mine = [one for one in free if one.series_id == each.id][:3]
        for one in mine:
            console.print(f"    free {one.wall_date} {one.wall_time}  {one.note}", markup=False)
