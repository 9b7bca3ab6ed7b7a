"""How much one request may bring, at every door over HTTP: nothing longer is read, and nothing of it is done."""

from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 4 * 1024 * 1024
"""Bytes of a request."""

MOST_DROPPED = 51 * 1024 * 1024
"""Bytes of a request that brings a file to the chat: the 50 MB of `chat_config.toml`, and what a form puts around."""

_DROPPED = "/chat/project/file"


class _TooLongError(Exception):
    """More came than is read."""


class BodyLimit:
    """ASGI middleware: answers 413 where more comes, whatever its headers say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through while it is short enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_DROPPED if scope["path"] == _DROPPED else MOST
        if _announced(scope) > most:
            await _refusal(most)(scope, receive, send)
            return
        came, begun = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise _TooLongError
            return message

        async def told(message: Message) -> None:
            nonlocal begun
            if came > most and not begun:
                return  # what was made of half a body
            begun = True
            await send(message)

        with suppress(_TooLongError):
            await self._app(scope, counted, told)
        if came > most and not begun:
            await _refusal(most)(scope, receive, send)


def _announced(scope: Scope) -> int:
    told = Headers(scope=scope).get("content-length", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 20 else 0


def _refusal(most: int) -> JSONResponse:
    message, hint = f"At most {most} bytes are read.", "Nothing was done."
    said = {"kind": "bad_input", "message": message, "hint": hint}
    return JSONResponse({"error": said, "said": f"{message} {hint}", "done": False}, 413)
