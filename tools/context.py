"""What every tool works with: handed through, never global, and nothing in it can publish."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.briefs import Brief
from core.works import Workspace

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from memory import Memory
    from models import Meter


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """Memory, the model and the clock. `meter_for` opens the record that a brief's model calls are written to."""

    memory: "Memory"
    model: "BaseChatModel"
    meter_for: Callable[[str, str | None], "Meter"]  # (workspace, brief id)
    now: Callable[[], datetime] = field(default=_now)

    def workspace_of(self, brief: Brief) -> Workspace:
        """Return the workspace that asked."""
        return self.memory.workspaces.get(brief.workspace)

    def meter(self, brief: Brief) -> "Meter":
        """Return the meter of this brief."""
        return self.meter_for(brief.workspace, brief.id)
