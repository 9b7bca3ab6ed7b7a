"""Every table, once. SQL is the truth; all else (Chroma, full text, checkpoints) can be rebuilt from here.

A change here needs a migration in `memory/migrations/versions/`; a test compares the two.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime: `timestamptz` on PostgreSQL, naive UTC on SQLite, always UTC in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in Greenroom")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back, whatever the driver lost."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _workspace() -> Column[str]:
    return Column("workspace", String(64), ForeignKey("workspaces.id"), nullable=False, index=True)


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

works = Table(
    "works",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),  # the full-text index's rowid
    Column("id", String(32), nullable=False, unique=True),
    _workspace(),
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
    _workspace(),
    Column("signature", LargeBinary, nullable=False),  # uint32, little endian
)

passages = Table(
    "passages",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),  # the full-text index's rowid
    Column("id", String(48), nullable=False, unique=True),
    Column("work_id", String(32), ForeignKey("works.id"), nullable=False, index=True),
    _workspace(),
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
    _workspace(),
    Column("content_hash", String(64), nullable=False),
)

voice_profiles = Table(
    "voice_profiles",  # measured from the works; rebuilt when `works_hash` no longer fits
    metadata,
    Column("workspace", String(64), ForeignKey("workspaces.id"), primary_key=True),
    Column("works_hash", String(64), nullable=False),
    Column("data", JSON, nullable=False),
    Column("measured_at", UtcDateTime, nullable=False),
)

briefs = Table(
    "briefs",
    metadata,
    Column("id", String(32), primary_key=True),
    _workspace(),
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
    _workspace(),
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
    _workspace(),
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
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(32), primary_key=True),
    _workspace(),
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

publications = Table(
    "publications",
    metadata,
    Column("id", String(32), primary_key=True),
    _workspace(),
    Column("proposal_id", String(32), ForeignKey("proposals.id"), nullable=False, index=True),
    Column("decision_id", String(32), ForeignKey("decisions.id"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("account", Text, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("part", Integer, nullable=False, server_default="1"),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("root_id", String(32), index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("not_before", UtcDateTime),
    Column("wall_time", String(32), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("grace_minutes", Integer),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("worker", Text),
    Column("key", Text),
    Column("handles", JSON, nullable=False),
    Column("request", JSON(none_as_null=True)),
    Column("send_deadline", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("remote_id", Text),
    Column("url", Text),
    Column("published_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("decision_id", "part"),  # an approval releases each part once
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

connections = Table(
    "connections",  # which accounts are connected; their secrets are in the vault, never here
    metadata,
    Column("workspace", String(64), ForeignKey("workspaces.id"), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("account", String(255), primary_key=True),
    Column("settings", JSON, nullable=False),  # the service's address and the like: nothing secret
    Column("facts", JSON, nullable=False),  # what the platform said of itself: limits, its own id for the account
    Column("state", String(16), nullable=False),  # connected, disconnected
    Column("reason", Text, nullable=False),
    Column("connected_at", UtcDateTime, nullable=False),
    Column("checked_at", UtcDateTime),
)

quarantines = Table(
    "quarantines",  # a restored database may not know what was sent since: read back before any first send
    metadata,
    Column("id", String(32), primary_key=True),
    Column("restored_from", Text, nullable=False),
    Column("backup_made_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
)

consents = Table(
    "consents",  # append-only words on whether something may be used; the latest one counts
    metadata,
    Column("id", String(32), primary_key=True),
    _workspace(),
    Column("seq", Integer, nullable=False),  # its entry in the ledger: which word is the latest
    Column("subject", Text, nullable=False, index=True),  # work:w_…, person:NAME, file:SHA256
    Column("granted", Integer, nullable=False),  # 1 or 0
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
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
    Column("added_at", UtcDateTime, nullable=False),
)

subscribers = Table(
    "subscribers",  # a newsletter's own list, double opt-in
    metadata,
    Column("id", String(32), primary_key=True),
    _workspace(),
    Column("address", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),  # asked, confirmed, unsubscribed, bounced
    Column("locale", String(35)),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("left_at", UtcDateTime),
    Column("source", Text, nullable=False),  # where the consent came from: a form, an import, by whom
    Column("reason", Text, nullable=False),
    UniqueConstraint("workspace", "address"),
)

mailings = Table(
    "mailings",  # one row a recipient of one newsletter
    metadata,
    Column("publication_id", String(32), ForeignKey("publications.id"), primary_key=True),
    Column("subscriber_id", String(32), primary_key=True),
    Column("address", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),  # queued, armed, accepted, deferred, refused, unknown
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcDateTime),
    Column("code", Integer),
    Column("answer", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

series = Table(
    "series",  # recurring slots
    metadata,
    Column("id", String(32), primary_key=True),
    _workspace(),
    Column("channel", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("weekdays", JSON, nullable=False),  # 0 is Monday
    Column("wall_time", String(5), nullable=False),  # HH:MM
    Column("zone", String(64), nullable=False),  # IANA
    Column("starts_on", String(10), nullable=False),  # a date there
    Column("ends_on", String(10)),
    Column("ended_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
)

occurrences = Table(
    "occurrences",  # every occurrence of a series is a row
    metadata,
    Column("series_id", String(32), ForeignKey("series.id"), primary_key=True),
    Column("wall_date", String(10), primary_key=True),
    _workspace(),
    Column("channel", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("wall_time", String(5), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("note", Text, nullable=False),  # what the clocks did that day
    Column("state", String(16), nullable=False),  # open, skipped; whether it is taken, the proposals say
)

known_accounts = Table(
    "known_accounts",  # public names that a platform resolved: a handle and its stable id
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("handle", String(255), primary_key=True),
    Column("remote_id", Text, nullable=False),
    Column("looked_up_at", UtcDateTime, nullable=False),
)

heartbeats = Table(
    "heartbeats",  # which sending processes live, for the health page and the watchdog
    metadata,
    Column("worker", String(255), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("says", Text, nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("id", String(32), primary_key=True),
    _workspace(),
    Column("brief_id", String(32), index=True),
    Column("stage", String(32), nullable=False),
    Column("model", Text, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cost", Float),
    Column("seconds", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
