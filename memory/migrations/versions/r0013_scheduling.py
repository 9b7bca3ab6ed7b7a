"""Times: embargoes, subscribed calendars, slots that pause, and the embargo inside a proposal, which never changes.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from memory.tables.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KEPT = {
    "sqlite": """
        CREATE TRIGGER proposals_keep_their_embargo BEFORE UPDATE OF not_before ON proposals
        BEGIN SELECT RAISE(ABORT, 'a proposal never changes: supersede it'); END
        """,
    "postgresql": """
        CREATE TRIGGER proposals_keep_their_embargo BEFORE UPDATE OF not_before ON proposals
        FOR EACH ROW EXECUTE FUNCTION proposals_never_change()
        """,
}


def upgrade() -> None:
    op.create_table(
        "embargoes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("work_id", sa.String(32), nullable=False),
        sa.Column("not_before", UtcDateTime, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("lifted_at", UtcDateTime),
        sa.Column("lifted_by", sa.Text),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_embargoes_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_embargoes"),
    )
    op.create_index("ix_embargoes_workspace", "embargoes", ["workspace"])
    op.create_index("ix_embargoes_work_id", "embargoes", ["work_id"])
    op.create_table(
        "feeds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("with_text", sa.Integer, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.Column("revoked_by", sa.Text),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_feeds_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("token_hash", name="uq_feeds_token_hash"),
    )
    op.create_index("ix_feeds_workspace", "feeds", ["workspace"])
    op.add_column("series", sa.Column("paused_at", UtcDateTime))
    op.add_column("series", sa.Column("paused_until", sa.String(10)))
    op.add_column("proposals", sa.Column("not_before", UtcDateTime))
    op.get_bind().exec_driver_sql(_KEPT[op.get_bind().dialect.name])
