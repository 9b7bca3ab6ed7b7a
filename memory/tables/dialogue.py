"""What was said, turn by turn: quotes works (by their ids in `works`), so forgetting reaches it."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text, UniqueConstraint

from memory.tables.base import UtcDateTime, metadata, workspace_column

turns = Table(
    "turns",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),  # the order in which a thread was spoken
    workspace_column(),
    Column("source", Text, nullable=False),  # what is remembered once
    Column("thread", String(64), nullable=False),
    Column("session", Integer, nullable=False),
    Column("speaker", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("decision_id", String(32), index=True),  # no foreign keys: what is forgotten is taken out by name
    Column("proposal_id", String(32)),
    Column("brief_id", String(32)),
    Column("works", JSON, nullable=False),  # ids
    Column("content_hash", String(64), nullable=False, index=True),  # of what is embedded: speaker and text
    UniqueConstraint("workspace", "source"),
)
