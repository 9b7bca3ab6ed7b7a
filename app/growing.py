"""A home's move to a PostgreSQL, as a door asks for it: no studio is opened afterwards on the old one."""

from collections.abc import Callable

from app.settings import Settings
from core.errors import WrongUse
from memory import Memory
from memory.growing import Grown, grow
from memory.moved import FILE


def grow_home(settings: Settings, to: str | None, progress: Callable[[str, int, int], None]) -> Grown:
    """Bring the home's database to today's shape, and move it. Raises WrongUse where no target is named."""
    url = to or settings.database_url
    if not url:
        raise WrongUse("No PostgreSQL is named.", "Say --to URL, or set DATABASE_URL.")
    if (settings.home / FILE).exists():
        Memory.open(settings.home).close()  # an older one is migrated here, where it can be
    return grow(settings.home, url, progress)
