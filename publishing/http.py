"""One HTTP request to a platform, and what its ending means: the one place where an answer becomes certain or not.

A client library that repeats a request by itself would break the promise, so senders speak HTTP through here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from core.errors import NotConnected, Rejected, SendError, TryLater, Unknown

TIMEOUT_S = 20.0
"""How long one request may take; every platform's `settle` counts it in."""

DEFAULT_WAIT = timedelta(minutes=5)
"""How long to wait after a 429 that does not say."""

SOON = timedelta(minutes=2)
"""How long to wait where something before the post stayed unclear."""

MOST_WAIT = timedelta(days=1)

Codes = Mapping[str, type[SendError]]
"""What a 4xx answer means by its own error code (`error` in its JSON), where that says more than the status."""

_AUTH = (401, 403)
_RESETS = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")
_SAID = 300


def client(
    base_url: str = "", *, timeout_s: float = TIMEOUT_S, headers: Mapping[str, str] | None = None
) -> httpx2.Client:
    """Return a client that repeats no request, follows no redirect, and takes no proxy from the environment."""
    return httpx2.Client(
        base_url=base_url,
        timeout=httpx2.Timeout(timeout_s),
        transport=httpx2.HTTPTransport(retries=0),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "Greenroom", **(headers or {})},
    )


def sent(
    call: Callable[[], httpx2.Response],
    *,
    who: str,
    now: datetime,
    auth: tuple[int, ...] = _AUTH,
    codes: Codes | None = None,
) -> httpx2.Response:
    """Make the one request that puts something before an audience, and return a 2xx answer.

    Raises Rejected, NotConnected (a status in `auth`) or TryLater (429) only for a definite answer; Unknown for
    everything after which the post may be live: a 5xx, a redirect, a cut or late answer, no answer. `codes` go first.
    """
    try:
        answer = call()
    except httpx2.HTTPError as error:
        raise Unknown(f"{who} gave no clear answer ({type(error).__name__}).") from error
    return _judged(answer, who=who, now=now, auth=auth, codes=codes or {})


def asked(
    call: Callable[[], httpx2.Response],
    *,
    who: str,
    now: datetime,
    auth: tuple[int, ...] = _AUTH,
    codes: Codes | None = None,
) -> httpx2.Response:
    """Make a request that changes nothing an audience sees (a login, an upload, a reading back).

    Raises like `sent`; its Unknown means only that it could not be asked.
    """
    return sent(call, who=who, now=now, auth=auth, codes=codes)


@contextmanager
def nothing_left(now: datetime) -> Iterator[None]:
    """Around what comes before a post: where it stays unclear how that ended, the post itself certainly waits."""
    try:
        yield
    except Unknown as unclear:
        raise TryLater(f"{unclear.message} Nothing was sent.", now + SOON) from unclear


def _judged(
    answer: httpx2.Response, *, who: str, now: datetime, auth: tuple[int, ...], codes: Codes
) -> httpx2.Response:
    status = answer.status_code
    if answer.is_success:
        return answer
    if answer.is_client_error and (meant := codes.get(_code(answer))):
        raise meant(f"{who} says no ({status}): {said(answer)}")
    if status == 429:
        raise TryLater(f"{who} asks to wait (429).", _until(answer, now))
    if status in auth:
        raise NotConnected(f"{who} does not accept the credentials ({status}): {said(answer)}")
    if 400 <= status < 500 and status != 408:
        raise Rejected(f"{who} says no ({status}): {said(answer)}")
    raise Unknown(f"{who} answered {status}.")


def _code(answer: httpx2.Response) -> str:
    try:
        body: Any = answer.json()
    except ValueError:
        return ""
    return str(body.get("error", "")) if isinstance(body, dict) else ""


def said(answer: httpx2.Response) -> str:
    """Return what an error answer says, in one short line."""
    try:
        body: Any = answer.json()
    except ValueError:
        body = None
    words = answer.text
    if isinstance(body, dict):
        parts = [body.get(key) for key in ("error", "title", "message", "detail", "error_description")]
        words = " ".join(str(part) for part in parts if isinstance(part, str | int)) or answer.text
    return " ".join(words.split())[:_SAID] or "no reason given"


def _until(answer: httpx2.Response, now: datetime) -> datetime:
    """Return when to come back: Retry-After in seconds or as a date, else a reset header, else some minutes."""
    given = answer.headers.get("retry-after", "").strip()
    reset = next(
        (
            answer.headers[name]
            for name in ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")
            if name in answer.headers
        ),
        "",
    ).strip()
    until = _from_header(given, now) or _from_header(reset, now) or now + DEFAULT_WAIT
    return min(max(until, now + timedelta(seconds=1)), now + MOST_WAIT)


def _from_header(value: str, now: datetime) -> datetime | None:
    try:
        if value.isdigit():
            number = int(value)
            return datetime.fromtimestamp(number, UTC) if number > 1_000_000_000 else now + timedelta(seconds=number)
        moment = datetime.fromisoformat(value) if value[4:5] == "-" else parsedate_to_datetime(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
