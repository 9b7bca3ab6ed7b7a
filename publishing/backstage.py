"""What a sender may use. It is made only in the process that sends: nobody else holds credentials."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from memory import Memory
from publishing.credentials import Credentials


@dataclass(frozen=True)
class Backstage:
    """The home, what is remembered, and the credentials of connected accounts."""

    home: Path
    memory: Memory
    credentials: Credentials
    clock: Callable[[], datetime]
