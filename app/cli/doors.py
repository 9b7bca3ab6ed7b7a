"""Open the web door, with a worker beside it; and the walk through the main job in the terminal."""

from typing import Annotated

import typer

from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add `serve`, `chat` and `demo`."""

    @command(app, "serve", example="greenroom serve --port 8000")
    def serve(
        door: Door,
        host: Annotated[
            str | None,
            typer.Option(help="Where to listen. Anywhere but on this machine people sign in (greenroom accounts)."),
        ] = None,
        port: Annotated[int | None, typer.Option(help="The port (GREENROOM_PORT).")] = None,
        worker: Annotated[
            bool, typer.Option("--worker/--no-worker", help="Without: `greenroom worker` runs somewhere else.")
        ] = True,
    ) -> None:
        """Open the board, the chat, the site and the health page in the browser, and run the worker beside them."""
        from app.serving import serve as run

        run(door.settings.model_copy(update=_given(host, port)), sends=worker)

    @command(app, "chat", example="greenroom chat")
    def chat(door: Door, port: Annotated[int | None, typer.Option(help="The port (GREENROOM_PORT).")] = None) -> None:
        """Open the chat at http://127.0.0.1:8000/chat (the same as `greenroom serve`)."""
        from app.serving import serve as run

        run(door.settings.model_copy(update=_given(None, port)))

    @command(app, "demo", example="greenroom demo")
    def demo(
        door: Door,
        yes: Annotated[bool, typer.Option("--yes", help="Approve the own-site draft without asking.")] = False,
    ) -> None:
        """Walk through the main job on the sample creator: import, brief, six drafts, your decision, published."""
        from app.cli.demo import walk

        walk(door, approve=yes)


def _given(host: str | None, port: int | None) -> dict[str, object]:
    return {key: value for key, value in (("host", host), ("port", port)) if value is not None}
