"""Finding a post again among an account's own, where no key names it."""

from datetime import datetime, timedelta

from core.publications import Publication
from memory import Memory
from publishing.platform import Approved

SKEW = timedelta(minutes=10)
"""How much a platform's clock and ours may differ."""


def earliest(approved: Approved, memory: Memory, now: datetime) -> datetime:
    """Return from when on a post there can be this one: from its arming, which is now. In a database that was restored
    from a backup it may have left before; then, from when it was first proposed."""
    made = approved.proposal.created_at
    return (made if memory.quarantines.covers(made) else now) - SKEW


def taken(memory: Memory, publication: Publication) -> frozenset[str]:
    """Return the ids of other posts of this channel that are known: two may say the same, each is counted once."""
    rows = memory.publications.list(publication.workspace, states=("published", "deleted"))
    others = (row for row in rows if row.channel == publication.channel and row.id != publication.id)
    return frozenset(row.remote_id for row in others if row.remote_id)
