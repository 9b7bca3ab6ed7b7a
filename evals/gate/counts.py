"""What is counted. Threads may add at once."""

from collections import Counter
from threading import Lock


class Tally:
    """Counts by name."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def add(self, name: str, number: int = 1) -> None:
        """Count something."""
        with self._lock:
            self._counts[name] += int(number)

    def __getitem__(self, name: str) -> int:
        """Return how often something was counted."""
        return self._counts[name]

    def by(self, group: str) -> dict[str, int]:
        """Return the counts whose names begin with `group/`, without it."""
        return {k.partition("/")[2]: n for k, n in sorted(self._counts.items()) if k.startswith(f"{group}/")}

    def all(self) -> dict[str, int]:
        """Return every count."""
        return dict(self._counts)

    def merge(self, counts: dict[str, int]) -> None:
        """Add another tally's counts."""
        with self._lock:
            self._counts.update(counts)
