"""Which embedding model this home's index is of: a pointer, so that a change of model is one write."""

from sqlalchemy import Column, Integer, String, Table

from memory.tables.base import UtcDateTime, metadata

embedding_choices = Table(
    "embedding_choices",  # every switch there was; the last one counts
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("model", String(128), nullable=False),  # as `open_embedder` takes it
    Column("kept_as", String(128), nullable=False),  # as its vectors are kept
    Column("chosen_at", UtcDateTime, nullable=False),
)
