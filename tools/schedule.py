"""Propose a time, with its reason. Proposing is all it does: nothing is booked before a person approves."""

from collections.abc import Iterable
from datetime import datetime

from core.calendar import next_slot
from tools.context import Context


def propose_time(
    context: Context, workspace: str, channel: str, taken: Iterable[datetime] = ()
) -> tuple[datetime, str]:
    """Return the next good slot for a channel and why, keeping away from what is planned already."""
    zone = context.memory.workspaces.get(workspace).timezone
    planned = [p.due_at for p in context.memory.publications.list(workspace) if p.channel == channel]
    return next_slot(channel, context.now(), zone, taken=[*planned, *taken])
