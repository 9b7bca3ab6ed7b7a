"""The small creator's studio, made once and copied for each test: importing anew costs most of a short test."""

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from app.settings import Settings
from app.studio import Studio
from tests.conftest import Clock
from tests.making import ASK, make_studio


def copied_studio(tmp_path: Path, clock: Clock) -> Studio:
    """Open a studio on a copy; the caller closes it."""
    shutil.copytree(_made() / "home", tmp_path / "home")
    return Studio.open(Settings(home=tmp_path / "home", model=None), clock=clock)


@lru_cache(maxsize=1)
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="greenroom-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    clock = Clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    made = make_studio(folder, clock)
    made.memory.voice.profile(made.workspace.id)  # what the first brief would measure
    made.recall(ASK)
    made.close()
    return folder
