"""The worker: looks for what is due, again and again, and stops between two looks.

Beside a door it is two: the sender, a process of its own, which alone opens credentials; and the tender, a thread of
the door's process, which carries out decisions that were cut off and tends the index. The door's process, in which the
model and its tools run, never holds a credential.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import Settings
    from app.studio import Studio
    from publishing.report import DispatchReport

INDEX_EVERY = 12
"""At every how many looks the index is tended."""

RESTART_S = 5.0
"""How long a sender that died is left alone before another one is started."""

log = logging.getLogger(__name__)


class Worker:
    """Sends what is due every few seconds, in the foreground. `only_send`: a door's tender does the rest."""

    def __init__(self, studio: "Studio", *, every: float, only_send: bool = False) -> None:
        self._studio = studio
        self._every = every
        self._only_send = only_send
        self._stop = threading.Event()
        self._looks = 0

    def tick(self) -> "DispatchReport":
        """Look once: publish what is due, then index what other processes brought in."""
        report = self._studio.desk.publish_due() if self._only_send else self._studio.publish_due()
        # seldom: who imports embeds as well, and two would do it twice
        if not self._only_send and self._looks % INDEX_EVERY == 0:
            self._studio.tend_index()
            self._studio.memory.forgetting.finish()
        self._looks += 1
        self._studio.memory.heartbeats.beat(self._studio.desk.worker, report.in_words())
        return report

    def run(self, tell: Callable[["DispatchReport"], None] = lambda _report: None) -> None:
        """Look until stopped; one bad look is logged and the next one comes."""
        while not self._stop.is_set():
            try:
                tell(self.tick())
            except Exception as error:  # noqa: BLE001 - a full disk passes; a worker that died would not be noticed
                log.warning("The worker could not look: %s", error)
            self._stop.wait(self._every)
        self._studio.memory.heartbeats.stop(self._studio.desk.worker)

    def stop(self) -> None:
        """Stop after the present look."""
        self._stop.set()

    def stop_with_parent(self) -> None:
        """Stop when the process that started this one ends, however it ends: its end of our input is closed then."""

        def wait() -> None:
            sys.stdin.buffer.read()
            self.stop()

        threading.Thread(target=wait, name="parent", daemon=True).start()


class Tender:
    """A door's thread that carries out what was cut off and tends the index."""

    def __init__(self, studio: "Studio", *, every: float) -> None:
        self._studio = studio
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tender", daemon=True)

    def start(self) -> None:
        """Run beside the door."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the present look and wait for it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        looks = 0
        while not self._stop.is_set():
            try:
                self._studio.recover()
                if looks % INDEX_EVERY == 0:
                    self._studio.tend_index()
                    self._studio.memory.forgetting.finish()
            except Exception as error:  # noqa: BLE001 - a full disk passes
                log.warning("The tender could not look: %s", error)
            looks += 1
            self._stop.wait(self._every)


class SendingProcess:
    """The sender beside a door: a process of its own, started anew if it dies, gone when the door is."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_alive, name="sending-process", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, and keep it alive."""
        self._process = self._spawn()
        self._thread.start()

    def stop(self) -> None:
        """Let it end its present look, and wait for it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait(60)

    def _keep_alive(self) -> None:
        while not self._stop.wait(RESTART_S):
            if not self.alive:
                log.warning("The sending process ended; another one is started.")
                self._process = self._spawn()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        start = "from app.cli import main; main()"
        command = [sys.executable, "-c", start, "worker", "--beside-a-door", "--home", str(self._settings.home)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=os.sep)
