"""Who may open the embedded index: one process, named beside the lock so that the others can say who it is."""

import json
import os
import re
import socket
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import RLock

from filelock import FileLock, Timeout
from pydantic import ValidationError

from core.base import Instant, Noun
from memory.clock import Clock, utc_now

PATIENCE = 0.2
"""Seconds to try for: a process that only looks whether somebody holds the lock has it for an instant."""


class Holder(Noun):
    """The process that has the embedded index open."""

    pid: int
    host: str
    command: str
    since: Instant


class IndexLock:
    """An exclusive lock between processes, of the operating system's own: a holder that dies lets go of it."""

    def __init__(self, folder: Path, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._card = folder / "index.lock.json"
        self._clock = clock
        self._guard = RLock()
        # Shared by this process's threads; and never a soft lock, which a dead process would keep for ever.
        self._lock = FileLock(
            folder / "index.lock", thread_local=False, preserve_lock_file=True, fallback_to_soft=False
        )

    @property
    def held(self) -> bool:
        """Whether this process holds it."""
        return self._lock.is_locked

    def acquire(self) -> bool:
        """Take the lock if nobody else holds it; say whether this process holds it now."""
        with self._guard:
            if not self.held:
                if not self._try(PATIENCE):
                    return False
                self._name_holder(self._clock())
            return True

    def release(self) -> None:
        """Let go of it, if it is held."""
        with self._guard:
            if self.held:
                self._card.unlink(missing_ok=True)
                self._lock.release()

    def holder(self) -> Holder | None:
        """Return who holds it now, or None. A card left behind by a process that died names nobody."""
        with self._guard:
            if not self.held and (not self._card.exists() or self._nobody_holds()):
                return None
            with suppress(OSError, ValidationError):
                return Holder.model_validate_json(self._card.read_text(encoding="utf-8"))
            return None

    def _nobody_holds(self) -> bool:
        if free := self._try(0):
            self._lock.release()
        return free

    def _try(self, seconds: float) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=seconds)
        except Timeout:
            return False
        return True

    def _name_holder(self, since: datetime) -> None:
        card = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "command": _command(),
            "since": since.isoformat(),
        }
        draft = self._card.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps(card), encoding="utf-8")
        draft.replace(self._card)


def _command() -> str:
    """Return the program and its first plain word (`greenroom serve`): the other arguments may be private."""
    words = [word for word in sys.argv[1:] if re.fullmatch("[a-z][a-z-]*", word)]
    return " ".join([Path(sys.argv[0]).name, *words[:1]])
