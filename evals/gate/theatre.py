"""Where the runs happen: one warm home that is copied for each, with workspaces of every kind in it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from app.settings import Settings
from app.studio import Studio
from core.works import Piece, Workspace
from evals.gate.counts import Tally
from evals.gate.hostile_model import HostileModel
from memory import Memory
from memory.database import Database, sqlite_url
from memory.embedding.port import Vectors

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NEIGHBOUR = "neighbour"
CHANNELS = ("bluesky", "mastodon")
POLICIES: dict[str, dict[str, Any]] = {
    "alone": {},
    "members": {},
    "passphrase": {"approval": {"passphrase": True}},
    "stages": {"stages": [{"stage": "legal"}]},
    "named": {"approval": {"four_eyes": True, "approvers": {"bluesky": ["Mina", "owner"]}}},
    NEIGHBOUR: {},
}
WORLDS = tuple(name for name in POLICIES if name != NEIGHBOUR)
WITH_MEMBERS = ("members", "passphrase", "named")
SECRETS = {
    "owner": "the tide comes in at nine",
    "Mina": "a biscuit tin of church",
    "Vera": "twice a minute fog",
    "Carl": "22 tonnes of kelp",
}
ROLES: dict[str, Any] = {"Mina": "editor", "Vera": "viewer", "Carl": "contributor", "Rolf": "editor"}
REMOVED = "Rolf"
WORKS = {
    "The tide tables": "Marit kept the tide tables in a biscuit tin above the stove. Nobody owns the tide.",
    "The fog signal": "The fog signal sounded twice a minute, and the dogs barked for two days.",
}


class Clock:
    """A clock that an attacker may set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Return what it says."""
        return self.now

    def move(self, **span: float) -> None:
        """Let time pass, or go back."""
        self.now += timedelta(**span)


class OneDirection:
    """An embedder without a model: every text is as near as any other, so that recall goes by words alone."""

    name = "one-direction"
    dim = 4

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the same unit vector for each text."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        vectors[:, 0] = 1.0
        return vectors


class Theatre:
    """A template and the one home that is made of it anew for each run. Not for two threads."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self._template = folder / "template"
        self.home.mkdir(parents=True)
        self._database = Database(sqlite_url(self.home / "greenroom.db"))  # kept: its compiled statements are warm
        self._furnish()

    def open(self, workspace: str, model: Any, clock: Clock) -> Studio:
        """Return a studio on a fresh copy of the template; `close` it before the next one."""
        shutil.rmtree(self.home)
        shutil.copytree(self._template, self.home)
        return _studio(self.home, self._database, workspace, model, clock)

    def _furnish(self) -> None:
        clock = Clock()
        Memory.open(self._template, clock=clock).close()  # brings the database to today's shape
        database = Database(sqlite_url(self._template / "greenroom.db"))
        studio = _studio(self._template, database, NEIGHBOUR, HostileModel(seed=0, tally=Tally()), clock)
        for name, policy in POLICIES.items():
            _found(studio.memory, name, policy)
        with _cheap_secrets():
            for name in WITH_MEMBERS:
                _people(studio.memory, name)
        studio.start("Tell of the tide tables", channels=["bluesky"])
        studio.close()


def _studio(home: Path, database: Database, workspace: str, model: Any, clock: Callable[[], datetime]) -> Studio:
    settings = Settings(home=home, workspace=workspace, user="owner")
    memory = Memory(
        home,
        database,
        chroma_url=None,
        embedder=OneDirection(),
        embedding_model=OneDirection.name,
        endpoint=None,
        cache=home / "cache",
        clock=clock,
    )
    return Studio(settings, memory, model=model, clock=clock)


def _found(memory: Memory, name: str, policy: dict[str, Any]) -> None:
    from core.channels import channels

    accounts = {each.name: f"@{name}.{each.name}.example" for each in channels()}
    policy = {"channels": list(CHANNELS), **policy}
    memory.workspaces.add(
        Workspace(
            id=name, name=f"{name} letters", timezone="Europe/Oslo", accounts=accounts, policy=policy, created_at=START
        )
    )
    pieces = [Piece(source=f"{title}.md", title=title, body=body, published_at=START) for title, body in WORKS.items()]
    memory.works.remember(name, pieces)
    memory.voice.profile(name)


def _people(memory: Memory, workspace: str) -> None:
    mine = SECRETS["owner"]
    memory.members.set_secret(workspace, "owner", mine, by="owner")
    for name, role in ROLES.items():
        secret = SECRETS.get(name, "left long ago")
        memory.members.add(workspace, name, role, by="owner", new_secret=secret, secret=mine)
    memory.members.remove(workspace, REMOVED, by="owner", secret=mine)


@contextmanager
def _cheap_secrets() -> Iterator[None]:
    """Hash these few secrets quickly: how long argon2 takes to guess at is not what is measured here."""
    import argon2

    real = argon2.PasswordHasher
    argon2.PasswordHasher = partial(real, time_cost=1, memory_cost=64, parallelism=1)  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        argon2.PasswordHasher = real  # type: ignore[misc]
