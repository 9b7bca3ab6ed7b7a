"""A newsletter's own pages: subscribe, confirm, leave. Looking at one changes nothing, since link scanners look too.

A mail program's one-click unsubscription is a POST without cookies and without an Origin; the token in its address is
what allows it. An application of their own serves them to the outside, so that nothing else of Greenroom is reached.
"""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse

from app.body_limit import BodyLimit
from app.web_guard import LOOPBACK, WebGuard
from core.canonical import instant
from core.errors import BadInput, NotAllowed, NotFound
from core.locales import direction
from core.works import Workspace
from memory import Memory
from publishing.site.templating import ASSETS, render
from publishing.site.words import list_words

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
}
_MOST_BYTES = 4096
Purpose = Literal["confirm", "unsubscribe"]


class Patience:
    """Lets so many through in a time, for each name."""

    def __init__(self, most: int, within_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._within = within_s
        self._clock = clock
        self._seen: dict[str, deque[float]] = {}
        self._lock = Lock()  # each request has a thread of its own

    def allows(self, name: str) -> bool:
        """Say whether one more is fine, and count it if so."""
        with self._lock:
            return self._counted(name, self._clock())

    def _counted(self, name: str, now: float) -> bool:
        self._seen = {each: times for each, times in self._seen.items() if times[-1] > now - self._within}
        times = self._seen.get(name, deque())
        while times and times[0] <= now - self._within:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        self._seen[name] = times
        return True


class ListPages:
    """What each page does and says."""

    def __init__(self, memory: Memory, clock: Callable[[], datetime]) -> None:
        self._memory = memory
        self._clock = clock
        self._each = Patience(10, 600)
        self._all = Patience(120, 3600)  # whoever comes from everywhere: nobody's mailbox is flooded through us

    def form(self, workspace: str) -> Response:
        """Show the form."""
        return self._page(workspace, "ask", button="ask_button", asks_address=True)

    def ask(self, workspace: str, address: str, client: str) -> Response:
        """Note who asks. The answer is the same whether or not the address is on the list: nobody can find out."""
        self._memory.workspaces.get(workspace)
        if not (self._each.allows(client) and self._all.allows(workspace)):
            return self._page(workspace, "busy", status=429)
        try:
            source = f"the form of {workspace} at {instant(self._clock())}"
            self._memory.subscribers.ask(workspace, address, source=source)
        except BadInput:
            return self._page(
                workspace, "ask", button="ask_button", asks_address=True, problem="bad_address", status=422
            )
        return self._page(workspace, "asked")

    def look(self, workspace: str, purpose: Purpose, link: str) -> Response:
        """Show what a link is for, with a button; nothing changes."""
        if self._memory.subscribers.of_link(workspace, link, purpose) is None:
            return self._page(workspace, "bad_link", status=404)
        if purpose == "confirm":
            return self._page(workspace, "confirm", button="confirm_button")
        return self._page(workspace, "leave_title", lead="leave_lead", button="leave")

    def act(self, workspace: str, purpose: Purpose, link: str) -> Response:
        """Do what a link is for; a second time changes nothing."""
        person = self._memory.subscribers.of_link(workspace, link, purpose)
        if person is None:
            return self._page(workspace, "bad_link", status=404)
        try:
            if purpose == "unsubscribe":
                self._memory.subscribers.leave(workspace, person.id)
                return self._page(workspace, "left")
            self._memory.subscribers.confirm(workspace, person.id, note=f"confirmed at {instant(self._clock())}")
        except (NotAllowed, NotFound):
            return self._page(workspace, "bad_link", status=404)
        return self._page(workspace, "confirmed")

    def _page(
        self,
        workspace: str,
        says: str,
        *,
        lead: str = "",
        button: str = "",
        problem: str = "",
        asks_address: bool = False,
        status: int = 200,
    ) -> Response:
        space = self._memory.workspaces.get(workspace)
        words = list_words(space.locale, name=space.name)
        return HTMLResponse(
            _html(
                space,
                words,
                title=words[says],
                lead=words.get(lead or f"{says}_lead", ""),
                button=words.get(button, ""),
                problem=words.get(problem, ""),
                asks_address=asks_address,
            ),
            status,
            headers=_HEADERS,
        )


def list_router(memory: Memory, clock: Callable[[], datetime]) -> APIRouter:
    """Return the pages under /list."""
    router, pages = APIRouter(prefix="/list"), ListPages(memory, clock)

    @router.get("/-/{rest:path}")
    def look_of_it(rest: str) -> Response:
        file = (ASSETS / rest).resolve()
        return FileResponse(file) if file.is_relative_to(ASSETS.resolve()) and file.is_file() else _nothing()

    @router.get("/{workspace}")
    def form(workspace: str) -> Response:
        return _found(lambda: pages.form(workspace))

    @router.post("/{workspace}")
    def ask(workspace: str, request: Request, given: Annotated[dict[str, str], Depends(_given)]) -> Response:
        client = request.client.host if request.client else ""
        return _found(lambda: pages.ask(workspace, given.get("address", ""), client))

    @router.get("/{workspace}/{purpose}/{link}")
    def look(workspace: str, purpose: Purpose, link: str) -> Response:
        return _found(lambda: pages.look(workspace, purpose, link))

    @router.post("/{workspace}/{purpose}/{link}")
    def act(workspace: str, purpose: Purpose, link: str) -> Response:
        return _found(lambda: pages.act(workspace, purpose, link))

    return router


def create_list_app(memory: Memory, clock: Callable[[], datetime]) -> FastAPI:
    """Return an application with these pages alone, for the names that the lists' addresses have, and this machine."""
    app = FastAPI(title="Greenroom", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(list_router(memory, clock))
    app.add_middleware(BodyLimit)
    app.add_middleware(WebGuard, hosts=(*LOOPBACK, *_public_names(memory)), chat_page="")
    return app


def _public_names(memory: Memory) -> set[str]:
    spaces = [space.id for space in memory.workspaces.list()]
    connected = [each for space in spaces for each in memory.connections.list(space) if each.channel == "newsletter"]
    return {name for each in connected if (name := urlsplit(str(each.settings.get("list_url") or "")).hostname)}


async def _given(request: Request) -> dict[str, str]:
    """Return a small form's fields, each once; of a large body nothing."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in fields.items()}


def _found(page: Callable[[], Response]) -> Response:
    try:
        return page()
    except NotFound:
        return _nothing()


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", 404, headers=_HEADERS)


def _html(space: Workspace, words: dict[str, str], **page: Any) -> str:
    return render(
        "list_page.html.j2",
        words=words,
        direction=direction(words["lang"]),
        site_name=space.name,
        assets="/list/-",
        **page,
    )
