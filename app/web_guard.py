"""What stands before every page: only our own pages may talk to us, and a page loads nothing from outside.

On one's own machine there is no login, so any page that a person has open in the same browser must be kept out:
Chainlit alone would answer it (its socket accepts every origin). A foreign `Origin` is refused, and so is a `Host` that
is not ours, or a name that somebody points at this machine would count as the same origin. Where people sign in,
`accounts.doorkeeper` stands behind this.
"""

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_LONGEST_NAME = 255
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_READING = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For everything else, the audience's own pages first: styles and pictures, no script at all."""


class WebGuard:
    """ASGI middleware: refuses foreign hosts and origins, and adds the security headers.

    `https_only`: the name that people reach by https alone, if any. A page that somebody slips in under the same name
    without it is a foreign one.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], chat_page: str, https_only: str | None = None) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._https_only = https_only
        self._scripts = " ".join(inline_hashes(chat_page))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._ours(headers):
            await PlainTextResponse("This page is not open to other sites.", 403)(scope, receive, send)
            return
        if not _can_be(scope["path"]):
            await PlainTextResponse("There is nothing here.", 404)(scope, receive, send)
            return
        policy = self._policy(scope["path"], headers["host"])

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in {**_ALWAYS, "Content-Security-Policy": policy}.items():
                    answer.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)

    def _ours(self, headers: Headers) -> bool:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or len(origins) > 1 or (name := _name(hosts[0])) not in self._hosts:
            return False
        schemes = ("https",) if name == self._https_only else ("http", "https")
        return all(origin in {f"{scheme}://{hosts[0]}" for scheme in schemes} for origin in origins)

    def _policy(self, path: str, host: str) -> str:
        if path.startswith("/chat/project/file"):
            return f"{_READING}; sandbox"  # what somebody dropped, as they dropped it: it is no page of ours
        if path.startswith("/chat"):
            return self._chat(host)
        return _READING

    def _chat(self, host: str) -> str:
        # 'unsafe-eval': Chainlit compiles a custom element (our ReviewCard.jsx) in the browser; it has no other way.
        # 'unsafe-inline' for styles: its components set them on elements. Neither lets anything in from outside.
        return "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' 'unsafe-eval' {self._scripts}",
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self'",
                f"connect-src 'self' ws://{host} wss://{host}",
                "worker-src 'self' blob:",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            )
        )


def inline_hashes(page: str) -> list[str]:
    """Return the policy's sources for the scripts that stand in the page itself."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def _can_be(path: str) -> bool:
    """Say whether a path can be one: no file system takes a NUL or a longer name, and none of our ids is as long."""
    return "\x00" not in path and all(len(part.encode("utf-8", "replace")) <= _LONGEST_NAME for part in path.split("/"))


def _name(host: str) -> str:
    return re.sub(r":\d+$", "", host).lower()
