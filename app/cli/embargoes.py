"""Embargoes: how long a past work, and everything that leans on it, is kept back."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from core.proposals import Proposal

Work = Annotated[str, typer.Argument(help="The work's id: `greenroom works` lists them.")]


def register(app: typer.Typer) -> None:
    """Add the `embargo` group."""
    group = typer.Typer(help="Keep a past work back: nothing that leans on it leaves sooner.", no_args_is_help=True)
    for part in (_set, _list, _lift):
        part(group)
    app.add_typer(group, name="embargo")


def _set(group: typer.Typer) -> None:
    @command(group, "set", example="greenroom embargo set w_0123456789ab '1 December 9:00' --note 'the publisher'")
    def set_(
        door: Door,
        work_id: Work,
        until: Annotated[str, typer.Argument(help="Until when, in words or as 2026-12-01 09:00.")],
        note: Annotated[str, typer.Option(help="Why, or on whose word.")] = "",
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Keep a work back until then. What was approved and could leave sooner is out of date from now on."""
        from app.cli.briefs import when
        from app.embargoing import keep_back

        at: datetime = when(door, until)
        secret = speaking(door, as_, secret_file)
        said, swept = keep_back(door.studio, work_id, at, note=note, by=as_, secret=secret)
        words = _words(door, said.not_before)

        def show(console: Any) -> None:
            console.print(f"{work_id} is kept back until {words}.", markup=False)
            for each in (*swept.voided, *swept.too_late):
                console.print(f"  {each.proposal}: {each.reason}", markup=False)
            if swept.voided:
                console.print("  A new version waits for its end: greenroom revise ID", markup=False)

        body = {"embargo": said.model_dump(mode="json") | {"words": words}, **swept.model_dump(mode="json")}
        door.answer(body, show)


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom embargo list")
    def list_(door: Door) -> None:
        """List the embargoes on works, and what waits for the end of one."""
        from app.embargoing import embargoes, kept_back

        rows, held = embargoes(door.studio), kept_back(door.studio)

        def show(console: Any) -> None:
            for row in rows:
                until = _words(door, datetime.fromisoformat(row["not_before"]))
                ended = "" if row["holds"] else " (ended)"
                console.print(f"{row['work_id']}  until {until}{ended}  {row['title']}  {row['note']}", markup=False)
            if not rows:
                console.print("No work is under an embargo.")
            _show_held(door, console, held)

        door.answer({"embargoes": rows, "kept_back": [each.as_json() for each in held]}, show)


def _lift(group: typer.Typer) -> None:
    @command(group, "lift", example="greenroom embargo lift w_0123456789ab")
    def lift_(door: Door, work_id: Work, as_: As = None, secret_file: SecretFile = None) -> None:
        """End a work's embargo now. What was frozen with it keeps it, until you make a new version of that."""
        from app.embargoing import lift

        held = lift(door.studio, work_id, by=as_, secret=speaking(door, as_, secret_file))

        def show(console: Any) -> None:
            console.print(f"The embargo on {work_id} is lifted.", markup=False)
            _show_held(door, console, held)

        door.answer({"lifted": work_id, "kept_back": [each.as_json() for each in held]}, show)


def _show_held(door: Door, console: Any, held: "list[Proposal]") -> None:
    for each in held:
        until = _words(door, each.not_before) if each.not_before else ""
        console.print(f"  {each.id} ({each.channel}, {each.state}) leaves no sooner than {until}", markup=False)
    if held:
        console.print("  Without it: greenroom revise ID, once its embargo is lifted", markup=False)


def _words(door: Door, at: datetime) -> str:
    from core.whens import in_words

    return in_words(at, door.studio.workspace.timezone)
