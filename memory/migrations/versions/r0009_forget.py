"""What was forgotten, as receipts.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forgettings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("todo", sa.JSON(), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=True),
        sa.Column("public_key", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forgettings"),
    )
    for column in ("workspace", "state"):
        op.create_index(f"ix_forgettings_{column}", "forgettings", [column])
