"""What is proposed to be said of photos that lie in a person's own folders."""

from sqlalchemy import JSON, Column, String, Table, Text, UniqueConstraint

from memory.tables.base import UtcDateTime, metadata, workspace_column

photos = Table(
    "photos",  # derived: `greenroom photos FOLDER` makes them anew; what was written lies in or beside the photo
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("folder", Text, nullable=False),  # as this machine knows it
    Column("path", Text, nullable=False),  # in the folder, with slashes
    Column("sha256", String(64), nullable=False, index=True),  # of the bytes that were looked at
    Column("seen", String(64), nullable=False),  # the file's size and time: unchanged, it is not read again
    Column("words", JSON, nullable=False),
    Column("why", JSON, nullable=False),  # field: where its words come from
    Column("notes", JSON, nullable=False),
    Column("model", Text, nullable=False),  # empty: no model looked at it
    Column("state", String(16), nullable=False),  # proposed, written
    Column("made_at", UtcDateTime, nullable=False),
    Column("written_at", UtcDateTime),
    Column("written_to", String(16), nullable=False),  # sidecar, embed; empty: not written
    UniqueConstraint("workspace", "folder", "path"),
)
