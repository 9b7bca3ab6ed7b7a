"""The two works that a remix crosses: both fit the brief, and of those that do they are farthest apart."""

from collections.abc import Sequence
from typing import NamedTuple

from core.briefs import Brief
from core.works import Recalled
from tools.context import Context

BEST = 4  # recalled works that fit: a share of the best score says nothing, fused scores lie around zero


class Crossing(NamedTuple):
    """Two works, and how far apart they are: 1 - cosine of their kept vectors."""

    work_ids: tuple[str, str]
    distance: float


def crossing(context: Context, brief: Brief, recalled: Sequence[Recalled]) -> Crossing | None:
    """Return the two works to cross; None where fewer than two fit, or have vectors yet."""
    fitting = [work.work_id for work in recalled[:BEST]]
    if len(fitting) < 2:
        return None
    apart = context.memory.distances(brief.workspace, fitting)
    if not apart:
        return None
    pair = max(apart, key=lambda each: (apart[each], each))
    return Crossing(pair, round(apart[pair], 3))
