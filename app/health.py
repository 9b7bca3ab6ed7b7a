"""How things are, for a person and for a machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Response
from fastapi.responses import HTMLResponse, JSONResponse

from app.examination import examine
from app.wording import number_of

if TYPE_CHECKING:
    from app.studio import Studio
    from app.worker import SendingProcess

HERE = Path(__file__).parent
_NEEDED = ("home", "workspace")
"""Checks without which nothing works; the others are things to look after."""


class Health:
    """Looks again at every call."""

    def __init__(self, studio: "Studio", sender: "SendingProcess | None") -> None:
        self._studio = studio
        self._sender = sender

    def look(self) -> dict[str, Any]:
        """Return `{ok, works, worker, waiting, checks: [{name, ok, says}]}`; `works`: whether things can go on."""
        checks = [{"name": c.name, "ok": c.ok, "says": c.says} for c in examine(self._studio)]
        alive = self._sender.alive if self._sender else None
        if alive is not None:
            checks.append({"name": "worker", "ok": alive, "says": "looks for what is due" if alive else "stopped"})
        return {
            "ok": all(check["ok"] for check in checks),
            "works": all(check["ok"] for check in checks if check["name"] in _NEEDED) and alive is not False,
            "worker": alive,
            "waiting": len(self._studio.pending()),
            "checks": checks,
        }

    def json(self) -> Response:
        """Return it for a machine: 503 where nothing can go on."""
        found = self.look()
        return JSONResponse(found, 200 if found["works"] else 503)

    def page(self) -> Response:
        """Return it for a person."""
        from jinja2 import Environment, FileSystemLoader

        found = self.look()
        off = sum(not check["ok"] for check in found["checks"])
        headline = f"{number_of(off, 'thing', 'things')} to look after" if off else "Everything is in order"
        page = Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template("health_page.html.j2")
        return HTMLResponse(page.render(headline=headline, checks=found["checks"]), 200 if found["works"] else 503)
