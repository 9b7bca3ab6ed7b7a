"""`forget`: works, a person, a source or a whole workspace, from everywhere; with a receipt that can be checked."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, at_a_terminal, speaking

if TYPE_CHECKING:
    from memory.forgetting import Foreseen, Signed, Wish

_EXAMPLE = "greenroom forget w_0123456789ab    greenroom forget --person 'Marit Vik' --dry-run"


def register(app: typer.Typer) -> None:
    """Add `forget`."""

    @command(app, "forget", example=_EXAMPLE)
    def forget(
        door: Door,
        words: Annotated[list[str] | None, typer.Argument(help="Works' ids. Or: verify FILE, a receipt.")] = None,
        person: Annotated[
            str | None, typer.Option(help="A name or address: their works, their turns in interviews, their rows.")
        ] = None,
        source: Annotated[
            str | None, typer.Option(help="All that came from a path, an address, or what those begin with.")
        ] = None,
        mentions: Annotated[
            bool, typer.Option("--mentions", help="With --person: also their name in the works of others.")
        ] = False,
        also_decided: Annotated[
            bool,
            typer.Option("--also-decided", help="Also the words of what was proposed, decided or published here."),
        ] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
        receipt: Annotated[Path | None, typer.Option(help="Write the signed receipt into this file.")] = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Remove for good: text, passages, vectors, quotes, conversations. Only `--workspace NAME`: all of it.

        Nothing brings it back but a backup. An owner does it; the receipt holds ids and counts, and is signed.
        """
        from app.forgetting import wish_for

        words = words or []
        if len(words) == 2 and words[0] == "verify":
            return _verify(door, Path(words[1]))
        named = (words, person, source)
        whole = door.named if not any(named) else None
        wish = wish_for(
            door.studio, words, person=person, source=source, whole=whole, mentions=mentions, also_decided=also_decided
        )
        if dry_run:
            return _foresee(door, wish)
        if not yes:
            _ask(door, wish)
        return _forget(door, wish, as_, speaking(door, as_, secret_file), receipt)


def _forget(door: Door, wish: "Wish", as_: str | None, secret: str | None, file: Path | None) -> None:
    from app.forgetting import forget, write_receipt

    signed = forget(door.studio, wish, by=as_, secret=secret)
    if file is not None:
        write_receipt(file.expanduser(), signed)
    door.answer(signed, lambda console: _show(console, signed))


def _foresee(door: Door, wish: "Wish") -> None:
    from app.forgetting import foresee

    found = foresee(door.studio, wish)
    names = ("removed", "blanked", "kept", "stale", "mentions", "withheld", "notes")
    body = {name: found.receipt[name] for name in names}
    body |= {"works": _titled(found.works), "rewritten": _titled(found.rewritten)}
    door.answer({"dry_run": True, "kind": wish.kind, **body}, lambda console: _show_foreseen(console, found))


def _titled(works: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"id": work_id, "title": title} for work_id, title in works]


def _ask(door: Door, wish: "Wish") -> None:
    """Ask whoever sits here. Works that are named by their ids need no asking where nobody can be asked."""
    from core.errors import WrongUse

    if door.json or not at_a_terminal():
        if wish.kind == "work":
            return
        raise WrongUse(
            "Nothing was changed: this takes more with it than its words say.",
            "Look with --dry-run, then say --yes.",
        )
    from app.forgetting import foresee

    _show_foreseen(door.console, foresee(door.studio, wish))
    if wish.kind == "workspace":
        if typer.prompt(f"Type {wish.workspace} to forget all of it", err=True) != wish.workspace:
            raise WrongUse("That is not its name. Nothing was changed.")
    else:
        typer.confirm("Forget this? Nothing brings it back but a backup.", abort=True, err=True)


def _show_foreseen(console: Any, found: "Foreseen") -> None:
    for work_id, title in found.works[:20]:
        console.print(f"✖ {work_id}  {title}", markup=False)
    if len(found.works) > 20:
        console.print(f"  and {len(found.works) - 20} more works")
    for work_id, title in found.rewritten[:20]:
        console.print(f"~ {work_id}  {title}: without them", markup=False)
    if not any(count for what in ("removed", "blanked", "kept") for count in found.receipt[what].values()):
        console.print("Nothing of it was found here.")
    _show_counts(console, found.receipt)


def _show(console: Any, signed: "Signed") -> None:
    receipt = signed["receipt"]
    console.print(f"Forgotten. Receipt {receipt['id']}, signed with the key {signed['public_key'][:16]}…", markup=False)
    _show_counts(console, receipt)
    console.print(f"· index: {receipt['index']}", markup=False, soft_wrap=True)
    if receipt["pending"]:
        console.print(f"△ still to do: {', '.join(receipt['pending'])}; see: greenroom doctor", markup=False)


def _show_counts(console: Any, receipt: dict[str, Any]) -> None:
    for what in ("removed", "blanked", "kept"):
        counts = {name: count for name, count in receipt[what].items() if count}
        if counts:
            told = ", ".join(f"{count} {name}" for name, count in counts.items())
            console.print(f"· {what}: {told}", markup=False, soft_wrap=True)
    for note in receipt["notes"]:
        console.print(f"note: {note}", markup=False, soft_wrap=True)


def _verify(door: Door, file: Path) -> None:
    from app.forgetting import check

    checked = check(door.studio, file.expanduser())

    def show(console: Any) -> None:
        console.print(f"{'✔' if checked.ok else '✖'} receipt {checked.id}", markup=False)
        console.print(f"  made by this home: {checked.ours}; told by its ledger: {checked.in_ledger}", markup=False)

    door.answer(checked.model_dump(), show)
    if not checked.ok:
        raise typer.Exit(1)
