"""Make a workspace, or the sample one."""

from typing import Annotated

import typer

from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add `init` and `sample`."""

    @command(app, "init", example="greenroom init --name 'Tidewater Letters' --timezone Europe/Oslo")
    def init(
        door: Door,
        name: Annotated[str, typer.Option(help="What it is called; also what audiences see by default.")] = "My studio",
        timezone: Annotated[str | None, typer.Option(help="An IANA zone; without it, this machine's.")] = None,
        locale: Annotated[str, typer.Option(help="The language drafts are written in.")] = "en",
    ) -> None:
        """Make a workspace and choose it. An existing one is chosen and stays as it is."""
        from app.founding import found

        space = found(door.settings, name=name, timezone=timezone, locale=locale, id_=door.settings.workspace)
        body = {"workspace": space.id, "home": str(door.settings.home), "name": space.name, "timezone": space.timezone}
        door.answer(
            body,
            lambda console: console.print(
                f"Workspace [bold]{space.name}[/] ({space.id}) in {door.settings.home}\n"
                "Next, bring in your past work:  greenroom import FOLDER"
            ),
        )

    @command(app, "sample", example="greenroom sample")
    def sample(door: Door) -> None:
        """Make the sample workspace: a fictional creator's two years of work, to try things on."""
        from app.cli.material import importing
        from app.founding import found_sample

        space, folder = found_sample(door.settings)
        report = importing(door, [folder], workspace=space.id)
        body = {"workspace": space.id, "home": str(door.settings.home), "works": report.works}
        door.answer(
            body, lambda console: console.print(f"Sample workspace [bold]{space.name}[/]: {report.works} past works.")
        )
