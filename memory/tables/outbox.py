"""What goes out: publications, accounts, slots, a newsletter's list."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from memory.tables.base import UtcDateTime, metadata, workspace_column

publications = Table(
    "publications",
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
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

known_accounts = Table(
    "known_accounts",  # public names that a platform resolved: a handle and its stable id
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("handle", String(255), primary_key=True),
    Column("remote_id", Text, nullable=False),
    Column("looked_up_at", UtcDateTime, nullable=False),
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

heartbeats = Table(
    "heartbeats",  # which sending processes live, for the health page and the watchdog
    metadata,
    Column("worker", String(255), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("says", Text, nullable=False),
)

series = Table(
    "series",  # recurring slots
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("channel", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("weekdays", JSON, nullable=False),  # 0 is Monday
    Column("wall_time", String(5), nullable=False),  # HH:MM
    Column("zone", String(64), nullable=False),  # IANA
    Column("starts_on", String(10), nullable=False),  # a date there
    Column("ends_on", String(10)),
    Column("ended_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("paused_until", String(10)),  # the last day without it; none: until it is resumed
)

occurrences = Table(
    "occurrences",  # every occurrence of a series is a row
    metadata,
    Column("series_id", String(32), ForeignKey("series.id"), primary_key=True),
    Column("wall_date", String(10), primary_key=True),
    workspace_column(),
    Column("channel", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("wall_time", String(5), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("note", Text, nullable=False),  # what the clocks did that day
    Column("state", String(16), nullable=False),  # open, skipped; whether it is taken, the proposals say
)

subscribers = Table(
    "subscribers",  # a newsletter's own list, double opt-in
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("address", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),  # asked, invited, confirmed, unsubscribed, bounced
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
    Column(
        "state", String(16), nullable=False, index=True
    ),  # queued, armed, accepted, deferred, refused, skipped, unknown
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcDateTime),
    Column("code", Integer),
    Column("answer", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
