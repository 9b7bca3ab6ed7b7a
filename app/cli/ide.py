"""The IDE's door: started by an IDE (stdio), or listening on this machine (HTTP)."""

from typing import Annotated

import typer

from app.cli.door import Door, command

PORT = 8001


def register(app: typer.Typer) -> None:
    """Add `mcp`."""

    @command(app, "mcp", example="greenroom mcp    greenroom mcp --http --port 8001")
    def mcp(
        door: Door,
        http: Annotated[
            bool, typer.Option("--http", help="Listen on this machine, for tokens (`greenroom tokens`).")
        ] = False,
        port: Annotated[int, typer.Option(help="The port, with --http.")] = PORT,
        decides: Annotated[
            str, typer.Option(help="never; asked: you may decide in a form that your IDE shows you (docs/ide.md).")
        ] = "never",
        private: Annotated[
            bool,
            typer.Option("--private", help="Your IDE may read what is marked private: no hosted model is behind it."),
        ] = False,
    ) -> None:
        """Let an IDE or an agent recall, draft and check through the Model Context Protocol. It never decides."""
        from core.errors import WrongUse

        if decides not in ("never", "asked"):
            raise WrongUse(
                f"--decides takes never or asked, not {decides!r}.", "Scripts decide through the API: docs/api.md"
            )
        if not http:
            from app.ide.streams import Person, serve

            return serve(Person(door, decides, sees_private=private))  # type: ignore[arg-type]  # one of the two
        if decides != "never" or private:
            raise WrongUse("Over HTTP a token says what is allowed.", "greenroom tokens make NAME --decides asked")
        from app.ide.listening import listen

        return listen(door.studio, port)
