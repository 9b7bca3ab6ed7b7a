"""Run the web door on this machine, with a worker beside it."""

from app.settings import Settings
from app.studio import Studio
from app.worker import Worker
from core.errors import NotAllowed

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
    studio = Studio.open(settings)
    worker = Worker(studio, every=settings.worker_seconds)
    try:
        app = create_app(studio, worker=worker)
        worker.start()
        uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")
    finally:
        worker.stop()
        studio.close()
