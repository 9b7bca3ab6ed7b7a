"""The subscribed calendar: a secret address that answers with the plan, to be read and nothing else."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import PlainTextResponse

from app.calendar_files import to_ical
from app.planning import planned
from memory import Memory

PREFIX = "/feeds"
_KEEP = 300  # seconds for which a program may go by what it has
_HEADERS = {
    "Cache-Control": f"private, max-age={_KEEP}",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


def feed_router(memory: Memory, clock: Callable[[], datetime]) -> APIRouter:
    """Return the route under /feeds. Unknown, revoked and outlived addresses get one and the same answer."""
    router = APIRouter(prefix=PREFIX)

    @router.api_route("/{token}.ics", methods=["GET", "HEAD"])
    def subscribed(token: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        feed = memory.feeds.open(token)
        if feed is None:
            return PlainTextResponse("There is nothing here.", 404, headers=_HEADERS | {"Cache-Control": "no-store"})
        entries = planned(memory, feed.workspace, clock())
        body = to_ical(entries, memory.workspaces.get(feed.workspace).name, with_text=feed.with_text)
        return _answer(body, if_none_match)

    return router


def address(host: str, port: int, token: str) -> str:
    """Return the address that a calendar program subscribes to on this machine."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{PREFIX}/{token}.ics"


def _answer(body: bytes, known: str | None) -> Response:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": etag}
    if known is not None and _is_among(etag, known):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="greenroom.ics"'
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _is_among(etag: str, known: str) -> bool:
    """Compare as RFC 9110 asks for If-None-Match: weakly, any of a list, or `*`."""
    return any(each.strip().removeprefix("W/") in (etag, "*") for each in known.split(","))
