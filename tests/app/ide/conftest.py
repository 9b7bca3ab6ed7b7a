"""One small creator with drafts that wait, for all tests of the IDE's door and the API."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.studio import Studio
from core.proposals import Proposal
from tests.making import ASK, make_studio

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHANNELS = ("bluesky", "x", "site")


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """The creator's studio; a test takes a draft of its own (`draft`)."""
    opened = make_studio(tmp_path_factory.mktemp("ide"), lambda: NOW)
    opened.start(ASK, channels=CHANNELS)
    yield opened
    opened.close()


@pytest.fixture
def draft(studio: Studio) -> Iterator[Proposal]:
    """A draft of a post that waits; what a test decided on it is taken back."""
    waits = next(each for each in studio.pending() if each.channel != "site" and each.state == "waiting")
    yield waits
    for each in studio.memory.decisions.for_proposal(waits.id):
        if each.undone_by is None:
            studio.undo(each.id)
