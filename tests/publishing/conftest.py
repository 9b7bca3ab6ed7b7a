"""A memory, a clock and a desk with the real own site, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory import Memory
from publishing import Desk
from publishing.platforms.site import FolderSite
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import INES, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    memory = Memory.open(tmp_path / "home", clock=clock)
    memory.workspaces.add(INES)
    yield memory
    memory.close()


@pytest.fixture
def site(tmp_path: Path) -> FolderSite:
    return FolderSite(tmp_path / "home" / "site")


@pytest.fixture
def social(tmp_path: Path, clock: Clock) -> RecordingPlatform:
    return RecordingPlatform(tmp_path / "journal.jsonl", clock)


@pytest.fixture
def desk(memory: Memory, site: FolderSite, social: RecordingPlatform, clock: Clock) -> Desk:
    return Desk(memory, {"site": site, "bluesky": social}, clock)
