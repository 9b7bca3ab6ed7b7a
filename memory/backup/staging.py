"""A folder beside the home's own files, where a backup is put together or taken apart; it never outlives its use."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import Busy

PREFIX = ".backup-"
LOCK = "backup.lock"


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """Give an empty folder in `home`, for one backup or restore at a time. Raises Busy when another one runs."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / LOCK, timeout=0, fallback_to_soft=False)
    try:
        with lock:
            for left_behind in home.glob(f"{PREFIX}*"):  # by a process that was killed: the lock says it is gone
                shutil.rmtree(left_behind, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except Timeout as error:
        raise Busy(
            f"Another backup or restore of {home} is running. Nothing was changed.", "Wait for it, then try again."
        ) from error


def pin(source: Path, target: Path) -> None:
    """Give a file a second name: whoever replaces or deletes the first one meanwhile doesn't take these bytes away."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a file system that knows no second names
        shutil.copyfile(source, target)
