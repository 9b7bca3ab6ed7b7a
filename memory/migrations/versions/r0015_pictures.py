"""What is proposed to be said of photos, and which model said a picture's alt text.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def text(name: str, length: int | None = None) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "photos",
        text("id", 32),
        text("workspace", 64),
        text("folder"),
        text("path"),
        text("sha256", 64),
        text("seen", 64),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        text("model"),
        text("state", 16),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        text("written_to", 16),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_photos_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_photos"),
        sa.UniqueConstraint("workspace", "folder", "path", name="uq_photos_workspace_folder_path"),
    )
    op.create_index("ix_photos_workspace", "photos", ["workspace"])
    op.create_index("ix_photos_sha256", "photos", ["sha256"])
    op.add_column("files", sa.Column("alt_by", sa.Text(), nullable=True))
