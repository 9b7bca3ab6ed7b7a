"""The door over HTTP on this machine: streamable HTTP at /mcp, for whoever has a token; foreign pages are kept out."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser, BearerAuthBackend, RequireAuthMiddleware
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.body_limit import BodyLimit
from app.callers import REVOKED, Caller, Callers
from app.ide.server import build
from core.errors import NotAllowed

if TYPE_CHECKING:
    from app.studio import Studio

PATH = "/mcp"
NAMES = ("127.0.0.1", "localhost", "[::1]")


def create_app(studio: "Studio", names: Sequence[str] = NAMES) -> Starlette:
    """Return the app. `names` are the hosts it answers to: a name that somebody points at this machine is refused."""
    callers = Callers(studio)
    safe = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[each for name in names for each in (name, f"{name}:*")],
        allowed_origins=[each for name in names for each in (f"http://{name}", f"http://{name}:*")],
    )
    manager = StreamableHTTPSessionManager(build(_who(callers)), security_settings=safe)

    @contextlib.asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        async with manager.run():
            yield

    return Starlette(
        routes=[Route(PATH, endpoint=RequireAuthMiddleware(_Answering(manager), []))],
        middleware=[
            Middleware(_OwnPages, safe),
            Middleware(BodyLimit),
            Middleware(AuthenticationMiddleware, backend=BearerAuthBackend(_Verifier(callers))),
        ],
        lifespan=running,
    )


class _Answering:
    """The sessions, as an ASGI app."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


class _OwnPages:
    """Refuses foreign hosts and origins before anything is looked at, a token too."""

    def __init__(self, app: ASGIApp, safe: TransportSecuritySettings) -> None:
        self._app = app
        self._safe = TransportSecurityMiddleware(safe)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (refusal := await self._safe.validate_request(HTTPConnection(scope))):
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class _Verifier:
    """Looks a bearer token up, at every request: one that was ended opens nothing more."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return what the SDK knows a token by: its id, never itself."""
        caller = await anyio.to_thread.run_sync(self._callers.opened, token)
        if caller is None or caller.token_id is None:
            return None
        return AccessToken(token="", client_id=caller.token_id, scopes=[], subject=caller.token_id)


def _who(callers: Callers) -> Any:
    def who(request: Any) -> Caller:
        user = request.scope.get("user") if request is not None else None
        known = user.access_token.client_id if isinstance(user, AuthenticatedUser) else ""
        token = callers.studio.memory.tokens.still(known)
        if token is None:
            raise NotAllowed(REVOKED, "greenroom tokens list")
        return callers.of(token)

    return who
