"""What a brand holds to, and how pieces did.

Revision ID: 0005
Revises: 0004
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def moment(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _facts()
    _outcomes()


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("matching", sa.String(length=16), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=True),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        moment("valid_from"),
        moment("valid_to", nullable=True),
        moment("recorded_at"),
        moment("superseded_at", nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_facts_workspace"),
        sa.PrimaryKeyConstraint("id", "version", name="pk_facts"),
    )
    op.create_index("ix_facts_workspace", "facts", ["workspace"])


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("work_id", sa.String(length=32), nullable=True),
        sa.Column("publication_id", sa.String(length=32), nullable=True),
        sa.Column("metric", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        moment("measured_at"),
        sa.Column("source", sa.Text(), nullable=False),
        moment("recorded_at"),
        moment("superseded_at", nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_outcomes_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes"),
    )
    for column in ("workspace", "work_id", "publication_id"):
        op.create_index(f"ix_outcomes_{column}", "outcomes", [column])
    op.create_index("ix_outcomes_measure", "outcomes", ["workspace", "metric", "measured_at"])
