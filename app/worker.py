"""The worker: looks for what is due, again and again, and stops between two looks."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.studio import Studio
    from publishing.report import DispatchReport

INDEX_EVERY = 12
"""At every how many looks the index is tended."""

log = logging.getLogger(__name__)


class Worker:
    """Runs `publish_due` every few seconds, in the foreground or in a thread of its own."""

    def __init__(self, studio: "Studio", *, every: float) -> None:
        self._studio = studio
        self._every = every
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.alive = False
        self._looks = 0

    def tick(self) -> "DispatchReport":
        """Look once: publish what is due, then index what other processes brought in."""
        report = self._studio.publish_due()
        if self._looks % INDEX_EVERY == 0:  # seldom: who imports embeds as well, and two would do it twice
            self._studio.tend_index()
        self._looks += 1
        return report

    def run(self, tell: Callable[["DispatchReport"], None] = lambda _report: None) -> None:
        """Look until stopped; one bad look is logged and the next one comes."""
        self.alive = True
        while not self._stop.is_set():
            try:
                tell(self.tick())
            except Exception as error:  # noqa: BLE001 - a full disk passes; a worker that died would not be noticed
                log.warning("The worker could not look: %s", error)
            self._stop.wait(self._every)
        self.alive = False

    def start(self) -> None:
        """Run in a thread beside a door."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the present look and wait for it."""
        self._stop.set()
        if self._thread:
            self._thread.join()
