"""What the audit proposes: metadata that a person has not said yes to."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text, UniqueConstraint

from memory.tables.base import UtcDateTime, metadata, workspace_column

suggestions = Table(
    "suggestions",  # one proposed value of one field of a work or a file; what was rejected is not proposed again
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("work_id", String(32), index=True),  # no foreign key: forgetting a work decides for itself what goes with it
    Column("sha256", String(64), index=True),  # a file's, where it is about one
    Column("field", String(16), nullable=False),  # title, published_at, language, tags, alt
    Column("key", String(64), nullable=False),  # what is proposed for what, hashed
    Column("value", JSON, nullable=False),
    Column("before", JSON(none_as_null=True)),  # what stood there when it was accepted
    Column("reason", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),  # open, accepted, rejected, undone
    Column("version", Integer),  # the version of the work that accepting it made
    Column("made_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", Text),
    UniqueConstraint("workspace", "key"),
)
