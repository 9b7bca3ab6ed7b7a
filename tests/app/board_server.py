"""The board alone, served in a thread of this process: what its browser tests and its benchmark look at."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI, Response

from app.accounts.doorkeeper import Doorkeeper
from app.accounts.pages import Desk, accounts_router
from app.accounts.rules import Rules
from app.board.pages import board_router, mount_assets
from app.health import Health
from app.segments_page import segments_router
from app.studio import Studio
from app.web_guard import LOOPBACK, WebGuard
from tests.app.chat_server import free_port
from tests.counterparts import server as counterparts

if TYPE_CHECKING:
    from playwright.sync_api import Page


def web(studio: Studio, rules: Rules | None = None) -> FastAPI:
    """Return the pages that belong to the board, behind the guard that stands before every page.

    `rules`: people sign in.
    """
    app = FastAPI()
    app.include_router(board_router(studio))
    app.include_router(segments_router(studio))
    health = Health(studio, None)

    @app.get("/health")
    def how_things_are() -> Response:
        return health.page()

    mount_assets(app)
    if rules:
        app.include_router(accounts_router(Desk(studio, rules)))
        app.add_middleware(Doorkeeper, studio=studio, rules=rules)
    app.add_middleware(WebGuard, hosts=LOOPBACK, chat_page="")
    return app


@contextmanager
def board_of(studio: Studio, *, login: bool = False) -> Iterator[str]:
    """Serve a studio's board until the block ends; yield its address. `login`: people sign in."""
    port = free_port()
    rules = Rules.of(studio.settings.model_copy(update={"port": port})) if login else None
    config = uvicorn.Config(
        web(studio, rules), host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)


def axe() -> str:
    """Return axe-core's script; where it is not installed, fail on CI and skip elsewhere."""
    found: Path = counterparts.INSTALLED / "node" / "node_modules" / "axe-core" / "axe.min.js"
    if not found.is_file():
        counterparts.absent("axe", "axe-core is not installed")
    return found.read_text(encoding="utf-8")


def violations(page: "Page", script: str, *, but: tuple[str, ...] = ("minor",)) -> list[tuple[str, str]]:
    """Return what axe finds, `but` what matters less: everything once, in the dark only what the dark changes.

    An axe of all rules costs as much as the page.
    """
    page.evaluate(script)
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = []
    for scheme, only in (("light", rules), ("dark", {"type": "rule", "values": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        broken = page.evaluate("only => axe.run(document, {runOnly: only})", only)["violations"]
        serious = [each for each in broken if each["impact"] not in but]
        found += [(scheme, f"{each['id']}: {each['nodes'][0]['html'][:160]}") for each in serious]
    return found
