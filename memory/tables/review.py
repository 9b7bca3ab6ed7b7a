"""What is drafted, what waits for a person, and what was decided."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from memory.tables.base import UtcDateTime, metadata, workspace_column

briefs = Table(
    "briefs",
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("data", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("brief_id", String(32), ForeignKey("briefs.id"), nullable=False, index=True),
    Column("data", JSON, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("brief_id", String(32), ForeignKey("briefs.id"), nullable=False, index=True),
    workspace_column(),
    Column("channel", String(32), nullable=False),
    Column("locale", String(35), nullable=False),
    Column("variant", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("parent_id", String(32)),
    Column("data", JSON, nullable=False),  # the whole Draft
    Column("created_at", UtcDateTime, nullable=False),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("brief_id", String(32), ForeignKey("briefs.id"), nullable=False, index=True),
    Column("draft_id", String(32)),
    Column("stage", String(48), nullable=False),
    Column("stages", JSON, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("account", Text, nullable=False),
    Column("locale", String(35), nullable=False),
    Column("variant", Integer, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("at", UtcDateTime),
    Column("grace_minutes", Integer),
    Column("suggested_at", UtcDateTime),
    Column("suggested_reason", Text, nullable=False, server_default=""),
    Column("voice", JSON(none_as_null=True)),
    Column("findings", JSON, nullable=False),
    Column("receipts", JSON, nullable=False),
    Column("provenance", JSON, nullable=False),
    Column("supersedes", String(32)),
    Column("superseded_by", String(32)),
    Column("requested_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),  # why it is stale
    Column("not_before", UtcDateTime),  # the embargo it was frozen with
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("proposal_id", String(32), ForeignKey("proposals.id"), nullable=False, index=True),
    Column("stage", String(48), nullable=False),
    Column("verb", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("body", Text),
    Column("undone_by", Integer),
    Column("new_proposal_id", String(32)),
    Column("resumed_at", UtcDateTime),
    Index(
        # single-use, and the first wins: the database itself holds no second standing decision on a stage
        "uq_decisions_standing",
        "proposal_id",
        "stage",
        unique=True,
        sqlite_where=text("verb <> 'hold' AND undone_by IS NULL"),
        postgresql_where=text("verb <> 'hold' AND undone_by IS NULL"),
    ),
)

ledger = Table(
    "ledger",  # append-only: triggers refuse UPDATE and DELETE
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("prev", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)

usage = Table(
    "usage",
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("brief_id", String(32), index=True),
    Column("stage", String(32), nullable=False),
    Column("model", Text, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cost", Float),
    Column("seconds", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("endpoint", Text, nullable=False, server_default=""),
    Column("member", Text, nullable=False, server_default=""),
    Column("channel", String(32), nullable=False, server_default=""),
    Column("locale", String(35), nullable=False, server_default=""),
    Column("variant", Integer, nullable=False, server_default="0"),
    Column("cached_tokens", Integer, nullable=False, server_default="0"),
    Column("estimated", Integer, nullable=False, server_default="0"),
)
