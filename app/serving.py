"""Run the web door on this machine, with a sending process beside it."""

import socket

from app.settings import Settings
from app.studio import Studio
from app.worker import SendingProcess, Tender
from core.errors import Busy, NotAllowed

LAST_WORDS_S = 3
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def serve(settings: Settings) -> None:
    """Serve the chat, the site and the health page until stopped."""
    import uvicorn

    from app.web import create_app

    if settings.host not in _THIS_MACHINE:
        raise NotAllowed(
            f"{settings.host} is more than this machine, and this version has no accounts.",
            "Leave --host out; to reach it from elsewhere, use a tunnel such as: ssh -L 8000:127.0.0.1:8000",
        )
    refuse_a_taken_port(settings)
    studio = Studio.open(settings)
    sender = SendingProcess(settings)
    tender = Tender(studio, every=settings.worker_seconds)
    try:
        app = create_app(studio, sender=sender)
        sender.start()
        tender.start()
        where = f"http://{settings.host}:{settings.port}/chat"
        print(f"{studio.workspace.name}: open {where}   (stop with Ctrl+C)", flush=True)
        # pages that are open hold a stream of events: without a limit, stopping would wait for all of them
        uvicorn.run(
            app, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=LAST_WORDS_S
        )
    finally:
        sender.stop()
        tender.stop()
        studio.close()


def refuse_a_taken_port(settings: Settings) -> None:
    """Say so before anything is opened; uvicorn would say it after the worker has begun."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            hint = "Another Greenroom may be running there; or choose another one: --port 8001, or make start PORT=8001"
            raise Busy(f"Port {settings.port} is taken.", hint) from error
