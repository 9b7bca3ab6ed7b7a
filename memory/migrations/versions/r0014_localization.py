"""Translated segments and their approvals.

Revision ID: 0014
Revises: 0013
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def text(name: str, length: int | None = None, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=nullable)


def empty(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def moment(name: str) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def number(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    _acts()
    _translations()


def _acts() -> None:
    op.create_table(
        "segment_acts",
        text("id", 32),
        text("workspace", 64),
        text("brief_id", 32),
        text("channel", 32),
        number("variant"),
        text("source_locale", 35),
        text("locale", 35),
        text("segment_id", 48),
        text("proposal_id", 32, nullable=True),
        text("work_id", 32, nullable=True),
        text("field", 32),
        text("source"),
        text("target"),
        text("verb", 16),
        text("note"),
        text("by"),
        moment("at"),
        number("seq"),
        number("undone_by", nullable=True),
        empty("reason"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_segment_acts_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_segment_acts"),
    )
    for column in ("workspace", "brief_id", "segment_id", "work_id"):
        op.create_index(f"ix_segment_acts_{column}", "segment_acts", [column])
    line = ["workspace", "brief_id", "channel", "variant", "locale"]
    op.create_index("ix_segment_acts_line", "segment_acts", line)


def _translations() -> None:
    op.create_table(
        "translations",
        text("id", 32),
        text("workspace", 64),
        text("source_locale", 35),
        text("target_locale", 35),
        text("source"),
        text("target"),
        number("length"),
        text("origin", 16),
        text("act_id", 32, nullable=True),
        text("decision_id", 32, nullable=True),
        text("proposal_id", 32, nullable=True),
        text("work_id", 32, nullable=True),
        empty("file"),
        text("by"),
        moment("at"),
        text("recorded_by"),
        moment("recorded_at"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_translations_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_translations"),
    )
    for column in ("workspace", "act_id", "decision_id", "work_id"):
        op.create_index(f"ix_translations_{column}", "translations", [column])
    op.create_index("ix_translations_pair", "translations", ["workspace", "target_locale", "length"])
