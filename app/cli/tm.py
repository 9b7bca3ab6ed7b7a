"""The translation memory: what was approved before."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking

To = Annotated[str | None, typer.Option("--to", help="Only into this locale or language.")]
From = Annotated[str | None, typer.Option("--from", help="Only from this locale; else the workspace's.")]


def register(app: typer.Typer) -> None:
    """Add `tm`."""
    group = typer.Typer(help="Approved earlier segments, found again when they are said again.", no_args_is_help=True)
    for add in (_list, _search, _import, _export, _remove):
        add(group)
    app.add_typer(group, name="tm")


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom tm list --to es")
    def list_(door: Door, to: To = None, limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50) -> None:
        """Count the pairs, and show the latest with who approved them, when, in which proposal."""
        from app.translations import listed

        counts, rows = listed(door.studio, to, limit)
        body = {
            "pairs": [{"source_locale": s, "target_locale": t, "count": n} for s, t, n in counts],
            "translations": [row.model_dump(mode="json", exclude={"workspace", "length"}) for row in rows],
        }

        def show(console: Any) -> None:
            for source, target, count in counts:
                console.print(f"{source} → {target}: {count}")
            for row in rows:
                where = row.file or row.proposal_id or ""
                console.print(f"\n{row.source}\n  {row.target}", markup=False)
                console.print(f"  {row.id}  {row.by}, {row.at:%Y-%m-%d} {where}", markup=False, style="bright_black")
            if not counts:
                console.print("Nothing was approved yet.")

        door.answer(body, show)


def _search(group: typer.Typer) -> None:
    @command(group, "search", example="greenroom tm search 'The lid does not close.' --to es")
    def search(
        door: Door,
        text: Annotated[str, typer.Argument(help="A sentence, as it stands in the source.")],
        to: Annotated[str, typer.Option("--to", help="Into which locale.")],
        from_: From = None,
        limit: Annotated[int, typer.Option(min=1, max=50, help="How many.")] = 5,
    ) -> None:
        """Find what was approved before that is like a sentence; 100 is the very same."""
        from app.translations import search as found_in

        source = from_ or door.studio.workspace.locale
        found = found_in(door.studio, text, source=source, target=to, most=limit)

        def show(console: Any) -> None:
            for each in found:
                where = each.file or each.proposal_id or ""
                console.print(f"{each.percent:>3} %  {each.source}\n       {each.target}", markup=False)
                console.print(f"       {each.by}, {each.at:%Y-%m-%d} {where}", markup=False, style="bright_black")
            if not found:
                console.print("Nothing like it was approved before.")

        door.answer({"matches": [each.model_dump(mode="json") for each in found]}, show)


def _import(group: typer.Typer) -> None:
    @command(group, "import", example="greenroom tm import memory.tmx")
    def import_(
        door: Door,
        file: Annotated[str, typer.Argument(help="A TMX file.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Bring in a TMX as approved by whom it says. What can't be used is named; the same again changes nothing."""
        from app.translations import import_tmx

        taken = import_tmx(door.studio, file, by=as_, secret=speaking(door, as_, secret_file))

        def show(console: Any) -> None:
            console.print(f"{taken.added} new, {taken.unchanged} as before, {len(taken.bad)} not used.")
            for line, reason in taken.bad:
                console.print(f"  line {line}: {reason}", markup=False)

        door.answer(taken.as_json(), show)


def _export(group: typer.Typer) -> None:
    @command(group, "export", example="greenroom tm export memory.tmx --to es")
    def export(
        door: Door,
        file: Annotated[str, typer.Argument(help="A new .tmx; it is not written over.")],
        to: To = None,
        from_: From = None,
    ) -> None:
        """Write the pairs as TMX 1.4b, with who approved them."""
        from app.translations import export_tmx

        count = export_tmx(door.studio, file, source=from_, target=to)
        body = {"file": file, "pairs": count}
        door.answer(body, lambda console: console.print(f"{count} pairs are in {file}", markup=False))


def _remove(group: typer.Typer) -> None:
    @command(group, "remove", example="greenroom tm remove tm_0123456789ab")
    def remove(
        door: Door,
        translation_id: Annotated[str, typer.Argument(help="The pair, by its id.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Take a pair out of the memory. What was approved stays approved."""
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        memory = door.studio.memory.translations
        row = memory.remove(door.studio.workspace.id, translation_id, by=who, secret=proof)
        body = {"removed": row.model_dump(mode="json", exclude={"workspace", "length"})}
        door.answer(body, lambda console: console.print(f"Removed: {row.source} → {row.target}", markup=False))
