"""A memory of its own for each test, on a real SQLite file, with a clock that stands until it is moved."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.works import Workspace
from memory import Memory

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    memory = Memory.open(tmp_path / "home", clock=clock)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    yield memory
    memory.close()
