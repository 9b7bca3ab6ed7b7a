"""The same races on both databases, with real processes."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from memory import Memory
from tests.publishing.making import INES, NOON


@dataclass(frozen=True)
class Where:
    """A home and its database: what a process needs to open the same memory."""

    home: Path
    database_url: str | None

    def open(self) -> Memory:
        """Open it in this process."""
        return Memory.open(self.home, database_url=self.database_url, clock=lambda: NOON)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """A fresh memory with a workspace in it."""
    url = request.getfixturevalue("postgresql").new_database() if request.param == "postgresql" else None
    found = Where(tmp_path / "home", url)
    memory = found.open()
    memory.workspaces.add(INES)
    memory.close()
    return found
