"""A recording sender for every channel: each byte it is asked to send goes into a journal outside the product."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from core.errors import NotConnected, Rejected, Unknown
from core.publications import Delivery, Publication
from memory import Memory
from publishing.platform import Approved, Idempotency, Keep, Sender

Kind = Literal["send", "upload", "lookup"]


@dataclass(frozen=True)
class Entry:
    """Something left, or tried to. `payload`: the canonical bytes of what was to be sent; `digest`: of an upload."""

    kind: Kind
    platform: str
    workspace: str
    channel: str
    account: str
    payload: bytes
    part: int
    key: str
    at: datetime
    arrived: bool
    digest: str = ""

    def told(self, why: str) -> dict[str, Any]:
        """Return it as a report names it."""
        return {
            "why": why,
            "kind": self.kind,
            "platform": self.platform,
            "workspace": self.workspace,
            "account": self.account[:80],
            "part": self.part,
            "at": self.at.isoformat(),
            "begins": self.payload[:120].decode("utf-8", "replace"),
        }


@dataclass
class Journal:
    """Every entry in order. Who listens is told of each at the moment it is written."""

    listen: Callable[[Entry], None]
    entries: list[Entry] = field(default_factory=list)

    def write(self, entry: Entry) -> None:
        """Write an entry."""
        self.entries.append(entry)
        self.listen(entry)


class RecordingSender(Sender):
    """Stands for one channel's platform: a key folds repeats there, and it answers as it is told to."""

    idempotency: Idempotency = "K"
    send_within = timedelta(seconds=30)
    settle = timedelta(seconds=60)

    def __init__(
        self, name: str, journal: Journal, memory: Memory, clock: Callable[[], datetime], answers: Iterator[str]
    ) -> None:
        self.name = name
        self._journal = journal
        self._memory = memory
        self._clock = clock
        self._answers = answers  # accept, drop, lost_ack, reject, disconnect
        self._live: dict[str, datetime] = {}

    def key(self, approved: Approved) -> str:
        """A key that follows from the post."""
        return f"{self.name}-{approved.stable[:24]}"

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Upload every picture, once."""
        for picture in approved.post.get("media", ()):
            digest = picture["sha256"]
            if digest not in approved.publication.handles:
                data = self._memory.files.read(approved.publication.workspace, digest)
                self._note("upload", approved.publication.model_dump(), data, arrived=True)
                keep({digest: f"blob-{digest[:12]}"})

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Only the moment goes beside the payload."""
        return {"made_at": now.isoformat()}

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Note what is to be sent, then answer."""
        answer = next(self._answers, "accept")
        key, now = str(request["key"]), self._clock()
        arrives = answer in ("accept", "lost_ack") and key not in self._live
        if arrives:
            self._live[key] = now
        self._note("send", request, _bytes(request["payload"]), arrived=arrives)
        if answer == "reject":
            raise Rejected("the platform says: no")
        if answer == "disconnect":
            raise NotConnected("the platform says: who is that")
        if answer in ("drop", "lost_ack"):
            raise Unknown("the connection was cut")
        return self._delivery(key)

    def look(self, publication: Publication) -> Delivery | None:
        """Read back by the key."""
        return self._delivery(str(publication.key)) if publication.key in self._live else None

    def _delivery(self, key: str) -> Delivery:
        return Delivery(remote_id=f"{self.name}:{key}", url=f"https://social.example/{key}", at=self._live[key])

    def _note(self, kind: Kind, place: Mapping[str, Any], data: bytes, *, arrived: bool) -> None:
        self._journal.write(
            Entry(
                kind=kind,
                platform=self.name,
                workspace=str(place["workspace"]),
                channel=str(place["channel"]),
                account=str(place["account"]),
                payload=data,
                part=int(place["part"]),
                key=str(place["key"]),
                at=self._clock(),
                arrived=arrived,
                digest=hashlib.sha256(data).hexdigest() if kind == "upload" else "",
            )
        )


def _bytes(payload: Any) -> bytes:
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")
