"""What was forgotten: ids and counts, never words. First a note of what is still to do, then a signed receipt."""

from sqlalchemy import JSON, Column, String, Table

from memory.tables.base import UtcDateTime, metadata

forgettings = Table(
    "forgettings",
    metadata,
    Column("id", String(32), primary_key=True),
    # No foreign key, and empty where it was a workspace that was forgotten: the receipt outlives it.
    Column("workspace", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),  # work, person, source, workspace
    Column("state", String(16), nullable=False, index=True),  # begun, done
    Column("todo", JSON(none_as_null=True)),  # what whoever goes on with it needs; gone when it is done
    Column("receipt", JSON, nullable=False),
    Column("signature", String(128)),
    Column("public_key", String(64)),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
