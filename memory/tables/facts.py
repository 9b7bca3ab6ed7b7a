"""What a brand holds to, and how pieces did. A row is never changed but once: when it is no longer what we know."""

from sqlalchemy import JSON, Column, Float, Index, Integer, String, Table, Text

from memory.tables.base import UtcDateTime, metadata, workspace_column

facts = Table(
    "facts",  # a fact's versions: what we knew from `recorded_at` to `superseded_at` of `valid_from` to `valid_to`
    metadata,
    Column("id", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    workspace_column(),
    Column("kind", String(16), nullable=False),
    Column("term", Text, nullable=False),
    Column("matching", String(16), nullable=False),
    Column("case", Integer, nullable=False),  # 1 or 0
    Column("instead", Text, nullable=False),
    Column("needs", JSON, nullable=False),
    Column("locale", String(35)),
    Column("severity", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("valid_to", UtcDateTime),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("superseded_at", UtcDateTime),
    Column("recorded_by", Text, nullable=False),
    Column("seq", Integer, nullable=False),  # its entry in the ledger
)

outcomes = Table(
    "outcomes",  # how a piece did, as measured at a time; a corrected figure supersedes the one before
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("work_id", String(32), index=True),  # no foreign keys: what is forgotten is taken out by name
    Column("publication_id", String(32), index=True),
    Column("metric", String(64), nullable=False),
    Column("value", Float, nullable=False),
    Column("measured_at", UtcDateTime, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("superseded_at", UtcDateTime),
    Column("recorded_by", Text, nullable=False),
    Index("ix_outcomes_measure", "workspace", "metric", "measured_at"),
)
