"""Look-alikes: what waits for the same channel, account and language, looked at one by one and approved together."""

from collections.abc import Mapping

from app.watching import Watched
from core.errors import NotFound

MOST = 50


def alike(watched: Mapping[str, Watched], proposal_id: str) -> list[str]:
    """Return the ids of what waits beside a proposal under the same rules, itself first. Raises NotFound."""
    if proposal_id not in watched:
        raise NotFound(f"{proposal_id} is not on the board any more.", "Open the board to see what waits.")
    mine = watched[proposal_id].row
    same = (mine.channel, mine.account, mine.locale)
    found = [
        each.row
        for each in watched.values()
        if each.stamp.state == "waiting" and (each.row.channel, each.row.account, each.row.locale) == same
    ]
    found.sort(key=lambda row: (row.id != proposal_id, row.brief_id != mine.brief_id, row.created_at, row.variant))
    return [row.id for row in found[:MOST]]
