"""A home whose database has been moved to a PostgreSQL."""

from pathlib import Path

from core.errors import WrongUse

FILE, ASIDE = "greenroom.db", "greenroom.db.moved"


def refuse_moved(home: Path) -> None:
    """Raise WrongUse for a home whose database was moved away: an empty one in its place would look like a loss."""
    if (home / ASIDE).exists() and not (home / FILE).exists():
        raise WrongUse(
            f"This home's database was moved to a PostgreSQL; {home / ASIDE} is how it was then.",
            "Set DATABASE_URL. If the move was cut off (that database is empty): greenroom migrate again.",
        )
