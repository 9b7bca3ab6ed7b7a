"""Where review cards lie in Slack, and what Slack has told already: it tells the same thing again when in doubt."""

from sqlalchemy import JSON, Column, String, Table, Text

from memory.tables.base import UtcDateTime, metadata, workspace_column

slack_messages = Table(
    "slack_messages",  # ids only: what is shown is read from the proposals whenever it is shown
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("channel", String(64), nullable=False),
    Column("ts", String(32), nullable=False),
    Column("thread", String(32), nullable=False),  # of the message that began its thread; empty: itself
    Column("root", String(64), nullable=False, index=True),  # the proposal's first version: all versions lie there
    Column("proposal_id", String(64), nullable=False),
    Column("stamp", Text, nullable=False),  # what it was when it was last shown
    Column("rest", JSON, nullable=False),  # messages in its thread that hold what one message can't
    Column("chart", JSON, nullable=False, server_default="[]"),  # the picture of its voice: its message, its file
    Column("chart_of", String(64), nullable=False, server_default=""),  # a hash of what that was drawn from
    Column("made_at", UtcDateTime, nullable=False),
)

slack_events = Table(
    "slack_events",
    metadata,
    Column("key", String(64), primary_key=True),  # a hash of Slack's id of it
    workspace_column(),
    Column("channel", String(64), nullable=False),
    Column("thread", String(32), nullable=False),
    Column("state", String(16), nullable=False),  # begun, done
    Column("at", UtcDateTime, nullable=False),
)
