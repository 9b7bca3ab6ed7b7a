"""The model endpoints: what is set up, and whether one answers."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add `models`."""
    group = typer.Typer(help="The language models that are set up, and where calls go.", no_args_is_help=True)
    _list(group)
    _test(group)
    app.add_typer(group, name="models")


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom models list")
    def list_(door: Door) -> None:
        """List the endpoints, what each may be shown and costs, and how calls are routed."""
        from app.modelling import endpoints_told

        body = endpoints_told(door.studio)

        def show(console: Any) -> None:
            for each in body["models"]:
                where = each["base_url"] or "OpenAI"
                price = (
                    f"{each['price_in']:g} / {each['price_out']:g} {body['currency']} a million tokens"
                    if each["price_in"] is not None and each["price_out"] is not None
                    else "no price"
                )
                console.print(f"{each['name']}: {each['model']} at {where}, {each['kind']}, {price}", markup=False)
            if not body["models"]:
                console.print("The rehearsal model: no language model is set up (docs/models.md).")

        door.answer(body, show)


def _test(group: typer.Typer) -> None:
    @command(group, "test", example="greenroom models test house")
    def test(door: Door, name: Annotated[str, typer.Argument(help="The endpoint's name.")]) -> None:
        """Ask one endpoint a few words, and say whether and how it answers structured questions."""
        from app.modelling import tried

        found = tried(door.studio, name)
        mark = "✔" if found["ok"] else "✖"
        said = f"answers by {found['form']} in {found['seconds']:.1f} s" if found["ok"] else str(found["error"])
        door.answer(found, lambda console: console.print(f"{mark} {name}: {said}", markup=False))
        if not found["ok"]:
            raise typer.Exit(1)
