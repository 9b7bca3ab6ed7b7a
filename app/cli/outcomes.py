"""How pieces did: figures taken in from sheets or one by one, corrected without being overwritten."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.days import moment
from app.cli.door import Door, command
from app.cli.given_text import read_text
from app.cli.secrets_given import As, SecretFile, speaking

Piece = Annotated[str, typer.Argument(help="A work's or publication's id, its address, or what it was imported from.")]


def register(app: typer.Typer) -> None:
    """Add `outcomes`."""
    group = typer.Typer(help="How pieces did, as it was measured over time.", no_args_is_help=True)
    _import(group)
    _add(group)
    _show(group)
    app.add_typer(group, name="outcomes")


def _import(group: typer.Typer) -> None:
    @command(group, "import", example="greenroom outcomes import stats.csv")
    def import_(
        door: Door,
        file: Annotated[
            str, typer.Argument(help="A CSV: piece, metric, value, measured_at, source; or a column for each metric.")
        ],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Take figures in, all or none. The same ones again change nothing; a corrected one supersedes the old."""
        from app.measuring import figures

        studio = door.studio
        found = figures(studio.memory, studio.workspace.id, read_text(file), Path(file).name, studio.clock())
        who, proof = studio.speaker(as_, speaking(door, as_, secret_file))
        taken = studio.memory.outcomes.take(studio.workspace.id, found, by=who, secret=proof)
        counts = f"{taken.added} new figures, {taken.corrected} corrected, {taken.unchanged} as before."
        door.answer(taken.model_dump(), lambda console: console.print(counts))


def _add(group: typer.Typer) -> None:
    @command(group, "add", example="greenroom outcomes add w_0123456789ab likes 212 --source mastodon")
    def add(
        door: Door,
        piece: Piece,
        metric: Annotated[str, typer.Argument(help="What was counted: likes, opens, replies …")],
        value: Annotated[float, typer.Argument(help="How many.")],
        at: Annotated[str, typer.Option(help="When it was measured (2024-05-01); else now.")] = "",
        source: Annotated[str, typer.Option(help="Who counted.")] = "",
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Record one figure."""
        from app.measuring import one

        studio = door.studio
        given = {"metric": metric.strip().lower(), "value": value, "source": source.strip()}
        measured = one(studio.memory, studio.workspace.id, piece, given, at, studio.clock())
        who, proof = studio.speaker(as_, speaking(door, as_, secret_file))
        taken = studio.memory.outcomes.take(studio.workspace.id, [measured], by=who, secret=proof)
        body = {**measured.model_dump(mode="json"), **taken.model_dump()}
        door.answer(body, lambda console: console.print(f"{value:g} {metric}", markup=False))


def _show(group: typer.Typer) -> None:
    @command(group, "show", example="greenroom outcomes show w_0123456789ab --known 2024-05-01")
    def show_(
        door: Door,
        piece: Piece,
        until: Annotated[str | None, typer.Option(help="Only what was measured up to then.")] = None,
        known: Annotated[str | None, typer.Option(help="By what was known then.")] = None,
    ) -> None:
        """Say how a piece did, figure by figure."""
        from app.measuring import pieces
        from core.errors import NotFound
        from core.outcomes import in_words

        memory, space = door.studio.memory, door.studio.workspace.id
        subject = next(iter((pieces(memory, space).find(piece) or {}).values()), None)
        if subject is None:
            raise NotFound(f"{piece!r} is no work or publication of this workspace.", "`greenroom works` lists them.")
        figures = memory.outcomes.of(space, [subject], until=moment(until), known=moment(known))[subject]

        def show(console: Any) -> None:
            console.print(in_words(figures) or "Nothing is known of how it did.", markup=False)
            for each in figures:
                source = f" ({each.source})" if each.source else ""
                console.print(f"{each.measured_at:%Y-%m-%d}  {each.value:g} {each.metric}{source}", markup=False)

        told = [each.model_dump(mode="json", exclude={"workspace"}) for each in figures]
        door.answer({"piece": subject, "did": in_words(figures), "outcomes": told}, show)
