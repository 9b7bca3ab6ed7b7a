"""How far a workspace's vectors were complete.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "index_marks",
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("target", sa.String(192), nullable=False),
        sa.Column("extent", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_index_marks_workspace"),
        sa.PrimaryKeyConstraint("workspace", "target", name="pk_index_marks"),
    )
