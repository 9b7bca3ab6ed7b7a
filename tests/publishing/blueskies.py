"""A desk that posts to a real Bluesky server, approved posts for it, and a wire that a test can cut."""

import itertools
import os
import signal
from collections.abc import Callable
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
from publishing.bluesky import xrpc
from publishing.platforms.bluesky import Bluesky
from tests.counterparts.bluesky import Account, BlueskyServer
from tests.publishing.credentials import GivenCredentials
from tests.publishing.making import INES, NOON, Clock, context

_names = itertools.count(1)
PUT = "com.atproto.repo.putRecord"


class Wire:
    """What goes over HTTP, by method; a test may let one request be lost, or its answer."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.lose: dict[str, str] = {}  # method -> before (never arrives), after (arrives, no answer), both once
        self.instead: dict[str, httpx2.Response] = {}  # method -> an answer that the server did not give, once

    def open(self, base_url: str = "", *, timeout_s: float = 20.0, **given: Any) -> httpx2.Client:
        headers = given.get("headers")
        return httpx2.Client(base_url=base_url, timeout=timeout_s, transport=_Cut(self), headers=headers)

    def times(self, method: str) -> int:
        return self.calls.count(method)


class _Cut(httpx2.BaseTransport):
    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._real = httpx2.HTTPTransport(retries=0)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        method = request.url.path.rpartition("/")[2]
        self._wire.calls.append(method)
        lost = self._wire.lose.pop(method, "")
        if lost == "before":
            raise httpx2.ConnectError("cut", request=request)
        if method in self._wire.instead:
            return self._wire.instead.pop(method)
        answer = self._real.handle_request(request)
        if lost == "after":
            answer.read()
            raise httpx2.ReadTimeout("cut", request=request)
        return answer

    def close(self) -> None:
        self._real.close()


class Harbour:
    """One account on the server, connected in one home."""

    def __init__(self, server: BlueskyServer, memory: Memory, clock: Clock, account: Account | None = None) -> None:
        self.server, self.memory, self.clock = server, memory, clock
        self.account = account or server.create_account(f"ines{next(_names)}-{os.getpid()}")
        self.name = f"@{self.account.handle}"
        self.who = (INES.id, "bluesky", self.name)
        self.credentials = GivenCredentials()
        workspace = memory.workspaces.get(INES.id)
        memory.workspaces.replace(workspace.model_copy(update={"accounts": {"bluesky": self.name}}))
        self.connect(self.account.password)

    def connect(self, password: str, **values: str) -> None:
        settings = {"service": self.server.url}
        self.credentials.connect(*self.who, settings=settings, app_password=password, **values)

    @property
    def values(self) -> dict[str, str]:
        return self.credentials.secrets[self.who].values

    @property
    def platform(self) -> Bluesky:
        return Bluesky(Backstage(self.memory.home, self.memory, self.credentials, self.clock))

    @property
    def desk(self) -> Desk:
        return Desk(self.memory, {"bluesky": self.platform}, self.clock)

    def approved(self, text: str, *, made_id: str = "", pictures: tuple[Picture, ...] = (), **around: Any) -> Proposal:
        """Put a post into memory that a person has approved."""
        if not self.memory.briefs.list(INES.id):
            brief = Brief(id="b_ines", workspace=INES.id, ask="x", channels=("bluesky",), created_at=NOON)
            self.memory.briefs.add(brief)
        payload = compose("bluesky", Content(text=text, pictures=pictures), context(account=self.name, **around))
        covered: dict[str, Any] = {
            "workspace": INES.id,
            "channel": "bluesky",
            "account": self.name,
            "locale": "en",
            "payload": payload,
            "at": None,
            "grace_minutes": None,
        }
        made = Proposal(
            id=made_id or new_id("p"),
            brief_id="b_ines",
            draft_id=None,
            text=payload["text"],
            sha=sha256(envelope(**covered)),
            provenance=Provenance(model="rehearsal", created_at=NOON),
            created_at=NOON,
            **covered,
        )
        self.memory.proposals.add(made)
        self.memory.decisions.claim(made.workspace, made.id, "approve", made.sha, "ines")
        return self.memory.proposals.get(made.workspace, made.id)

    def queued(self, text: str, **wanted: Any) -> Publication:
        made = self.approved(text, **wanted)
        decision = self.memory.decisions.for_proposal(made.id)[-1]
        return self.desk.enqueue(made, decision)

    def picture(self, data: bytes, mime: str, size: tuple[int, int], alt: str) -> Picture:
        stored = self.memory.files.add(INES.id, data, mime=mime, name="boat.png", alt=alt, size=size)
        return Picture(
            sha256=stored.sha256, mime=mime, bytes=len(data), width=size[0], height=size[1], alt=alt, name="boat.png"
        )

    def published(self, text: str, **wanted: Any) -> Publication:
        """Post it, part by part where it is a thread; return the first row as it is then."""
        row = self.queued(text, **wanted)
        for _ in range(row.parts):
            self.desk.publish_due()
            self.clock.pass_by(minutes=5)
        return self.memory.publications.get(row.id)

    def records(self) -> list[dict[str, Any]]:
        return self.server.list_records(self.account.did)

    def row(self, publication: Publication) -> Publication:
        return self.memory.publications.get(publication.id)


def cut_wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(xrpc.http, "client", wire.open)
    return wire


def die_at(home: Path, act: Callable[[Memory], None]) -> int:
    """Do something in a forked child that kills itself, and return the signal it died of."""
    child = os.fork()
    if child == 0:
        try:
            act(Memory.open(home, clock=lambda: NOON))
        finally:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1


def kill_me(*_given: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
