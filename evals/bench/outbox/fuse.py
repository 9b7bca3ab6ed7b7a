"""A fuse counts the points that a process passes, and kills that process with SIGKILL at the one it is set to."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from memory.database import Database

NEVER = 1_000_000


class Fuse:
    """Call it at every point."""

    def __init__(self, at: int = NEVER) -> None:
        self.at = at
        self.passed = 0

    def __call__(self, _name: str = "") -> None:
        """Pass a point, or die there."""
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def set_in_every_transaction(fuse: Fuse) -> None:
    """Put the fuse before and after the begin, and before and after the commit, of every write of this process."""
    write = Database.write

    @contextmanager
    def fused(self: Database) -> Iterator[Any]:
        fuse("before a transaction")
        with write(self) as conn:
            fuse("begun")
            yield conn
            fuse("written, not committed")
        fuse("committed")

    Database.write = fused  # type: ignore[method-assign]
