"""What stands before every page where people sign in: nothing is shown, and no socket opened, without a session.

Whatever is not named here as public needs one: a page that somebody adds is closed until it is named.
"""

import time
from dataclasses import dataclass
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.rules import Rules
from app.accounts.who import NOBODY, Person, asked_by
from app.calendar_feed import PREFIX as FEEDS
from memory.identities import PROXY
from memory.passphrases import SESSION_PREFIX

if TYPE_CHECKING:
    from app.studio import Studio

LOOK_AGAIN_S = 5.0
"""How soon a stream or a socket that is open ends after its session has, or after its member's role was changed."""

_PUBLIC = ("/site", "/list", FEEDS, "/login", "/board/static", "/board/fonts", "/api", "/health", "/metrics")
"""Open to all; the last three ask for themselves: a token for the API and the figures, health says only yes or no."""

_QUIET = ("/board/events", "/board/jobs", "/health", "/chat/ws")
"""What a page asks for by itself: it does not count as use, or an open page would never be idle."""

_SAFE = ("GET", "HEAD", "OPTIONS")
_LOOKERS = ("/logout", "/account", "/login")
"""What somebody who may only look may send to."""


@dataclass(frozen=True)
class _Found:
    """Who asks, and the cookie to be set where a proxy has just vouched for them."""

    person: Person
    cookie: str | None = None


class Doorkeeper:
    """ASGI middleware. It stands inside `WebGuard`, which keeps other sites out."""

    def __init__(self, app: ASGIApp, studio: "Studio", rules: Rules) -> None:
        self._app = app
        self._studio = studio
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with who asks, or say that they have to sign in."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else ""
        address = self._rules.client(peer, headers.getlist("x-forwarded-for"))
        scope.setdefault("state", {})["address"] = address
        found = await anyio.to_thread.run_sync(partial(self._who, scope, headers, peer, address))
        if refused := _refusal(scope, headers, found.person):
            await refused(scope, receive, send)
            return
        with asked_by(found.person):
            await self._app(scope, *self._watched(scope, found, receive, send))

    def _who(self, scope: Scope, headers: Headers, peer: str, address: str) -> _Found:
        bearer = cookie_of(headers, self._rules)
        told = headers.getlist(self._rules.proxy_header) if self._rules.proxy_header else []
        told = told if self._rules.trusts(peer) else []
        if self._rules.proxy_header and self._rules.trusts(peer):
            return self._vouched(told, bearer, address, headers)
        person = self._signed_in(bearer, use=scope["path"] not in _QUIET)
        return _Found(person)

    def _vouched(self, told: list[str], bearer: str, address: str, headers: Headers) -> _Found:
        """The proxy says who it is at every request; a session is only our proof of it, and ends with its word."""
        space = self._studio.workspace.id
        member = self._studio.memory.identities.member(space, PROXY, told[0].strip()) if len(told) == 1 else None
        if member is None or member.role == "agent" or not member.secret_hash:
            return _Found(NOBODY)
        person = self._signed_in(bearer, use=True)
        if person.by == member.name:
            return _Found(person)
        agent = headers.get("user-agent", "")
        session, new = self._studio.memory.sessions.begin(
            member, "proxy", lasting=self._rules.lasting, address=address, agent=agent
        )
        return _Found(Person(member.name, new, session.id, member.role), cookie_set(new, self._rules))

    def _signed_in(self, bearer: str, *, use: bool) -> Person:
        found = self._studio.memory.sessions.open(bearer, lasting=self._rules.lasting, use=use) if bearer else None
        if found is None or found[0].workspace != self._studio.workspace.id:
            return NOBODY
        session, member = found
        return Person(member.name, bearer, session.id, member.role)

    def _watched(self, scope: Scope, found: _Found, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """Return both ends of what stays open: nothing more is taken or told once its session or its role has ended.

        Whoever has another role by now comes in anew, as what they are: a page connects again by itself.
        """
        looked, ended, bearer = time.monotonic(), False, found.person.secret

        async def has_ended() -> bool:
            nonlocal looked, ended
            if bearer and not ended and time.monotonic() - looked > LOOK_AGAIN_S:
                looked = time.monotonic()
                still = await anyio.to_thread.run_sync(partial(self._signed_in, bearer, use=False))
                ended = still.is_nobody or still.role != found.person.role
            return ended

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and await has_ended():
                await told(_last_words(scope))
                return {"type": "websocket.disconnect", "code": _NOT_SIGNED_IN}
            return message

        closed = False

        async def told(message: Message) -> None:
            nonlocal closed
            if closed:
                return
            if message["type"] == "http.response.start" and found.cookie:
                MutableHeaders(scope=message).append("set-cookie", found.cookie)
            closed = await has_ended() and message["type"] in _ONGOING
            await send(_last_words(scope) if closed else message)

        return heard, told


_NOT_SIGNED_IN = 1008
_ONGOING = ("websocket.send", "websocket.close", "http.response.body")


def _last_words(scope: Scope) -> Message:
    if scope["type"] == "websocket":
        return {"type": "websocket.close", "code": _NOT_SIGNED_IN}
    return {"type": "http.response.body", "body": b"", "more_body": False}


def _refusal(scope: Scope, headers: Headers, person: Person) -> Response | None:
    """Return what to answer instead of the page; None where it may be shown."""
    path, method = scope["path"], scope.get("method", "GET")
    if _under(path, _PUBLIC):
        return None
    if person.is_nobody:
        return _sign_in(scope, headers)
    if scope["type"] == "websocket" or method not in _SAFE:
        # a browser says where every such request comes from; `WebGuard` has compared it where it is said
        if not headers.get("origin"):
            return _no(403, "This did not come from one of our pages. Nothing was done.")
        if person.role == "viewer" and not _under(path, _LOOKERS):
            return _no(403, f"{person.by} may look here, and start or change nothing.")
    if person.role == "viewer" and _under(path, ("/chat",)):
        return _no(403, f"{person.by} may look at the board, and start nothing: the chat is closed.")
    return None


def _sign_in(scope: Scope, headers: Headers) -> Response:
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", ""):
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
    return _no(401, "Your sign-in has ended. Nothing was done; what you typed is still here. Sign in again.")


def _no(status: int, said: str) -> Response:
    return JSONResponse({"said": said, "error": said, "done": False}, status)


def _under(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place.rstrip('/')}/") for place in places)


def cookie_name(rules: Rules) -> str:
    """Return the cookie's name: with https one that a browser takes from this host alone, and only by https."""
    return "__Host-greenroom" if rules.https else "greenroom_session"


def cookie_of(headers: Headers, rules: Rules) -> str:
    """Return the bearer that a request's cookie holds, or nothing."""
    try:
        morsel = SimpleCookie("; ".join(headers.getlist("cookie"))).get(cookie_name(rules))
    except CookieError:
        return ""
    return morsel.value if morsel is not None and morsel.value.startswith(SESSION_PREFIX) else ""


def cookie_set(bearer: str, rules: Rules) -> str:
    """Return the header that keeps a bearer in the browser; an empty one takes it away."""
    lasts = int(rules.lasting.whole.total_seconds()) if bearer else 0
    secure = "; Secure" if rules.https else ""
    return f"{cookie_name(rules)}={bearer}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Lax{secure}"
