"""How the board's pages are made: templates that escape everything, and a policy that only lets our scripts run."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.accounts.who import who_asks

HERE = Path(__file__).parent
STATIC = HERE / "static"
FONTS = HERE.parent / "public" / "fonts"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}

PAGES = (
    ("/", "Board"),
    ("/calendar", "Calendar"),
    ("/chat/", "Chat"),
    ("/works", "Works"),
    ("/voice", "Voice"),
    ("/segments", "Translations"),
    ("/health", "Health"),
)

_IN = {
    "board.html.j2": "Board",
    "batch.html.j2": "Board",
    "works.html.j2": "Works",
    "work.html.j2": "Works",
    "calendar.html.j2": "Calendar",
    "voice.html.j2": "Voice",
    "talks.html.j2": "Chat",
}


@cache
def environment() -> Environment:
    """Return the one environment of the board's templates."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["pages"] = PAGES
    made.globals["who_asks"] = who_asks
    return made


class Pages:
    """Renders pages with what stands at the top of each: whose board it is, what it cost this month."""

    def __init__(self, head: Callable[[], dict[str, Any]]) -> None:
        self._head = head

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a whole page."""
        text = environment().get_template(template).render(head=self._head(), here=_IN.get(template, ""), **values)
        return HTMLResponse(text, status, headers=_HEADERS)

    @staticmethod
    def bare(template: str, status: int, **values: Any) -> Response:
        """Return a page that has nothing at its top: nothing is looked up for it, so nothing can be in its way."""
        return HTMLResponse(render(template, **values), status, headers=_HEADERS)

    @staticmethod
    def part(template: str, **values: Any) -> Response:
        """Return a part of a page, which a script puts in its place."""
        return HTMLResponse(render(template, **values), headers=_HEADERS)


def render(template: str, **values: Any) -> str:
    """Return a template's text."""
    return environment().get_template(template).render(**values)
