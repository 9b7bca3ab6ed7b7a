"""What was said: in the chat, and with decisions."""

from typing import Annotated, Any

import typer

from app.cli.days import moment
from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add `said`."""

    @command(app, "said", example="greenroom said 'why did I reject the post about rain' --k 3")
    def said(
        door: Door,
        query: Annotated[str, typer.Argument(help="What it was about.")],
        k: Annotated[int, typer.Option("--k", min=1, max=200, help="How many turns.")] = 5,
        before: Annotated[str | None, typer.Option(help="Only what was said earlier (2024-05-01).")] = None,
        kind: Annotated[list[str] | None, typer.Option(help="Only chat, decision or feedback; repeat it.")] = None,
    ) -> None:
        """Find what was said and decided, and why, with what was said around it."""
        import time

        started = time.monotonic()
        studio = door.studio
        found = studio.memory.dialogue.recall(
            studio.workspace.id, query, k=k, before=moment(before), kinds=_kinds(kind or [])
        )
        body = {"results": [each.model_dump(mode="json") for each in found]}

        def show(console: Any) -> None:
            if not found:
                console.print("Nothing was said or decided yet that could be found.")
            for each in found:
                turn = each.turn
                console.print(
                    f"\n{each.score:6.2f}  {turn.said_at:%Y-%m-%d}  {turn.speaker} ({turn.kind})", markup=False
                )
                console.print("        " + " ".join(turn.text.split())[:400], markup=False)

        door.answer({**body, "seconds": round(time.monotonic() - started, 3)}, show)


def _kinds(names: list[str]) -> Any:
    from typing import get_args

    from core.dialogue import Kind
    from core.errors import WrongUse

    for name in names:
        if name not in get_args(Kind):
            raise WrongUse(f"Nothing said is of the kind {name!r}.", f"Use: {', '.join(get_args(Kind))}.")
    return names
