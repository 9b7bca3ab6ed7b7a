"""Budgets and what a stage cost.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from memory.tables.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _budgets()
    _brief_choices()
    _reservations()
    _sensitivities()
    _usage()


def _budgets() -> None:
    op.create_table(
        "budgets",
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("amount", sa.Float, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_budgets_workspace"),
        sa.PrimaryKeyConstraint("workspace", "scope", "subject", "unit", name="pk_budgets"),
    )


def _brief_choices() -> None:
    op.create_table(
        "brief_choices",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("brief_id", sa.String(32), nullable=False),
        sa.Column("raised", sa.Float, nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_brief_choices_workspace"),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name="fk_brief_choices_brief_id"),
        sa.PrimaryKeyConstraint("id", name="pk_brief_choices"),
    )
    op.create_index("ix_brief_choices_brief_id", "brief_choices", ["brief_id"])
    op.create_index("ix_brief_choices_workspace", "brief_choices", ["workspace"])


def _reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("brief_id", sa.String(32)),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("cost", sa.Float, nullable=False),
        sa.Column("tokens", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_reservations_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_reservations"),
    )
    op.create_index("ix_reservations_workspace", "reservations", ["workspace"])


def _sensitivities() -> None:
    op.create_table(
        "sensitivities",
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("private", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_sensitivities_workspace"),
        sa.PrimaryKeyConstraint("workspace", "source", name="pk_sensitivities"),
    )


def _usage() -> None:
    for name, kind, default in (
        ("endpoint", sa.Text, ""),
        ("member", sa.Text, ""),
        ("channel", sa.String(32), ""),
        ("locale", sa.String(35), ""),
        ("variant", sa.Integer, "0"),
        ("cached_tokens", sa.Integer, "0"),
        ("estimated", sa.Integer, "0"),
    ):
        op.add_column("usage", sa.Column(name, kind, nullable=False, server_default=default))
