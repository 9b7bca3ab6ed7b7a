"""What every tool works with: handed through, never global, and nothing in it can publish."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from core.briefs import Brief
from core.works import Workspace

Part = Literal["memory", "voice", "checks", "revision"]
"""What an evaluation may leave out, to see what it is worth. No door can."""

if TYPE_CHECKING:
    from memory import Memory
    from models import Meter, Switchboard
    from models.translation import Translator


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """Memory, the models and the clock. `meter_for` opens the record that a brief's model calls are written to."""

    memory: "Memory"
    model: "Switchboard"
    meter_for: Callable[..., "Meter"]  # (workspace, brief id), and by name: channel, locale, variant
    now: Callable[[], datetime] = field(default=_now)
    translator: "Translator | None" = None  # instead of a chat model, where one is named
    without: frozenset[Part] = frozenset()

    def workspace_of(self, brief: Brief) -> Workspace:
        """Return the workspace that asked."""
        return self.memory.workspaces.get(brief.workspace)

    def meter(self, brief: Brief, *, channel: str = "", locale: str = "", variant: int = 0) -> "Meter":
        """Return the meter of this brief; of one proposal of it, where the call is for that one alone.

        Its `model` says afterwards which model answered: that is what a draft's provenance carries.
        """
        return self.meter_for(brief.workspace, brief.id, channel=channel, locale=locale, variant=variant)
