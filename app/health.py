"""How things are, for a person and for a machine."""

import time
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from fastapi import Response
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader

from app.board.head import Head
from app.board.rendering import HERE as BOARD
from app.board.rendering import POLICY, environment
from app.examination import examine
from app.figures import Figures, look
from app.modelling import currency_of
from app.spending import budget_line
from app.wording import number_of

if TYPE_CHECKING:
    from app.studio import Studio
    from app.worker import SendingProcess

HERE = Path(__file__).parent
_NEEDED = ("home", "workspace")
"""Checks without which nothing works; the others are things to look after."""


FRESH_S = 5.0
"""How long what anybody may ask is answered with what was found last."""


class Health:
    """Looks again at every call of somebody who has signed in."""

    def __init__(self, studio: "Studio", sender: "SendingProcess | None") -> None:
        self._studio = studio
        self._sender = sender
        self._head = Head(studio)
        self._lock = Lock()
        self._works, self._until = False, 0.0

    def look(self) -> dict[str, Any]:
        """Return `{ok, works, worker, waiting, checks: [{name, ok, says}]}`; `works`: whether things can go on."""
        return self._look()[0]

    def json(self) -> Response:
        """Return it, with the figures, for a machine: 503 where nothing can go on."""
        found, figures = self._look()
        return JSONResponse(found | {"figures": _plain(figures)}, 200 if found["works"] else 503)

    def brief(self) -> Response:
        """Return for somebody who has not signed in whether things can go on, and nothing else.

        Anybody may ask, as often as they like: they are told what was found a moment ago.
        """
        with self._lock:
            if time.monotonic() >= self._until:
                self._works = bool(self.look()["works"])
                self._until = time.monotonic() + FRESH_S
            works = self._works
        return JSONResponse({"works": works}, 200 if works else 503)

    def page(self) -> Response:
        """Return it for a person."""
        found, figures = self._look()
        off = sum(not check["ok"] for check in found["checks"])
        currency = currency_of(self._studio)
        page = (
            _environment()
            .get_template("health_page.html.j2")
            .render(
                head=self._head(),
                here="Health",
                headline=f"{number_of(off, 'thing', 'things')} to look after" if off else "Everything is in order",
                checks=sorted(found["checks"], key=lambda check: bool(check["ok"])),
                tiles=tiles(figures),
                errors=figures.errors,
                budgets=[budget_line(each, currency) for each in figures.budgets],
            )
        )
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(page, 200 if found["works"] else 503, headers=headers)

    def _look(self) -> tuple[dict[str, Any], Figures]:
        checks = [{"name": c.name, "ok": c.ok, "says": c.says} for c in examine(self._studio)]
        alive = self._sender.alive if self._sender else None
        if alive is not None:
            checks.append({"name": "worker", "ok": alive, "says": "looks for what is due" if alive else "stopped"})
        figures = look(self._studio, self._sender)
        found = {
            "ok": all(check["ok"] for check in checks),
            "works": all(check["ok"] for check in checks if check["name"] in _NEEDED) and alive is not False,
            "worker": alive,
            "waiting": figures.waiting,
            "checks": checks,
        }
        return found, figures


def tiles(figures: Figures) -> list[tuple[str, str, str, str]]:
    """Return (what, number, meaning, colour) of what matters at one glance."""
    seconds = figures.last_look_s
    seen = "none has ever looked" if seconds is None else f"last look {_ago(seconds)}"
    line = sum(figures.outbox[state] for state in ("scheduled", "preparing", "armed"))
    return [
        ("Worker", "alive" if figures.alive else "away", seen, "green" if figures.alive else "red"),
        ("Wait for a person", str(figures.waiting), "on the board", "amber" if figures.waiting else "grey"),
        ("In line", str(line), "approved, not gone out yet", "grey"),
        ("Past due", str(figures.past_due), "later than five minutes", "red" if figures.past_due else "grey"),
        ("Unknown", str(figures.unknown), "read back before repeating", "red" if figures.unknown else "grey"),
    ]  # fmt: skip


def _plain(figures: Figures) -> dict[str, Any]:
    last = [
        row.model_dump(mode="json", include={"id", "channel", "state", "reason", "updated_at"})
        for row in figures.errors
    ]
    return {key: value for key, value in vars(figures).items() if key != "errors"} | {"errors": last}


def _ago(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s ago"
    return f"{seconds / 60:.0f} min ago" if seconds < 5400 else f"{seconds / 3600:.0f} h ago"


def _environment() -> Environment:
    made: Environment = environment().overlay(loader=FileSystemLoader([HERE, BOARD / "templates"]))
    return made
