"""A circuit breaker: an endpoint that keeps failing is left alone for a while, then tried by one call."""

import threading
import time
from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "half_open"]

FAILURES = 3
"""Failures in a row that open it; each of them is a call whose own repeats failed too."""

REST_S = 30.0
"""Seconds it stays open, unless the server asked for more; doubled at each failed trial, up to `LONGEST_S`."""

LONGEST_S = 600.0


class Breaker:
    """The state of one endpoint in this process. Threads may share it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened_at: float | None = None
        self._rest = REST_S
        self._trying = False

    @property
    def state(self) -> State:
        """`closed`: calls pass; `open`: none does; `half_open`: the next one is the trial."""
        with self._lock:
            return self._state()

    @property
    def wait_s(self) -> float:
        """Seconds until it may be tried again."""
        with self._lock:
            return self._left()

    def lets_through(self) -> bool:
        """Say whether a call may be made; in a half-open state that is true once, until the call has ended."""
        with self._lock:
            state = self._state()
            if state == "closed":
                return True
            if state == "open" or self._trying:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        """Note a call that was answered, whatever the answer is worth."""
        with self._lock:
            self._failures, self._opened_at, self._rest, self._trying = 0, None, REST_S, False

    def failed(self, wait_s: float | None = None) -> None:
        """Note a call that failed; `wait_s` is what the server asked for, and opens it at once."""
        with self._lock:
            was_trial, self._trying = self._trying or self._opened_at is not None, False
            self._failures += 1
            if was_trial:
                self._rest = min(self._rest * 2, LONGEST_S)
            if was_trial or wait_s or self._failures >= FAILURES:
                self._opened_at = self._clock()
                self._rest = min(max(self._rest, wait_s or 0.0), LONGEST_S)

    def gave_up(self) -> None:
        """Note a call that ended without saying anything of the endpoint (a budget, a person's stop)."""
        with self._lock:
            self._trying = False

    def _state(self) -> State:
        if self._opened_at is None:
            return "closed"
        return "open" if self._left() > 0 else "half_open"

    def _left(self) -> float:
        """Seconds of rest that are left; a clock that went back begins the rest anew, and never makes it longer."""
        if self._opened_at is None:
            return 0.0
        now = self._clock()
        self._opened_at = min(self._opened_at, now)
        return max(0.0, self._opened_at + self._rest - now)
