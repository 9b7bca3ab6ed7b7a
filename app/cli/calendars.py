"""The calendar: shown, written as iCalendar, and subscribed to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from memory.feeds import Feed

_EXAMPLE = "greenroom calendar    greenroom calendar export plan.ics    greenroom calendar feed add --with-text"
_USE = "Use: calendar, calendar export FILE, calendar feed list, calendar feed add, calendar feed revoke ID"


def register(app: typer.Typer) -> None:
    """Add `calendar`."""

    @command(app, "calendar", example=_EXAMPLE)
    def calendar(
        door: Door,
        words: Annotated[
            list[str] | None,
            typer.Argument(help="Nothing, or: export FILE (- is stdout); feed list; feed add; feed revoke ID."),
        ] = None,
        member: Annotated[str | None, typer.Option("--for", help="feed add: another member, by an owner.")] = None,
        with_text: Annotated[
            bool, typer.Option("--with-text", help="feed add: the drafts' words too; else channel, time and state.")
        ] = False,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Show what is planned: approved with a time, and the times proposed for what still waits.

        `export` writes it as iCalendar; `feed add` makes a secret address that a calendar program subscribes to.
        """
        from core.errors import WrongUse

        match words or []:
            case []:
                return _show(door)
            case ["export", file]:
                return _export(door, file)
            case ["feed"] | ["feed", "list"]:
                return _feeds(door)
            case ["feed", "add"]:
                return _subscribe(door, member, with_text, as_, speaking(door, as_, secret_file))
            case ["feed", "revoke", feed_id]:
                return _revoke(door, feed_id, as_, speaking(door, as_, secret_file))
        raise WrongUse(f"greenroom calendar {' '.join(words or ())} is not understood.", _USE)


def _show(door: Door) -> None:
    states = ("waiting", "held", "approved", "scheduled")
    rows = [p for p in door.studio.proposals(states=states) if p.at or p.suggested_at]
    rows.sort(key=lambda p: (p.at or p.suggested_at or p.created_at, p.channel))

    def show(console: Any) -> None:
        from zoneinfo import ZoneInfo

        from app.cli.cards import mark

        zone = ZoneInfo(door.studio.workspace.timezone)
        for p in rows:
            at = (p.at or p.suggested_at or p.created_at).astimezone(zone)
            proposed = "  proposed" if p.at is None else ""
            embargo = f"  not before {p.not_before.astimezone(zone):%a %d %b %Y %H:%M}" if p.not_before else ""
            when = f"{at:%a %d %b %Y %H:%M}"
            console.print(f"{when}  {mark(p.state)}  {p.channel} {p.locale}  {p.id}{proposed}{embargo}")
        if not rows:
            console.print("Nothing is planned.")

    door.answer({"proposals": [p.as_json() for p in rows]}, show)


def _export(door: Door, file: str) -> None:
    import sys

    from app.calendar_files import to_ical
    from app.planning import planned
    from core.errors import WrongUse

    studio = door.studio
    entries = planned(studio.memory, studio.workspace.id, studio.clock())
    body = to_ical(entries, studio.workspace.name, with_text=True, with_private=True)
    if file == "-":
        if door.json:
            raise WrongUse("stdout can't carry both a calendar and JSON.", "Name a file.")
        sys.stdout.buffer.write(body)
        return
    path = Path(file).expanduser()
    path.write_bytes(body)
    told = {"file": str(path), "events": len(entries)}
    door.answer(told, lambda console: console.print(f"{len(entries)} events are in {path}.", markup=False))


def _feeds(door: Door) -> None:
    rows = door.studio.memory.feeds.list(door.studio.workspace.id)

    def show(console: Any) -> None:
        for each in rows:
            what = "with the drafts' words" if each.with_text else "channel, time and state"
            console.print(f"{each.id}  {each.member}: {what}, since {each.made_at:%Y-%m-%d}", markup=False)
        if not rows:
            console.print("Nobody subscribes to the calendar. Subscribe with: greenroom calendar feed add")

    door.answer({"feeds": [_told(each) for each in rows]}, show)


def _subscribe(door: Door, member: str | None, with_text: bool, as_: str | None, secret: str | None) -> None:
    from app.calendar_feed import address

    studio = door.studio
    who, proof = studio.speaker(as_, secret)
    made, token = studio.memory.feeds.make(
        studio.workspace.id, by=who, member=member, with_text=with_text, secret=proof
    )
    where = address(studio.settings.host, studio.settings.port, token)

    def show(console: Any) -> None:
        console.print("Subscribe to this address while `greenroom serve` runs. It is shown this once:")
        console.print(f"  {where}", soft_wrap=True, markup=False)
        console.print(f"Whoever has it can read the plan. End it with: greenroom calendar feed revoke {made.id}")

    door.answer({"feed": _told(made), "address": where, "token": token}, show)


def _revoke(door: Door, feed_id: str, as_: str | None, secret: str | None) -> None:
    studio = door.studio
    who, proof = studio.speaker(as_, secret)
    gone = studio.memory.feeds.revoke(studio.workspace.id, feed_id, by=who, secret=proof)
    said = f"The subscription {feed_id} of {gone.member} is ended: its address answers nothing any more."
    door.answer({"feed": _told(gone)}, lambda console: console.print(said, markup=False))


def _told(feed: "Feed") -> dict[str, Any]:
    kept: dict[str, Any] = feed.model_dump(mode="json", exclude={"workspace"})
    return kept
