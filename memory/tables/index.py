"""Which embedding model this home's index is of (a pointer: a change of model is one write), and how far it goes."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from memory.tables.base import UtcDateTime, metadata

embedding_choices = Table(
    "embedding_choices",  # every switch there was; the last one counts
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("model", String(128), nullable=False),  # as `open_embedder` takes it
    Column("kept_as", String(128), nullable=False),  # as its vectors are kept
    Column("chosen_at", UtcDateTime, nullable=False),
)

index_marks = Table(
    "index_marks",  # how far a workspace's vectors, or a Chroma, were complete: `memory/index/marks.py`
    metadata,
    Column("workspace", String(64), ForeignKey("workspaces.id"), primary_key=True),
    Column("target", String(192), primary_key=True),
    Column("extent", JSON, nullable=False),
)
