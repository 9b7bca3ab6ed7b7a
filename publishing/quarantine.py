"""After a restore from a backup: everything that was under way is read back before anything at all is sent."""

from collections.abc import Callable
from datetime import datetime

from core.publications import Publication, PublicationState
from memory import Memory

_NOT_READ_BACK: tuple[PublicationState, ...] = ("preparing", "armed", "unknown", "reconciling")


class Quarantine:
    """What a restored database still has to find out."""

    def __init__(self, memory: Memory, clock: Callable[[], datetime]) -> None:
        self._memory = memory
        self._clock = clock

    def since(self) -> datetime | None:
        """Return when the restore was, while something older is still to be read back; None: all is known."""
        return max((each.started_at for each in self._memory.quarantines.open()), default=None)

    def look_again(self) -> str:
        """Lift the quarantine if nothing is left to read back; return a note on how it stands."""
        restored = self.since()
        left = self._left(restored) if restored else []
        if left:
            return (
                f"Restored from a backup: {len(left)} posts of before are being read back; nothing else is sent "
                "until that is done (greenroom publications)."
            )
        self._memory.quarantines.lift()
        return "Restored from a backup: everything that was under way has been read back."

    def _left(self, restored: datetime) -> list[Publication]:
        """Return what can be read back and isn't yet. What can't go anyway (a thread's part behind one that needs a
        person, a post that keeps its gap) is not waited for: it is doubted when its turn comes, quarantine or not."""
        under_way = self._memory.publications.list(states=_NOT_READ_BACK)
        rows = {row.id: row for row in (*under_way, *self._memory.publications.due(self._clock()))}
        return [row for row in rows.values() if row.created_at <= restored]
