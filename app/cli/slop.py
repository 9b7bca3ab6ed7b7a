"""What reads generic in a text, and what to do about it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.given_text import read_text

if TYPE_CHECKING:
    from memory.generic import GenericRisk


def register(app: typer.Typer) -> None:
    """Add `slop`."""

    @command(app, "slop", example="greenroom slop draft.md    pbpaste | greenroom slop -")
    def slop(
        door: Door,
        file: Annotated[str, typer.Argument(help="The file to look at; - is stdin.")],
        locale: Annotated[str | None, typer.Option(help="Its language; guessed without.")] = None,
    ) -> None:
        """Say how generic a text reads (0 to 100, against your own works), and where: each place can be mended."""
        text = read_text(file)
        found = door.studio.memory.generic.risk(door.studio.workspace.id, text, locale)
        door.answer(found.model_dump(mode="json"), lambda console: _show(console, found, text))


def _show(console: Any, found: "GenericRisk", text: str) -> None:
    from memory.generic.risk import why

    if found.score is None:
        console.print(f"Not measured: {found.reason}", markup=False)
    else:
        against = f"{found.relative_to} ({found.works})" if found.works else found.relative_to
        console.print(
            f"generic-writing risk {found.score:.0f} of 100 ({found.verdict}), against {against}", markup=False
        )
        if reasons := why(found):
            console.print(f"than usual: {reasons}", markup=False, style="bright_black")
    for place in found.findings:
        start = place.span[0] if place.span else 0
        line = text.count("\n", 0, start) + 1
        console.print(f"  line {line:<4} {place.message}", markup=False)
    if found.score is not None and not found.findings:
        console.print("No single place stands out.")
