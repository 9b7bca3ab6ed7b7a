"""One look at everything that waits, shared by all who watch: whatever changes, wherever, is told within a second.

A process has one `Watch` of its workspace. It asks the database for stamps (two small questions), reads anew only what
changed, and keeps the last changes, so that who was away for a moment is told what they missed.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.cards import standing
from app.wording import told
from core.decisions import Decision
from core.errors import GreenroomError
from core.ids import new_id
from memory.board_rows import BoardRow, Stamp

if TYPE_CHECKING:
    from app.studio import Studio

LOOK_EVERY_S = 0.4
RECENT = timedelta(days=7)
"""How long what was decided stays among what is watched; what is still on its way stays longer."""

KEPT_CHANGES = 1000


@dataclass(frozen=True)
class Watched:
    """One proposal as it stands, and who decided it."""

    row: BoardRow
    stamp: Stamp
    decision: Decision | None = None  # the one that stands

    @property
    def open(self) -> bool:
        """Whether a decision is still possible."""
        return self.stamp.state in ("waiting", "held")


@dataclass(frozen=True)
class Change:
    """Something that is other than it was. `now` is None for a proposal that left: replaced, forgotten, long settled.

    `was` is its stamp before, None where it is new; `said` tells who decided it, and when.
    """

    number: int
    proposal_id: str
    now: Watched | None
    was: Stamp | None
    said: str = ""


class Watch:
    """What waits and what became of it, kept true."""

    def __init__(self, studio: "Studio") -> None:
        self._studio = studio
        self._lock = threading.Lock()
        self._kept: dict[str, Watched] = {}
        self._changes: deque[Change] = deque(maxlen=KEPT_CHANGES)
        self._number = 0
        self._began = 0.0
        self._bells: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._looking: asyncio.Task[None] | None = None
        self.epoch = new_id("w")
        """Names this process's numbering of changes: a number of another one says nothing here."""

    @property
    def number(self) -> int:
        """The last change's number."""
        return self._number

    @property
    def kept(self) -> dict[str, Watched]:
        """Everything by id, as it was at the last look."""
        return self._kept

    def look(self) -> dict[str, Watched]:
        """Look now; return everything by id. What changed since the last look is told to all who listen.

        Of many who ask at once one looks: a look that began after somebody asked is as good as their own.
        """
        asked = time.monotonic()
        with self._lock:
            if asked < self._began:
                return dict(self._kept)
            began = time.monotonic()
            found = self._changed()
            self._began = began
            self._changes.extend(found)
            kept = dict(self._kept)
        if found:
            self._ring()
        return kept

    def since(self, number: int) -> list[Change] | None:
        """Return the changes after a number; None where too many were made to be told one by one."""
        with self._lock:
            if number > self._number or (self._changes and number < self._changes[0].number - 1):
                return None
            return [each for each in self._changes if each.number > number]

    async def listen(self, number: int, idle_s: float = 15.0) -> AsyncIterator[list[Change] | None]:
        """Yield changes after `number` as they come; an empty list after `idle_s` without any; None: look at it all."""
        bell = (asyncio.get_running_loop(), asyncio.Event())
        self._bells.add(bell)
        try:
            self._see_to_looking()
            while True:
                bell[1].clear()
                changes = self.since(number)
                number = self._number if changes is None else changes[-1].number if changes else number
                if changes is None or changes:
                    yield changes
                    continue
                try:
                    await asyncio.wait_for(bell[1].wait(), idle_s)
                except TimeoutError:
                    yield []
        finally:
            self._bells.discard(bell)

    def _see_to_looking(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())

    async def _look_on(self) -> None:
        while self._bells:
            with suppress(GreenroomError):  # a busy database: the next look may do better
                await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_EVERY_S)

    def _ring(self) -> None:
        for loop, bell in list(self._bells):
            with suppress(RuntimeError):  # its loop has ended
                loop.call_soon_threadsafe(bell.set)

    def _changed(self) -> list[Change]:
        memory, space = self._studio.memory, self._studio.workspace.id
        stamps = memory.board_rows.stamps(space, self._studio.clock() - RECENT)
        new = [each for each, stamp in stamps.items() if each not in self._kept or self._kept[each].stamp != stamp]
        rows = {row.id: row for row in memory.board_rows.rows(space, new)} if new else {}
        gone = [each for each in self._kept if each not in stamps]
        was = {each: self._kept[each].stamp for each in (*rows, *gone) if each in self._kept}
        for each in gone:
            del self._kept[each]
        for each, row in rows.items():
            self._kept[each] = Watched(row, stamps[each], self._decision(each, stamps[each]))
        return list(self._numbered((*gone, *rows), was))

    def _numbered(self, ids: Iterable[str], was: dict[str, Stamp]) -> Iterable[Change]:
        for each in ids:
            self._number += 1
            now = self._kept.get(each)
            said = self._said(now.decision) if now and now.decision else ""
            yield Change(self._number, each, now, was.get(each), said)

    def _decision(self, proposal_id: str, stamp: Stamp) -> Decision | None:
        if stamp.state == "waiting" and stamp.stage in ("proposals", "angles"):
            return None
        return standing(self._studio.memory.decisions.for_proposal(proposal_id))

    def _said(self, decision: Decision) -> str:
        return told(decision, self._studio.workspace.timezone, self._studio.clock())
