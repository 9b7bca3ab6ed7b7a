"""One forgetting as it was looked up, inside the transaction that carries it out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from core.works import Work
from memory.forgetting.names import Name
from memory.forgetting.wish import Wish
from memory.quotes import Quotes, replaced

Counts = dict[str, dict[str, int]]
"""What was done (removed, blanked, kept) -> table -> how many rows."""


@dataclass
class Case:
    """What goes, what finds it elsewhere, and what was done so far."""

    wish: Wish
    whole: tuple[Work, ...] = ()  # works that go, in every version they had
    shared: tuple[tuple[Work, ...], ...] = ()  # works that a person has a part in, in every version; the last is now's
    quotes: Quotes = field(default_factory=Quotes)
    name: Name | None = None
    counts: Counts = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)  # ids of works that name the person and stay as they are
    withheld: list[int] = field(default_factory=list)  # entries of the ledger that are known by their hash only, now
    decisions: set[str] = field(default_factory=set)  # decisions whose rows were changed
    unlearned: set[str] = field(default_factory=set)  # decisions that teach nothing any more
    files: list[str] = field(default_factory=list)  # hashes of files whose bytes go
    threads: set[str] = field(default_factory=set)  # ids whose threads go with them: of briefs, proposals
    alone: bool = False  # a workspace that is the only one: every conversation of this home is its own
    settle: Callable[[Connection], object] = lambda _conn: None  # brings the learned rules to what is left
    hashes: set[str] = field(default_factory=set)  # that vectors of what goes are kept by

    @property
    def workspace(self) -> str:
        """Whose it is."""
        return self.wish.workspace

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the works that go."""
        return frozenset(work.id for work in self.whole)

    def count(self, what: str, table: str, rows: int) -> None:
        """Note what was done."""
        done = self.counts.setdefault(what, {})
        done[table] = done.get(table, 0) + rows

    def blank(self, value: Any) -> Any:
        """Return a plain JSON value without the works' ids, what it quotes of them, and the person's name.

        A name in the middle of a text stays, unless mentions were to go too.
        """
        value = self.quotes.blank(without(value, self.ids) if self.ids else value)
        if self.name is None:
            return value
        value = self.name.blank_whole(value)
        return replaced(value, self.name.blank_text) if self.wish.mentions else value

    def found_in(self, value: Any) -> bool:
        """Say whether `blank` would change a value."""
        return bool(self.blank(value) != value)


def without(value: Any, ids: frozenset[str]) -> Any:
    """Return a plain JSON value without the ids: out of lists, with what is kept under them, else None in their place.

    An entry of a list that is about one of them (`{"work_id": …}`) goes as a whole.
    """
    if isinstance(value, str):
        return None if value in ids else value
    if isinstance(value, list):
        return [without(item, ids) for item in value if not _is_about(item, ids)]
    if isinstance(value, dict):
        return {name: without(item, ids) for name, item in value.items() if name not in ids}
    return value


def _is_about(item: Any, ids: frozenset[str]) -> bool:
    if isinstance(item, dict):
        return item.get("work_id") in ids or item.get("id") in ids
    return isinstance(item, str) and item in ids
