"""A page by its address: asked for once, as robots.txt allows, with every redirect checked like the first."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from core.errors import BadInput, NotAllowed
from media.web.addresses import Target, target
from media.web.asking import TOKEN, Answer, Limits, ask

MOST_REDIRECTS = 5
ROBOTS_BYTES = 512_000  # RFC 9309: at least 500 KiB are read, what comes after may be left
PAGES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")

_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.8, text/markdown;q=0.8"


@dataclass(frozen=True)
class Page:
    """A page as it was fetched."""

    url: str  # where it was in the end
    asked: str  # as it was given
    kind: str  # its content type, without parameters
    charset: str  # as the header says, empty where it does not
    body: bytes
    fetched_at: datetime


def fetch(url: str, clock: Callable[[], datetime], limits: Limits | None = None) -> Page:
    """Return the page at an address.

    Raises BadInput where it can't be had or is no page of text, NotAllowed where robots.txt does not allow it. Only
    public addresses are asked, every redirect is checked again, and from https none leads back to http.
    """
    limits = limits or Limits()
    until = time.monotonic() + limits.seconds
    at = target(url, any_port=limits.allow_loopback)
    allowed: dict[str, Any] = {}
    for _ in range(MOST_REDIRECTS + 1):
        _ask_robots(at, _left(limits, until), allowed)
        answer = ask(at, _left(limits, until), accept=_ACCEPT)
        if answer.status not in _REDIRECTS:
            return _page(url, at, answer, clock())
        at = _next(at, answer, limits)
    raise BadInput(f"{at.host} leads from one address to the next without end.", _SAVE)


def _left(limits: Limits, until: float) -> Limits:
    """Return what is left of the limits: their seconds are for the page, its rules and all redirects together."""
    return replace(limits, seconds=max(0.0, until - time.monotonic()))


def _next(at: Target, answer: Answer, limits: Limits) -> Target:
    to = answer.headers.get("location", "")
    if not to:
        raise BadInput(f"{at.host} leads elsewhere without saying where.", _SAVE)
    further = target(urljoin(at.url, to), any_port=limits.allow_loopback)
    if at.scheme == "https" and further.scheme == "http":
        raise BadInput(f"{at.host} leads to an address without encryption; it was not followed.", _SAVE)
    return further


def _page(asked: str, at: Target, answer: Answer, now: datetime) -> Page:
    if answer.status != 200:
        raise BadInput(f"{at.host} answered {answer.status} for this address.", _SAVE)
    kind, _, rest = answer.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind not in PAGES:
        raise BadInput(f"What stands there is {kind or 'of no stated type'}, not a page of text.", _SAVE)
    charset = next((part.partition("=")[2] for part in rest.split(";") if "charset=" in part.lower()), "")
    return Page(at.url, asked.strip(), kind, charset.strip(" \"'").lower(), answer.body, now)


def _ask_robots(at: Target, limits: Limits, known: dict[str, Any]) -> None:
    """Raise NotAllowed where the site's robots.txt keeps this address from us; each site is asked once."""
    if at.origin not in known:
        known[at.origin] = _rules(at, limits)
    rules = known[at.origin]
    if rules is not None and not rules.can_fetch(at.url, TOKEN):
        raise NotAllowed(
            f"{at.host} asks programs not to fetch this address (robots.txt); it was not fetched.",
            "Open it yourself, save what you may use to a file, and give it with --from FILE.",
        )


def _rules(at: Target, limits: Limits) -> Any:
    """Return a site's rules, None where it has none (4xx); unreachable rules allow nothing (RFC 9309)."""
    from protego import Protego

    there = at._replace(path="/robots.txt")
    few, until = replace(limits, bytes=ROBOTS_BYTES), time.monotonic() + limits.seconds
    for _ in range(MOST_REDIRECTS + 1):
        answer = ask(there, _left(few, until), accept="text/plain, */*;q=0.1", cut=True)
        if answer.status not in _REDIRECTS:
            break
        there = _next(there, answer, limits)
    if 400 <= answer.status < 500:
        return None
    if answer.status != 200:
        raise NotAllowed(
            f"{at.host} did not say what programs may fetch (its robots.txt answered {answer.status}).",
            "Try again later, or save the page to a file and give it with --from FILE.",
        )
    return Protego.parse(answer.body.decode("utf-8", "replace"))


_SAVE = "Check the address in a browser, or save the page to a file and give it with --from FILE."
