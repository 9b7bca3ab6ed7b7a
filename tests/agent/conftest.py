"""A studio with a small creator in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.studio import Studio
from tests.conftest import Clock
from tests.making import make_studio


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    """A studio under the rehearsal model."""
    made = make_studio(tmp_path, clock)
    yield made
    made.close()
