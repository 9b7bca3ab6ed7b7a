"""The folder of a run: gone afterwards, swept after a kill, never taken from a run that goes on."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from evals.harness.rooms import NAME, YOUNG_S, room, sweep

CODE = """
import time
from evals.harness.rooms import room
with room() as folder:
    (folder / "home").mkdir()
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def old(folder: Path) -> None:
    before = time.time() - YOUNG_S - 1
    os.utime(folder, (before, before))


def test_it_is_gone_when_the_run_is_over_or_failed() -> None:
    with room() as folder:
        assert folder.is_dir()
    with pytest.raises(ZeroDivisionError), room() as other:
        raise ZeroDivisionError
    assert not folder.exists() and not other.exists()


def test_what_a_killed_run_left_is_swept_and_what_goes_on_stays(temporary: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(temporary)}
    running = subprocess.Popen([sys.executable, "-c", CODE], env=environment, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    folder = Path(running.stdout.readline().strip())
    assert folder.parent == temporary and folder.name.startswith(NAME)
    old(folder)
    assert sweep() == 0 and folder.is_dir()  # it goes on
    running.send_signal(signal.SIGKILL)
    running.wait()
    with room() as mine:
        assert not folder.exists() and mine.is_dir()
    running.stdout.close()


def test_a_young_folder_a_link_and_other_names_stay(temporary: Path) -> None:
    young, elsewhere = temporary / f"{NAME}young", temporary / "elsewhere"
    for each in (young, elsewhere):
        each.mkdir()
    (temporary / f"{NAME}link").symlink_to(elsewhere)
    old(elsewhere)
    assert sweep() == 0
    assert young.is_dir() and elsewhere.is_dir()
    old(young)
    assert sweep() == 1 and not young.exists() and elsewhere.is_dir()
