"""A fake platform, named so: it keeps what arrives in a file, and answers as a script tells it to.

The file outlives a killed process. `strict` platforms of class K fold repeats of a key; N folds nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.errors import NotConnected, Rejected, TryLater, Unknown
from core.publications import Delivery, Publication
from publishing.platform import Approved, Idempotency, Keep, Sender, post_of

LATE = timedelta(seconds=40)
"""How late a late commit turns up; the settle window is longer."""


class RecordingPlatform(Sender):
    """Answers: accept, drop (lost on the way), late (turns up later), lost_ack (arrived, no answer), 4xx, 401, 429."""

    send_within = timedelta(seconds=30)
    settle = timedelta(seconds=60)

    def __init__(
        self,
        journal: Path,
        clock: Callable[[], datetime],
        *,
        answers: Sequence[str] = (),
        idempotency: Idempotency = "K",
        name: str = "bluesky",
    ) -> None:
        self.name = name
        self.idempotency = idempotency
        self.answers = list(answers)  # one for each attempt; then it accepts
        self.readable = True
        self.connected = True
        self._journal = journal
        self._clock = clock

    def ready(self, workspace: str, account: str) -> bool:
        return self.connected

    def key(self, approved: Approved) -> str:
        return f"key-{approved.stable[:16]}"

    def prepare(self, approved: Approved, keep: Keep) -> None:
        if "blob" not in approved.publication.handles:
            keep({"blob": f"blob-{approved.publication.id}"})

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        return {"blob": approved.publication.handles["blob"], "created_at": now.isoformat()}

    def send(self, request: Mapping[str, Any]) -> Delivery:
        answer = self.answers.pop(0) if self.answers else "accept"
        text = post_of(request["payload"], request["part"])["text"]
        self._note({"call": text, "key": request["key"], "answer": answer})
        if answer == "401":
            raise NotConnected("the platform says: who are you")
        if answer == "429":
            raise TryLater("the platform says: wait", self._clock() + timedelta(minutes=15))
        if answer == "4xx":
            raise Rejected("the platform says: no")
        if answer == "drop":
            raise Unknown("the connection was cut")
        if self.idempotency == "D" and any(p["text"] == text for p in self.posts(anytime=True)):
            raise Rejected("the platform says: duplicate")
        self._arrive(request, self._clock() + (LATE if answer == "late" else timedelta(0)))
        if answer in ("late", "lost_ack"):
            raise Unknown("the connection was cut")
        return self._delivery(self._clock(), request["key"])

    def look(self, publication: Publication) -> Delivery | None:
        if not self.readable:
            raise Unknown("503")
        found = [post for post in self.posts() if post["key"] == publication.key]
        return self._delivery(datetime.fromisoformat(found[0]["live_at"]), found[0]["key"]) if found else None

    def posts(self, *, anytime: bool = False) -> list[dict[str, Any]]:
        """What the audience sees now."""
        seen = [each for each in self._read() if "live_at" in each]
        return [each for each in seen if anytime or datetime.fromisoformat(each["live_at"]) <= self._clock()]

    def calls(self) -> list[dict[str, Any]]:
        """Every send, however it ended."""
        return [each for each in self._read() if "call" in each]

    def _arrive(self, request: Mapping[str, Any], live_at: datetime) -> None:
        if self.idempotency == "K" and any(post["key"] == request["key"] for post in self.posts(anytime=True)):
            return
        text = post_of(request["payload"], request["part"])["text"]
        self._note({"text": text, "key": request["key"], "live_at": live_at.isoformat()})

    def _note(self, entry: dict[str, Any]) -> None:
        with self._journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def _read(self) -> list[dict[str, Any]]:
        if not self._journal.exists():
            return []
        return [json.loads(line) for line in self._journal.read_text(encoding="utf-8").splitlines()]

    def _delivery(self, at: datetime, key: str) -> Delivery:
        return Delivery(remote_id=f"at://{key}", url=f"https://social.example/{key}", at=at)
