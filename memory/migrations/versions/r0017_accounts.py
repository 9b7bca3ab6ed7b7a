"""Who is signed in to the web, who vouches for whom, and how often somebody tried.

Revision ID: 0017
Revises: 0016
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def text(name: str, length: int | None = None) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def moment(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _sessions()
    _identities()
    _login_tries()


def _sessions() -> None:
    op.create_table(
        "sessions",
        text("id", 32),
        text("workspace", 64),
        text("bearer_hash", 64),
        text("member"),
        text("fingerprint", 64),
        text("how", 16),
        moment("made_at"),
        moment("seen_at"),
        moment("idle_until"),
        moment("ends_at"),
        text("address"),
        text("agent"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_sessions_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("bearer_hash", name="uq_sessions_bearer_hash"),
    )
    op.create_index("ix_sessions_workspace", "sessions", ["workspace"])


def _identities() -> None:
    op.create_table(
        "identities",
        text("id", 32),
        text("workspace", 64),
        text("digest", 64),
        text("issuer"),
        text("subject"),
        text("member"),
        moment("added_at"),
        text("added_by"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_identities_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("digest", name="uq_identities_digest"),
    )
    op.create_index("ix_identities_workspace", "identities", ["workspace"])


def _login_tries() -> None:
    op.create_table(
        "login_tries",
        text("key", 64),
        text("workspace", 64),
        sa.Column("tries", sa.Integer(), nullable=False),
        moment("last_at"),
        moment("wait_until", nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_login_tries_workspace"),
        sa.PrimaryKeyConstraint("key", name="pk_login_tries"),
    )
    op.create_index("ix_login_tries_workspace", "login_tries", ["workspace"])
