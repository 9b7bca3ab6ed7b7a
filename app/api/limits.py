"""How much one request may bring."""

from contextlib import suppress

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 4 * 1024 * 1024  # bytes
_TOO_LONG = {"error": {"kind": "bad_input", "message": f"At most {MOST} bytes are read.", "hint": "Nothing was done."}}


class _TooLongError(Exception):
    """More came than is read."""


class BodyLimit:
    """ASGI middleware: answers 413 where more comes, whatever its headers say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through while it is short enough."""
        came, begun = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > MOST:
                raise _TooLongError
            return message

        async def told(message: Message) -> None:
            nonlocal begun
            if came > MOST and not begun:
                return  # what was made of half a body
            begun = True
            await send(message)

        with suppress(_TooLongError):
            await self._app(scope, counted, told)
        if came > MOST and not begun:
            await JSONResponse(_TOO_LONG, 413)(scope, receive, send)
