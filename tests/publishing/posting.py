"""Approved posts with pictures and every field, and connections that are cut at a chosen request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.briefs import Brief
from core.canonical import sha256
from core.drafts import Content, Picture
from core.ids import new_id
from core.proposals import Proposal, Provenance, envelope
from core.publications import Publication
from memory import Memory
from publishing import Desk, compose
from publishing.backstage import Backstage
from publishing.platform import Platform
from tests.publishing.credentials import GivenCredentials
from tests.publishing.making import INES, NOON, Clock, context

ACCOUNT = "ines.example"


class Stage:
    """A home with one connected platform."""

    def __init__(
        self,
        home: Path,
        clock: Clock,
        credentials: GivenCredentials,
        channel: str,
        open_platform: Callable[[Backstage], Platform],
    ) -> None:
        self.home, self.clock, self.credentials, self.channel = home, clock, credentials, channel
        self.memory = Memory.open(home, clock=clock)
        if not self.memory.workspaces.list():
            self.memory.workspaces.add(INES)
            brief = Brief(id="b_1", workspace=INES.id, ask="x", channels=("site",), created_at=NOON)
            self.memory.briefs.add(brief)
        backstage = Backstage(home=home, memory=self.memory, credentials=credentials, clock=clock)
        self.platform = open_platform(backstage)
        self.desk = Desk(self.memory, {channel: self.platform}, clock)
        self._open_platform = open_platform

    def picture(self, alt: str, colour: str = "teal", size: tuple[int, int] = (64, 48)) -> Picture:
        """Keep a real picture among the home's files."""
        from PIL import Image

        data = BytesIO()
        Image.new("RGB", size, colour).save(data, "PNG")
        kept = self.memory.files.add(INES.id, data.getvalue(), mime="image/png", size=size)
        return Picture(sha256=kept.sha256, mime="image/png", bytes=kept.bytes, width=size[0], height=size[1], alt=alt)

    def queue(self, content: Content, **covered: Any) -> Publication:
        """Have a person approve exactly this, and put it in the outbox."""
        made = self._proposal(content, **covered)
        decision = self.memory.decisions.claim(INES.id, made.id, "approve", made.sha, "ines")
        return self.desk.enqueue(self.memory.proposals.get(INES.id, made.id), decision)

    def row(self, publication: Publication) -> Publication:
        return self.memory.publications.get(publication.id)

    def publish(self, publication: Publication) -> Publication:
        """Let one worker make its round, and return how the row stands."""
        self.desk.publish_due()
        return self.row(publication)

    def until_published(self, publication: Publication, rounds: int = 4) -> Publication:
        """Let workers come by every five minutes until it is out."""
        for _ in range(rounds):
            if self.publish(publication).state == "published":
                break
            self.clock.pass_by(minutes=5)
        return self.row(publication)

    def elsewhere(self, home: Path) -> "Stage":
        """Return the same from a copy of the home."""
        return Stage(home, self.clock, self.credentials, self.channel, self._open_platform)

    def _proposal(self, content: Content, **given: Any) -> Proposal:
        payload = compose(self.channel, content, context())
        covered: dict[str, Any] = {
            "workspace": INES.id,
            "channel": self.channel,
            "account": ACCOUNT,
            "locale": "en",
            "payload": payload,
            "at": None,
            "grace_minutes": None,
        } | given
        made = Proposal(
            id=new_id("p"),
            brief_id="b_1",
            draft_id=None,
            stage="proposals",
            stages=("proposals",),
            text=payload["text"],
            sha=sha256(envelope(**covered)),
            provenance=Provenance(model="rehearsal", created_at=NOON),
            created_at=self.clock.now,
            **covered,
        )
        self.memory.proposals.add(made)
        return made


class Cut(httpx2.BaseTransport):
    """Lets requests through and counts them; the answer of number `at` is lost, or the request itself (`arrives`)."""

    def __init__(self) -> None:
        self.at, self.arrives, self.seen = 0, True, 0
        self._real = httpx2.HTTPTransport(retries=0)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.seen += 1
        if self.seen != self.at:
            return self._real.handle_request(request)
        if self.arrives:
            self._real.handle_request(request).read()
        raise httpx2.ReadTimeout("cut", request=request)

    @contextmanager
    def client(self, *_: Any, **__: Any) -> Iterator[httpx2.Client]:
        yield httpx2.Client(transport=self, timeout=20)


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Cut:
    made = Cut()
    monkeypatch.setattr("publishing.wordpress.rest.client", made.client)
    return made
