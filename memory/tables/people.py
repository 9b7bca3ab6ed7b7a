"""Who belongs to a workspace, and what may be used."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from memory.tables.base import UtcDateTime, metadata, workspace_column

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("locale", String(35), nullable=False),
    Column("accounts", JSON, nullable=False),
    Column("site_url", Text),
    Column("policy", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("workspace", String(64), ForeignKey("workspaces.id"), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("channels", JSON(none_as_null=True)),
    Column("secret_hash", Text),  # argon2id, never the secret
    Column("tries", Integer, nullable=False, server_default="0"),  # of the secret, since it was last right
    Column("wait_until", UtcDateTime),  # no further try before this
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("removed_at", UtcDateTime),
)

consents = Table(
    "consents",  # append-only words on whether something may be used; the latest one counts
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("seq", Integer, nullable=False),  # its entry in the ledger: which word is the latest
    Column("subject", Text, nullable=False, index=True),  # work:w_…, person:NAME, file:SHA256
    Column("granted", Integer, nullable=False),  # 1 or 0
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
)
