"""What a creator has: works and their passages, vectors, the voice, files."""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from memory.tables.base import UtcDateTime, metadata, workspace_column

works = Table(
    "works",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),  # the full-text index's rowid
    Column("id", String(32), nullable=False, unique=True),
    workspace_column(),
    Column("source", Text, nullable=False),
    Column("kind", String(16), nullable=False, server_default="import"),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("format", String(16), nullable=False),
    Column("published_at", UtcDateTime),
    Column("authors", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("url", Text),
    Column("language", String(35)),
    Column("license", Text),
    Column("version", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("words", Integer, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("extra", JSON, nullable=False),
    UniqueConstraint("workspace", "source"),
    # Every recall asks whether the works are still the ones it knows: without their bodies that is a moment.
    Index("ix_works_state", "workspace", "version", "number", "imported_at"),
)

work_versions = Table(
    "work_versions",
    metadata,
    Column("work_id", String(32), ForeignKey("works.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("data", JSON, nullable=False),  # the rest of the piece as it was
    Column("recorded_at", UtcDateTime, nullable=False),
)

near_duplicates = Table(
    "near_duplicates",
    metadata,
    Column("work_id", String(32), ForeignKey("works.id"), primary_key=True),
    Column("of_work_id", String(32), ForeignKey("works.id"), primary_key=True, index=True),
    Column("jaccard", Float, nullable=False),
)

signatures = Table(
    "signatures",  # MinHash of a work's word 3-grams: which works may be near duplicates
    metadata,
    Column("work_id", String(32), ForeignKey("works.id"), primary_key=True),
    workspace_column(),
    Column("signature", LargeBinary, nullable=False),  # uint32, little endian
)

passages = Table(
    "passages",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),  # the full-text index's rowid
    Column("id", String(48), nullable=False, unique=True),
    Column("work_id", String(32), ForeignKey("works.id"), nullable=False, index=True),
    workspace_column(),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("content_hash", String(64), nullable=False, index=True),  # of what is embedded: title + text
)

vectors = Table(
    "vectors",
    metadata,
    Column("content_hash", String(64), primary_key=True),
    Column("model", String(128), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float32, little endian, unit length
)

indexed = Table(
    "indexed",  # what the Chroma projection holds: (passage, embedding model)
    metadata,
    Column("passage_id", String(48), primary_key=True),
    Column("model", String(128), primary_key=True),
    workspace_column(),
    Column("content_hash", String(64), nullable=False),
)

voice_profiles = Table(
    "voice_profiles",  # measured from the works; rebuilt when `works_hash` no longer fits
    metadata,
    Column("workspace", String(64), ForeignKey("workspaces.id"), primary_key=True),
    Column("works_hash", String(64), nullable=False),
    Column("data", JSON, nullable=False),
    Column("measured_at", UtcDateTime, nullable=False),
    Column("learnt", LargeBinary),  # weights by register, in half precision (memory/voice/keeping.py)
)

files = Table(
    "files",  # pictures and the like, kept in HOME/files by content hash
    metadata,
    Column("workspace", String(64), ForeignKey("workspaces.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("mime", String(64), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("alt", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("made_from", String(64)),  # a rendition's original
    Column("alt_by", Text),  # the model that saw it and said its alt text; nothing: a person's words, or none
    Column("added_at", UtcDateTime, nullable=False),
)
