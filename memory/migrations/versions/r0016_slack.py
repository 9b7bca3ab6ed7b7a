"""Where review cards lie in Slack, and what Slack has told already.

Revision ID: 0016
Revises: 0015
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def text(name: str, length: int | None = None) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def moment(name: str) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "slack_messages",
        text("id", 32),
        text("workspace", 64),
        text("channel", 64),
        text("ts", 32),
        text("thread", 32),
        text("root", 64),
        text("proposal_id", 64),
        text("stamp"),
        sa.Column("rest", sa.JSON(), nullable=False),
        moment("made_at"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_slack_messages_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_slack_messages"),
    )
    op.create_index("ix_slack_messages_workspace", "slack_messages", ["workspace"])
    op.create_index("ix_slack_messages_root", "slack_messages", ["root"])
    op.create_table(
        "slack_events",
        text("key", 64),
        text("workspace", 64),
        text("channel", 64),
        text("thread", 32),
        text("state", 16),
        moment("at"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_slack_events_workspace"),
        sa.PrimaryKeyConstraint("key", name="pk_slack_events"),
    )
    op.create_index("ix_slack_events_workspace", "slack_events", ["workspace"])
