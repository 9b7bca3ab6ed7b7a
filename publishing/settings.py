"""How patient the desk is."""

from datetime import timedelta

from pydantic import Field

from core.base import Noun
from publishing.workers import this_worker


class DeskSettings(Noun):
    """Leases and patience of one sending process."""

    worker: str = Field(default_factory=this_worker)
    lease: timedelta = timedelta(seconds=30)  # renewed with every handle that is kept
    most_attempts: int = 5  # then a person looks, even where a resend would be safe
    pause: timedelta = timedelta(minutes=1)  # between two tries to prepare what could not be prepared
    patience: timedelta = timedelta(hours=1)  # how long a platform may be unreadable before a person is asked
