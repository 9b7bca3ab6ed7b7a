"""What a person's edits taught.

Revision ID: 0006
Revises: 0005
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def moment(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _lessons()
    _preferences()
    _words()


def _lessons() -> None:
    op.create_table(
        "lessons",
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.String(length=32), nullable=False),
        sa.Column("brief_id", sa.String(length=32), nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        moment("at"),
        sa.Column("data", sa.JSON(), nullable=False),
        moment("learned_at"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_lessons_decision_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_lessons_workspace"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_lessons"),
    )
    op.create_index("ix_lessons_workspace", "lessons", ["workspace"])


def _preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("trait", sa.String(length=32), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("support", sa.JSON(), nullable=False),
        sa.Column("contradiction", sa.Float(), nullable=False),
        moment("valid_from", nullable=True),
        moment("valid_to", nullable=True),
        moment("recorded_at"),
        moment("recorded_to", nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_preferences_workspace"),
        sa.PrimaryKeyConstraint("number", name="pk_preferences"),
    )
    op.create_index("ix_preferences_id", "preferences", ["id"])
    op.create_index("ix_preferences_workspace", "preferences", ["workspace"])
    op.create_index("ix_preferences_workspace_recorded_to", "preferences", ["workspace", "recorded_to"])


def _words() -> None:
    op.create_table(
        "preference_words",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("preference_id", sa.String(length=32), nullable=False),
        sa.Column("trait", sa.String(length=32), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("word", sa.String(length=16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        moment("at"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_preference_words_workspace"),
        sa.PrimaryKeyConstraint("seq", name="pk_preference_words"),
    )
    op.create_index("ix_preference_words_preference_id", "preference_words", ["preference_id"])
    op.create_index("ix_preference_words_workspace", "preference_words", ["workspace"])
