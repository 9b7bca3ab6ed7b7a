"""One web app: board, chat, own site, a newsletter's list, subscribed calendars, drafts' pictures, /health."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Header, Response
from starlette.staticfiles import StaticFiles

from app import chat_root, chat_studio
from app.accounts.doorkeeper import Doorkeeper
from app.accounts.oidc import provider_of
from app.accounts.pages import Desk, accounts_router
from app.accounts.rules import Rules
from app.accounts.who import who_asks
from app.api import create_api
from app.board.pages import board_router, mount_assets
from app.body_limit import BodyLimit
from app.calendar_feed import feed_router
from app.health import Health
from app.list_pages import list_router
from app.metrics import metrics
from app.preview import picture, preview
from app.segments_page import segments_router
from app.studio import Studio
from app.web_errors import in_words, mounted_in_words
from app.web_guard import LOOPBACK, WebGuard
from app.worker import SendingProcess

HERE = Path(__file__).parent


def create_app(
    studio: Studio,
    *,
    sender: SendingProcess | None = None,
    hosts: Iterable[str] = LOOPBACK,
    rules: Rules | None = None,
) -> FastAPI:
    """Return the web app over a studio. `hosts` are the names it answers to; one app a process (Chainlit is global).

    `rules`: how people sign in; without any, whoever reaches it is the owner of this machine.
    """
    app = FastAPI(title="Greenroom", docs_url=None, redoc_url=None, openapi_url=None)
    _tell_how_it_is(app, studio, sender)

    @app.get("/preview/{proposal_id}/{rest:path}")
    def as_readers_will_see_it(proposal_id: str, rest: str) -> Response:
        return preview(studio, proposal_id, rest)

    @app.get("/files/{workspace}/{sha256}")
    def a_picture(workspace: str, sha256: str) -> Response:
        return picture(studio, workspace, sha256)

    app.include_router(board_router(studio))
    mount_assets(app)
    app.include_router(segments_router(studio))
    app.include_router(list_router(studio.memory, studio.clock))
    app.include_router(feed_router(studio.memory, studio.clock))
    app.mount("/api", create_api(studio))
    _mount_site(app, studio)
    page = _mount_chat(app, studio)
    app.include_router(accounts_router(Desk(studio, rules or Rules.of(studio.settings), provider_of(studio.settings))))
    if rules is not None:
        app.add_middleware(Doorkeeper, studio=studio, rules=rules)
    app.add_middleware(BodyLimit)
    app.add_middleware(WebGuard, hosts=hosts, chat_page=page, https_only=rules.https_only if rules else None)
    in_words(app)
    return app


def _tell_how_it_is(app: FastAPI, studio: Studio, sender: SendingProcess | None) -> None:
    health = Health(studio, sender)

    @app.get("/health")
    def how_things_are(accept: Annotated[str, Header()] = "") -> Response:
        if who_asks().is_nobody:
            return health.brief()
        return health.page() if "text/html" in accept else health.json()

    @app.get("/metrics")
    def figures(authorization: Annotated[str, Header()] = "") -> Response:
        return metrics(studio, sender, authorization)


def _mount_site(app: FastAPI, studio: Studio) -> None:
    folder = studio.settings.home / "site" / studio.workspace.id
    folder.mkdir(parents=True, exist_ok=True)
    app.mount("/site", StaticFiles(directory=folder, html=True))


def _mount_chat(app: FastAPI, studio: Studio) -> str:
    """Mount Chainlit with our page, and return that page."""
    chat_root.prepare(studio.settings.home, studio.workspace.name)
    chat_studio.name(studio)
    from chainlit.server import app as theirs
    from chainlit.server import get_html_template
    from chainlit.utils import mount_chainlit

    app.mount(f"{chat_root.MOUNT}/assets", StaticFiles(directory=chat_root.dist() / "assets"))
    mount_chainlit(app, target=str(HERE / "chat.py"), path=chat_root.MOUNT)
    mounted_in_words(theirs)
    return str(get_html_template(chat_root.MOUNT))
