"""Run the web door on this machine, with a sending process beside it."""

import os
import socket
import sys

from app.accounts.rules import Rules, hosts_of, needs_login, refuse_without_accounts
from app.settings import Settings
from app.studio import Studio
from app.worker import SendingProcess, Tender
from core.errors import Busy, GreenroomError

LAST_WORDS_S = 3
SWITCH_S = 0.0005
"""How long a brief that computes keeps the interpreter: a page asks for it some dozen times, and waits each time."""

WEB = "web"
"""Whom a web that people sign in to works for where nobody has said who they are: no member, so memory refuses it."""


def serve(settings: Settings, *, sends: bool = True) -> None:
    """Serve the board, the chat, the site and the health page until stopped. `sends`: with a sending process beside."""
    import uvicorn

    from app.web import create_app

    sys.setswitchinterval(SWITCH_S)
    hosts, rules = hosts_of(settings), Rules.of(settings)
    signs_in = needs_login(settings)
    refuse_a_taken_port(settings)
    refuse_a_shut_home(settings)
    studio = Studio.open(settings.model_copy(update={"user": WEB, "secret": None}) if signs_in else settings)
    sender = SendingProcess(settings) if sends else None
    tender = Tender(studio, every=settings.worker_seconds)
    try:
        if signs_in:
            refuse_without_accounts(studio, settings.user)
        app = create_app(studio, sender=sender, hosts=hosts, rules=rules if signs_in else None)
        if sender:
            sender.start()
        tender.start()
        print(f"{studio.workspace.name}: open {rules.origin}/   (stop with Ctrl+C)", flush=True)
        # pages that are open hold a stream of events: without a limit, stopping would wait for all of them
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=LAST_WORDS_S,
            proxy_headers=False,  # whom to believe about where a request comes from, `Rules` says
        )
    finally:
        if sender:
            sender.stop()
        tender.stop()
        studio.close()


def refuse_a_shut_home(settings: Settings) -> None:
    """Say so before the first of many files can't be written."""
    home = settings.home
    if home.exists() and not os.access(home, os.W_OK):
        raise GreenroomError(
            f"{home} can't be written to, so nothing could be decided or sent.",
            "Mend its permissions (it may be mounted read-only), or set GREENROOM_HOME.",
        )


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
