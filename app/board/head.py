"""What stands at the top of every page: whose board it is, what this month cost, and whether a model is behind it."""

import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.modelling import currency_of
from models import is_rehearsal

if TYPE_CHECKING:
    from app.studio import Studio

FRESH_S = 20.0


class Head:
    """Looked up anew at most every few seconds: every page asks."""

    def __init__(self, studio: "Studio") -> None:
        self._studio = studio
        self._found: dict[str, Any] = {}
        self._until = 0.0

    def __call__(self) -> dict[str, Any]:
        """Return `{workspace, spent, rehearsal}`."""
        if time.monotonic() >= self._until:
            self._found, self._until = self._look(), time.monotonic() + FRESH_S
        return self._found

    def _look(self) -> dict[str, Any]:
        space = self._studio.workspace
        now = self._studio.clock().astimezone(ZoneInfo(space.timezone))
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        total = self._studio.usage(since=month)
        spent = f"{total.cost:.2f} {currency_of(self._studio)} this month" if total.model_calls else ""
        return {"workspace": space.name, "spent": spent, "rehearsal": is_rehearsal(self._studio.crew.context.model)}
