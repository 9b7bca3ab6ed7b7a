"""Listens on this machine."""

from typing import TYPE_CHECKING

from app.serving import refuse_a_taken_port

if TYPE_CHECKING:
    from app.studio import Studio

HOST = "127.0.0.1"


def listen(studio: "Studio", port: int) -> None:
    """Serve until stopped. Only this machine is listened to: what is beyond needs a tunnel."""
    import sys

    import uvicorn

    from app.ide.http_door import PATH, create_app

    refuse_a_taken_port(studio.settings.model_copy(update={"host": HOST, "port": port}))
    app = create_app(studio)
    print(f"{studio.workspace.name}: http://{HOST}:{port}{PATH}   (stop with Ctrl+C)", file=sys.stderr, flush=True)
    uvicorn.run(app, host=HOST, port=port, log_level="warning")
