"""Whether the database answers, how fast, and what time it has."""

import time
from datetime import UTC

from sqlalchemy import func, select

from core.base import Instant, Noun
from memory.database import Database


class Pulse(Noun):
    """One answer of the database. `at`: its own clock; of the embedded one, this machine's."""

    engine: str
    seconds: float
    at: Instant


def pulse(database: Database) -> Pulse:
    """Ask it for the time."""
    began = time.monotonic()
    with database.read() as conn:
        told = conn.execute(select(func.now())).scalar_one()
    at = told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    engine = (
        "the embedded database" if database.is_sqlite else f"PostgreSQL at {database.engine.url.host or 'a socket'}"
    )
    return Pulse(engine=engine, seconds=time.monotonic() - began, at=at)
