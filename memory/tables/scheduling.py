"""What holds times: embargoes on works, and the addresses under which calendars are subscribed to."""

from sqlalchemy import Column, Integer, String, Table, Text

from memory.tables.base import UtcDateTime, metadata, workspace_column

embargoes = Table(
    "embargoes",  # append-only words on how long a work is kept back; the latest that is not lifted counts
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("seq", Integer, nullable=False),  # its entry in the ledger: which word is the latest
    Column("work_id", String(32), nullable=False, index=True),  # no foreign key: it goes when its work is forgotten
    Column("not_before", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("lifted_at", UtcDateTime),
    Column("lifted_by", Text),
)

feeds = Table(
    "feeds",  # who may subscribe to a workspace's calendar; of the token only its hash is kept
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("member", Text, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("with_text", Integer, nullable=False),  # 1: the drafts' words too
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revoked_by", Text),
)
