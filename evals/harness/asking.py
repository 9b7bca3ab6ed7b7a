"""A candidate's endpoint as cases ask it: what it left unanswered is noted, as no answer is not a poor answer.

The product goes on without a model where it can, and says so. A person reads that; a figure would take it for what the
model does, and a promise for one that was kept under it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from models import Meter, Switchboard
from models.errors import RequestRefused, Unavailable

T = TypeVar("T")
SILENT = (Unavailable, RequestRefused)
"""The endpoint can't be reached, is at its limit, too slow, fails, answers what can't be read, or refuses a request."""


class Noting(Switchboard):
    """A switchboard that knows which of its calls came to nothing, though what asked it may have gone on."""

    unanswered: Unavailable | RequestRefused | None = None

    def answer(self, messages: Any, schema: Any, meter: Meter | None, stage: str) -> Any:
        """Ask as every switchboard does; note a call without an answer."""
        return self._noted(lambda: super(Noting, self).answer(messages, schema, meter, stage))

    def converse(self, messages: Any, tools: Any, meter: Meter, stage: str = "chat") -> Any:
        """Ask as every switchboard does; note a call without an answer."""
        return self._noted(lambda: super(Noting, self).converse(messages, tools, meter, stage))

    def _noted(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except SILENT as error:
            self.unanswered = self.unanswered or error
            raise
