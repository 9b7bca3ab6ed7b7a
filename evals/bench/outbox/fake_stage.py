"""A fake platform, named so, of each idempotency class: it keeps what arrives in a file that outlives a killed sender.

Its faults come from a list, one for each request that tries to put something live:
accept; drop (lost on the way there); late (answers nothing and goes live up to 90 s later); lost_ack (live, no answer);
cut (the connection breaks halfway: it arrived or not); 4xx; 429.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.canonical import sha256
from core.errors import Rejected, TryLater, Unknown
from core.publications import Delivery, Publication
from publishing.platform import Approved, Idempotency, Keep, Sender

LATEST = timedelta(seconds=90)
READ_LAG = timedelta(seconds=5)
TIMEOUT = timedelta(seconds=20)
FAULTS = ("accept", "drop", "late", "lost_ack", "cut", "4xx", "429")


class FakeStage(Sender):
    """One account on a fake platform of class K, H, D or N."""

    name = "bluesky"
    send_within = timedelta(seconds=30)

    def __init__(
        self,
        journal: Path,
        clock: Callable[[], datetime],
        idempotency: Idempotency,
        faults: Sequence[str] = (),
        point: Callable[[str], None] = lambda _name: None,
        *,
        folds: bool = True,
        settle: timedelta = TIMEOUT + LATEST + READ_LAG,
        seed: int = 0,
    ) -> None:
        self.idempotency = idempotency
        self.settle = settle
        self._folds = folds  # K: whether a repeat of a key is a no-op; if not (any more), reading back must do
        self._journal = journal
        self._clock = clock
        self._faults = faults
        self._seed = seed  # how late, and whether a cut request arrived, follow from it: keys are new in every run
        self._point = point  # where a sender may be killed

    def key(self, approved: Approved) -> str:
        """Return the handle of what was prepared (H), else a key of our own."""
        return str(approved.publication.handles.get("container") or f"key-{approved.stable[:16]}")

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Make a container (H), which nobody sees."""
        if self.idempotency == "H" and "container" not in approved.publication.handles:
            self._point("before the container")
            made = f"c-{approved.stable[:12]}-{len(self._entries())}"
            self._note({"container": made})
            self._point("container made, not kept")
            keep({"container": made})

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Put it live, unless the next fault says otherwise."""
        self._point("before the request")
        fault = self._next_fault()
        text, key = request["payload"]["text"], request["key"]
        self._note({"request": text, "key": key, "fault": fault})
        self._point("request on its way")
        if fault == "429":
            raise TryLater("the fake stage says: wait", self._clock() + timedelta(minutes=15))
        if fault == "drop" or (fault == "cut" and self._flips()):
            raise Unknown("no answer")
        if fault == "4xx" or self._refuses(text, key):
            raise Rejected("the fake stage says: no")
        late = timedelta(seconds=self._number() % 91) if fault == "late" else timedelta(0)
        self._arrive(text, key, self._clock() + late)
        self._point("arrived, not answered")
        if fault in ("late", "lost_ack", "cut"):
            raise Unknown("no answer")
        return Delivery(remote_id=f"at://{key}", url=f"https://stage.example/{key}", at=self._clock())

    def look(self, publication: Publication) -> Delivery | None:
        """Read what the audience sees, which lags a little."""
        self._point("before looking")
        seen = [post for post in self.posts() if _at(post) <= self._clock() - READ_LAG]
        mine = [post for post in seen if self._is_mine(post, publication)]
        if not mine:
            return None
        key = mine[0]["key"]
        return Delivery(remote_id=f"at://{key}", url=f"https://stage.example/{key}", at=_at(mine[0]))

    def posts(self) -> list[dict[str, Any]]:
        """Return everything that is live or will be."""
        return [entry for entry in self._entries() if "live_at" in entry]

    def requests(self) -> list[dict[str, Any]]:
        """Return every request that tried to put something live."""
        return [entry for entry in self._entries() if "request" in entry]

    def _is_mine(self, post: dict[str, Any], publication: Publication) -> bool:
        if self.idempotency in ("D", "N"):
            return bool(post["text"] == (publication.request or {})["payload"]["text"])
        return bool(post["key"] == publication.key)

    def _refuses(self, text: str, key: str) -> bool:
        """D refuses what is identical, H a container that was published: both without saying which post it was."""
        if self.idempotency == "D":
            return any(post["text"] == text for post in self.posts())
        return self.idempotency == "H" and any(post["key"] == key for post in self.posts())

    def _arrive(self, text: str, key: str, live_at: datetime) -> None:
        if self.idempotency == "K" and self._folds and any(post["key"] == key for post in self.posts()):
            return
        self._note({"text": text, "key": key, "live_at": live_at.isoformat()})

    def _next_fault(self) -> str:
        done = len(self.requests())
        return self._faults[done] if done < len(self._faults) else "accept"

    def _flips(self) -> bool:
        return self._number() % 2 == 0

    def _number(self) -> int:
        return int(sha256([self._seed, len(self._entries())])[:8], 16)

    def _note(self, entry: dict[str, Any]) -> None:
        line = (json.dumps(entry) + "\n").encode()
        handle = os.open(self._journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, line)  # one write: a kill leaves all of the line or nothing
        os.close(handle)

    def _entries(self) -> list[dict[str, Any]]:
        if not self._journal.exists():
            return []
        return [json.loads(line) for line in self._journal.read_text(encoding="utf-8").splitlines()]


def _at(post: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(post["live_at"])
