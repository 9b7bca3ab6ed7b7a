"""Consent: revoke it for a past work, a person or a picture, and nothing unsent with it leaves any more."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from memory.consents import Consent

Subject = Annotated[str, typer.Argument(help="work:ID, person:NAME or file:SHA256.")]
Note = Annotated[str, typer.Option(help="Why, or on whose word.")]


def register(app: typer.Typer) -> None:
    """Add `consent`."""
    group = typer.Typer(help="What may be used: past works, people's names, pictures.", no_args_is_help=True)
    _revoke(group)
    _grant(group)
    _list(group)
    app.add_typer(group, name="consent")


def _revoke(group: typer.Typer) -> None:
    @command(group, "revoke", example="greenroom consent revoke 'person:Marit Vik' --note 'her mail of 3 March'")
    def revoke(door: Door, subject: Subject, note: Note = "", as_: As = None, secret_file: SecretFile = None) -> None:
        """Revoke consent: everything unsent that cites, shows or names it is out of date from now on."""
        from app.consenting import revoke

        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        said, swept = revoke(door.studio.memory, door.studio.workspace.id, subject, by=who, note=note, secret=proof)

        def show(console: Any) -> None:
            console.print(f"Revoked: {said.subject}. {len(swept.voided)} unsent posts are out of date.", markup=False)
            for each in (*swept.voided, *swept.too_late):
                console.print(f"  {each.proposal}: {each.reason}", markup=False)

        door.answer({"consent": _shown(said), **swept.model_dump(mode="json")}, show)


def _grant(group: typer.Typer) -> None:
    @command(group, "grant", example="greenroom consent grant 'person:Marit Vik'")
    def grant(door: Door, subject: Subject, note: Note = "", as_: As = None, secret_file: SecretFile = None) -> None:
        """Grant it (again). What went out of date stays so: make a new version, and approve that."""
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        said = door.studio.memory.consents.say(
            door.studio.workspace.id, subject, granted=True, by=who, note=note, secret=proof
        )
        door.answer({"consent": _shown(said)}, lambda console: console.print(f"Granted: {said.subject}", markup=False))


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom consent list")
    def list_(door: Door) -> None:
        """List the latest word on everything that consent was revoked or granted for."""
        words = door.studio.memory.consents.list(door.studio.workspace.id)

        def show(console: Any) -> None:
            for said in words:
                what = "granted" if said.granted else "revoked"
                console.print(f"{said.subject}: {what} by {said.by}, {said.at:%Y-%m-%d} {said.note}", markup=False)
            if not words:
                console.print("Nothing was revoked.")

        door.answer({"consents": [_shown(said) for said in words]}, show)


def _shown(said: "Consent") -> dict[str, Any]:
    return said.model_dump(mode="json", exclude={"workspace"})
