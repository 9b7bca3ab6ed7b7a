"""Where a run keeps its homes while it lasts: a folder that is gone afterwards, also after a run that was killed."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from filelock import FileLock, Timeout

NAME = "greenroom-eval-"
YOUNG_S = 60.0
"""A folder of so many seconds may not be held yet by the run that has just made it."""


@contextmanager
def room() -> Iterator[Path]:
    """Make a folder of this run, and remove it in the end; those of runs that were killed are removed first."""
    sweep()
    folder = Path(mkdtemp(prefix=NAME))
    held = FileLock(folder / "held")
    held.acquire()  # the system lets go of it when this process ends, however that is
    try:
        yield folder
    finally:
        held.release()
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Remove the folders of runs that are over and could not; return how many. Those of other people stay."""
    gone = 0
    for folder in Path(gettempdir()).glob(f"{NAME}*"):
        try:
            about = folder.lstat()
            mine = folder.is_dir() and not folder.is_symlink() and about.st_uid == os.getuid()
            if not mine or time.time() - about.st_mtime < YOUNG_S:
                continue
            with FileLock(folder / "held", timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
            gone += 1
        except (Timeout, OSError):
            continue
    return gone
