"""What people said when they turned drafts down: their own words, for whoever drafts next."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select

from core.base import Instant, Noun
from memory.consents import lost
from memory.database import Database
from memory.proposals import load
from memory.tables import briefs, decisions, proposals

LOOKED_AT = 200
"""The latest decisions with a note that are looked at."""

_WORD = re.compile(r"\w{3,}")


class TurnedDown(Noun):
    """One rejection or change request, with the reason as it was given."""

    decision_id: str
    proposal_id: str
    verb: str  # reject, changes
    note: str
    at: Instant
    by: str
    channel: str
    ask: str  # what the brief had asked for
    text: str  # what was turned down


class TurnedDowns:
    """Rejections and change requests that say why. What was taken back is not among them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def like(self, workspace: str, about: str, *, k: int, channel: str | None = None) -> tuple[TurnedDown, ...]:
        """Return up to `k` that fit what is asked for now, newest first: those that share its rarer words before
        others, and the channel's own before other channels'. A draft that leans on what consent was revoked for is
        quoted no more."""
        said = self._latest(workspace)
        rarity = _rarity([_about(each) for each in said])
        wanted = set(_words(about))

        def fit(each: TurnedDown) -> tuple[float, bool]:
            return sum(rarity[word] for word in wanted & set(_words(_about(each)))), each.channel == channel

        best = self._usable(workspace, sorted(said, key=lambda each: (*fit(each), each.at), reverse=True), k)
        return tuple(sorted(best, key=lambda each: each.at, reverse=True))

    def _usable(self, workspace: str, said: Sequence[TurnedDown], k: int) -> list[TurnedDown]:
        with self._database.read() as conn:
            return list(islice((each for each in said if not lost(conn, load(conn, workspace, each.proposal_id))), k))

    def _latest(self, workspace: str) -> list[TurnedDown]:
        columns: Any = (
            decisions.c.id.label("decision_id"),
            *(decisions.c[name] for name in ("proposal_id", "verb", "note", "at", "by")),
            *(proposals.c[name] for name in ("channel", "text")),
            briefs.c.data,
        )
        joined = decisions.join(proposals, proposals.c.id == decisions.c.proposal_id)
        rows = (
            select(*columns)
            .select_from(joined.join(briefs, briefs.c.id == proposals.c.brief_id))
            .where(
                decisions.c.workspace == workspace,
                decisions.c.verb.in_(("reject", "changes")),
                decisions.c.undone_by.is_(None),
                decisions.c.note != "",
            )
            .order_by(decisions.c.at.desc(), decisions.c.id)
            .limit(LOOKED_AT)
        )
        with self._database.read() as conn:
            found = [row._mapping for row in conn.execute(rows)]
        names = set(TurnedDown.model_fields) - {"ask"}
        return [TurnedDown(**{name: row[name] for name in names}, ask=row["data"].get("ask", "")) for row in found]


def _about(each: TurnedDown) -> str:
    return f"{each.ask} {each.note}"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _rarity(texts: Sequence[str]) -> dict[str, float]:
    """Return 1 for a word of one text, less for a word of many: “episode” tells little where all are about episodes."""
    counts = Counter(word for text in texts for word in set(_words(text)))
    return {word: 1 / count for word, count in counts.items()}
