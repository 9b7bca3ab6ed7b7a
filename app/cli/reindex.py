"""The search index: made anew from the database, or moved to another embedding model."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command

if TYPE_CHECKING:
    from memory.moving import Move

Model = Annotated[
    str | None,
    typer.Option(
        help="Move to this embedding model: minilm, openai:NAME at an OpenAI-compatible endpoint, or any "
        "sentence-transformers model."
    ),
]


def register(app: typer.Typer) -> None:
    """Add `reindex`."""

    @command(app, "reindex", example="greenroom reindex    greenroom reindex --model openai:nomic-embed-text")
    def reindex(
        door: Door,
        model: Model = None,
        back: Annotated[bool, typer.Option("--back", help="Move back to the model before the last move.")] = False,
        drop_old: Annotated[bool, typer.Option("--drop-old", help="Remove the old model's vectors.")] = False,
    ) -> None:
        """Make the search index anew from the database: nothing is lost if it was deleted.

        With --model, every text is embedded beside the old vectors first, both are compared on the titles of your own
        works, and only then one switch is made. Cut off, it goes on where it was.
        """
        from core.errors import WrongUse

        if back and model:
            raise WrongUse("--back names the model itself.", "Use either --back or --model.")
        door.studio.memory.forgetting.finish()
        if back or model:
            _move(door, None if back else model, drop_old)
        elif drop_old:
            raise WrongUse("Without --model there is no old model.", "greenroom reindex --model M --drop-old")
        else:
            _rebuild(door)


def _rebuild(door: Door) -> None:
    import time

    started = time.monotonic()
    count = door.studio.memory.index.rebuild(door.studio.workspace.id)
    body = {"passages": count, "seconds": round(time.monotonic() - started, 3)}
    door.answer(body, lambda console: console.print(f"{count} passages indexed."))


def _move(door: Door, model: str | None, drop_old: bool) -> None:
    import time

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from app.cli.terminal import Terminal

    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Terminal(stderr=True), transient=True, disable=door.json) as bar:
        task = bar.add_task("asking the model", total=None)
        moved = door.studio.memory.move_to(
            model,
            lambda what, done, total: bar.update(task, description=what, completed=done, total=total),
            drop_old=drop_old,
        )
    body = {**moved.model_dump(mode="json"), "seconds": round(time.monotonic() - started, 3)}
    door.answer(body, lambda console: _show(console, moved))


def _show(console: Any, moved: "Move") -> None:
    if not moved.switched:
        console.print(f"{moved.model} is in use already; its index was made anew.", markup=False)
        return
    found = moved.comparison
    console.print(
        f"{moved.embedded} texts embedded; searches go by {moved.model} now, not by {moved.before}.", markup=False
    )
    if found.questions:
        console.print(
            f"Asked for {found.questions} titles of your own, both found {found.overlap:.0%} of the same 25 works; "
            f"the best one is the same for {found.same_first:.0%}."
        )
    console.print("Back again, without embedding anything:  greenroom reindex --back" if not moved.dropped else
                  f"{moved.dropped} vectors of {moved.before} removed.", markup=False)  # fmt: skip
