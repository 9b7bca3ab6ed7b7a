"""Asking a Bluesky server: a method's name over HTTP, JSON both ways, and an error's own code beside its status."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx2

from core.errors import NotConnected, Rejected, SendError, TryLater, Unknown
from publishing import http

WHO = "Bluesky"
SOON = timedelta(minutes=2)


class StaleSession(NotConnected):
    """The token has ended or is not one of this server's; nothing was done."""


class NoSuchRecord(Rejected):
    """Nothing lies under this key."""


class NoSuchBlob(Rejected):
    """The server has thrown away a picture that no post held; nothing was done."""


CODES: dict[str, type[SendError]] = {
    "ExpiredToken": StaleSession,
    "InvalidToken": StaleSession,
    "RecordNotFound": NoSuchRecord,
    "BlobNotFound": NoSuchBlob,
    "InvalidSwap": Unknown,  # something lies under the key already: reading it tells what
}
"""What a 4xx means by its code, where that says more than the status: an ended token answers 400."""


def get(host: str, method: str, *, now: datetime, token: str = "", **wanted: str) -> dict[str, Any]:
    """Ask a question; its answer's object. Raises as `http.asked` does, and the classes above."""
    with http.client(host, headers=_bearer(token)) as client:
        answer = http.asked(
            lambda: client.get(_path(method), params=wanted), who=WHO, now=now, auth=(401,), codes=CODES
        )
    return _object(answer)


def post(
    host: str,
    method: str,
    *,
    now: datetime,
    token: str = "",
    given: Mapping[str, Any] | None = None,
    data: bytes | None = None,
    mime: str = "",
) -> dict[str, Any]:
    """Have something done, once: with a JSON object, with bytes, or with nothing but the method's name."""
    body: dict[str, Any] = {"json": given} if given is not None else {}
    if data is not None:
        body = {"content": data, "headers": {"Content-Type": mime}}
    with http.client(host, headers=_bearer(token)) as client:
        answer = http.sent(lambda: client.post(_path(method), **body), who=WHO, now=now, auth=(401,), codes=CODES)
    return _object(answer)


@contextmanager
def nothing_left(now: datetime) -> Iterator[None]:
    """Around what comes before a post: where it stays unclear how that ended, the post itself certainly waits."""
    try:
        yield
    except Unknown as unclear:
        raise TryLater(f"{unclear.message} Nothing was sent.", now + SOON) from unclear


def _path(method: str) -> str:
    return f"/xrpc/{method}"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _object(answer: httpx2.Response) -> dict[str, Any]:
    try:
        found = answer.json() if answer.content else {}
    except ValueError as error:
        raise Unknown(f"{WHO} answered with something that is no JSON.") from error
    if not isinstance(found, dict):
        raise Unknown(f"{WHO} answered with something that is no object.")
    return found
