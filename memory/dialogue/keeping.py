"""A turn as a row, in the caller's transaction."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from core.dialogue import Said
from memory.clock import whole_second
from memory.dialogue.recipe import LONGEST, SITTING_HOURS
from memory.passages import text_hash
from memory.rows import values
from memory.tables import turns


def spoken(speaker: str, text: str) -> str:
    """Return what is embedded of a turn."""
    return f"{speaker}: {text}"


def spoken_hash(speaker: str, text: str) -> str:
    """Return the hash that a turn's vectors are kept by."""
    return text_hash(spoken(speaker, text))


def keep(conn: Connection, workspace: str, said: Said) -> bool:
    """Keep a turn unless its source is kept already, or it says nothing; say whether it is new."""
    text = said.text.strip()[:LONGEST]
    same = select(turns.c.number).where(turns.c.workspace == workspace, turns.c.source == said.source)
    if not text or conn.scalar(same) is not None:
        return False
    row: dict[str, Any] = values(said, turns) | {
        "workspace": workspace,
        "text": text,
        "said_at": whole_second(said.said_at),
        "session": said.session if said.session is not None else _session(conn, workspace, said),
        "content_hash": spoken_hash(said.speaker, text),
    }
    conn.execute(insert(turns).values(row))
    return True


def _session(conn: Connection, workspace: str, said: Said) -> int:
    """Return the thread's last session, or the next one where it has been silent for hours."""
    last = (
        select(turns.c.session, turns.c.said_at)
        .where(turns.c.workspace == workspace, turns.c.thread == said.thread)
        .order_by(turns.c.number.desc())
        .limit(1)
    )
    row = conn.execute(last).one_or_none()
    if row is None:
        return 1
    silent = said.said_at - row.said_at > timedelta(hours=SITTING_HOURS)
    return int(row.session) + int(silent)
