"""What time it is, as a value that a test can replace."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present, aware, in UTC."""
    return datetime.now(UTC)


def whole_second(moment: datetime) -> datetime:
    """Return a moment as the ledger hashes it: UTC, without fractions of a second."""
    return moment.astimezone(UTC).replace(microsecond=0)
