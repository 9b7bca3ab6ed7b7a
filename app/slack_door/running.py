"""Runs the door: over Socket Mode, or listening for Slack's requests."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from app.slack_door.door import SlackDoor, open_door
from core.errors import NotConnected

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from app.studio import Studio

log = logging.getLogger("greenroom.slack")

PATH = "/slack/events"
LARGEST = 2 * 1024 * 1024
"""Bytes of a request that are read at all."""


def serve(studio: "Studio", port: int | None) -> None:
    """Serve until stopped: over Socket Mode without a port, else listening on this machine at `port`."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_over_http(studio, port) if port else _over_socket(studio))


@asynccontextmanager
async def opened(studio: "Studio") -> AsyncIterator[SlackDoor]:
    """Open the door, with all that it does unasked, until the block ends."""
    door = await open_door(studio)
    behind = asyncio.create_task(door.run_behind())
    try:
        yield door
    finally:
        behind.cancel()
        with suppress(asyncio.CancelledError):
            await behind
        await door.places.charts.stop()
        if door.client.session is not None:
            await door.client.session.close()


@asynccontextmanager
async def socket_mode(door: SlackDoor) -> AsyncIterator[None]:
    """Take what Slack sends over a socket that we opened: no address of ours has to be reached from outside."""
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

    token = door.studio.settings.slack_app_token
    if token is None:
        raise NotConnected(
            "Socket Mode needs an app token (xapp-\u2026).", "Or listen for Slack with: greenroom slack --port 3000"
        )
    handler = AsyncSocketModeHandler(door.app, token.get_secret_value())
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def http_app(door: SlackDoor) -> "Starlette":
    """Return the one address that Slack calls. Signatures are checked, and old requests refused, by Bolt."""
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    if door.studio.settings.slack_signing_secret is None:
        raise NotConnected("Listening for Slack needs the app's signing secret.", "docs/slack.md says where it is.")
    handler = AsyncSlackRequestHandler(door.app)

    async def take(request: "Request") -> "Response":
        if not request.headers.get("content-length", "").isdigit():
            return PlainTextResponse("how long is it?", 411)
        if int(request.headers["content-length"]) > LARGEST:
            return PlainTextResponse("too large", 413)
        if not request.headers.get("x-slack-request-timestamp", "0").isdecimal():  # Bolt would break at it: a 500
            return PlainTextResponse("when was it sent?", 400)
        try:
            (await request.body()).decode("utf-8")
            return await handler.handle(request)
        except ValueError:  # no UTF-8, no JSON
            return PlainTextResponse("this can't be read", 400)

    return Starlette(routes=[Route(PATH, take, methods=["POST"])])


async def _over_socket(studio: "Studio") -> None:
    async with opened(studio) as door, socket_mode(door):
        print(f"{studio.workspace.name}: in Slack, over Socket Mode   (stop with Ctrl+C)", file=sys.stderr, flush=True)
        await asyncio.Event().wait()


async def _over_http(studio: "Studio", port: int) -> None:
    import uvicorn

    from app.serving import refuse_a_taken_port

    host = "127.0.0.1"
    refuse_a_taken_port(studio.settings.model_copy(update={"host": host, "port": port}))
    async with opened(studio) as door:
        server = uvicorn.Server(uvicorn.Config(http_app(door), host=host, port=port, log_level="warning"))
        print(f"{studio.workspace.name}: http://{host}:{port}{PATH}   (stop with Ctrl+C)", file=sys.stderr, flush=True)
        await server.serve()
