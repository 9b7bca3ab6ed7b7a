"""Propose a time, with its reason. Proposing is all it does: nothing is booked before a person approves."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.calendar import LEAD, next_slot
from core.series import Occurrence
from core.wall_time import to_wall
from tools.context import Context


def propose_time(
    context: Context, workspace: str, channel: str, taken: Iterable[datetime] = ()
) -> tuple[datetime, str]:
    """Return the next good slot for a channel and why, keeping away from what is planned already.

    The creator's own recurring slots come first; without any, the channel's default ones.
    """
    busy = list(taken)
    own = context.memory.series.open(workspace, channel, after=context.now() + LEAD)
    free = [each for each in own if each.at not in busy]
    if free:
        return free[0].at, _reason(context, workspace, free[0], own)
    zone = context.memory.workspaces.get(workspace).timezone
    planned = [p.due_at for p in context.memory.publications.list(workspace) if p.channel == channel]
    return next_slot(channel, context.now(), zone, taken=[*planned, *busy])


def _reason(context: Context, workspace: str, chosen: Occurrence, own: Sequence[Occurrence]) -> str:
    series = next(each for each in context.memory.series.list(workspace) if each.id == chosen.series_id)
    wall = to_wall(chosen.at, chosen.zone)
    name = f"your slot “{series.name}”" if series.name else "your recurring slot"
    later = f" {len(own) - 1} more of your slots are free." if len(own) > 1 else ""
    note = f" {chosen.note}" if chosen.note else ""
    return f"{wall:%a} {wall.day} {wall:%b} {wall:%H:%M} is {name}: {series.words}.{note}{later}"
