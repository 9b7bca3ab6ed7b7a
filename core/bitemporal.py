"""Two times: from when to when something is true in the world, and from when to when we knew it so.

A row is never changed but once: `superseded_at` is set when it is no longer what we know. What was known at any time
about any time stays answerable.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar


class Known(Protocol):
    """What has both times. Ends are exclusive; None: no end."""

    @property
    def valid_from(self) -> datetime: ...  # noqa: D102
    @property
    def valid_to(self) -> datetime | None: ...  # noqa: D102
    @property
    def recorded_at(self) -> datetime: ...  # noqa: D102
    @property
    def superseded_at(self) -> datetime | None: ...  # noqa: D102


K = TypeVar("K", bound=Known)


class Rest(NamedTuple):
    """A stretch of time about which an older row still says what is known."""

    version: int  # which of the rows given
    valid_from: datetime
    valid_to: datetime | None


def as_of(rows: Iterable[K], *, valid: datetime, known: datetime | None = None) -> list[K]:
    """Return the rows that were true at `valid`, by what was known at `known` (None: by what is known now)."""
    return [row for row in rows if _is_known(row, known) and _holds(row, valid)]


def overlaps(row: Known, start: datetime, end: datetime | None) -> bool:
    """Say whether a row says something about the time from `start` to `end`."""
    return (end is None or row.valid_from < end) and (row.valid_to is None or start < row.valid_to)


def rests(rows: Sequence[Known], start: datetime, end: datetime | None) -> list[Rest]:
    """Return what is left of `rows` outside of `start` to `end`: what must be recorded again when they are superseded.

    `rows` are what is known now and overlap that time.
    """
    left = []
    for number, row in enumerate(rows):
        if row.valid_from < start:
            left.append(Rest(number, row.valid_from, start))
        if end is not None and (row.valid_to is None or end < row.valid_to):
            left.append(Rest(number, end, row.valid_to))
    return left


def _is_known(row: Known, known: datetime | None) -> bool:
    if known is None:
        return row.superseded_at is None
    return row.recorded_at <= known and (row.superseded_at is None or known < row.superseded_at)


def _holds(row: Known, valid: datetime) -> bool:
    return row.valid_from <= valid and (row.valid_to is None or valid < row.valid_to)
