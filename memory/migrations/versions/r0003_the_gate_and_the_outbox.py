"""Members, connections, consents, files, a newsletter's list, recurring slots; a thread's parts in the outbox.

Revision ID: 0003
Revises: 0002
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def moment(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _publications()
    _proposals()
    _people()
    _newsletter()
    _series()


def _publications() -> None:
    with op.batch_alter_table("publications") as table:
        table.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("parts", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("root_id", sa.String(length=32), nullable=True))
        table.add_column(moment("not_before", nullable=True))
        table.drop_constraint("uq_publications_decision_id", type_="unique")
        table.create_unique_constraint("uq_publications_decision_id_part", ["decision_id", "part"])
        table.create_index("ix_publications_root_id", ["root_id"])


def _proposals() -> None:
    op.add_column("proposals", sa.Column("reason", sa.Text(), nullable=False, server_default=""))


def _people() -> None:
    _members()
    _connections()
    _quarantines()
    _consents()
    _files()
    _known_accounts()
    _heartbeats()


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=True),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        moment("wait_until", nullable=True),
        moment("added_at"),
        sa.Column("added_by", sa.Text(), nullable=False),
        moment("removed_at", nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_members_workspace"),
        sa.PrimaryKeyConstraint("workspace", "name", name="pk_members"),
    )


def _connections() -> None:
    op.create_table(
        "connections",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=255), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        moment("connected_at"),
        moment("checked_at", nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_connections_workspace"),
        sa.PrimaryKeyConstraint("workspace", "channel", "account", name="pk_connections"),
    )


def _quarantines() -> None:
    op.create_table(
        "quarantines",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("restored_from", sa.Text(), nullable=False),
        moment("backup_made_at"),
        moment("started_at"),
        moment("lifted_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_quarantines"),
    )


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        moment("at"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_consents_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_subject", "consents", ["subject"])
    op.create_index("ix_consents_workspace", "consents", ["workspace"])


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_from", sa.String(length=64), nullable=True),
        moment("added_at"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_files_workspace"),
        sa.PrimaryKeyConstraint("workspace", "sha256", name="pk_files"),
    )


def _known_accounts() -> None:
    op.create_table(
        "known_accounts",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("handle", sa.String(length=255), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        moment("looked_up_at"),
        sa.PrimaryKeyConstraint("channel", "handle", name="pk_known_accounts"),
    )


def _heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("worker", sa.String(length=255), nullable=False),
        moment("started_at"),
        moment("at"),
        sa.Column("says", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_heartbeats"),
    )


def _newsletter() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=True),
        moment("asked_at"),
        moment("confirmed_at", nullable=True),
        moment("left_at", nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_subscribers_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.UniqueConstraint("workspace", "address", name="uq_subscribers_workspace_address"),
    )
    op.create_index("ix_subscribers_state", "subscribers", ["state"])
    op.create_index("ix_subscribers_workspace", "subscribers", ["workspace"])
    op.create_table(
        "mailings",
        sa.Column("publication_id", sa.String(length=32), nullable=False),
        sa.Column("subscriber_id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("not_before", nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        moment("updated_at"),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name="fk_mailings_publication_id"),
        sa.PrimaryKeyConstraint("publication_id", "subscriber_id", name="pk_mailings"),
    )
    op.create_index("ix_mailings_state", "mailings", ["state"])


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("wall_time", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        moment("ended_at", nullable=True),
        moment("created_at"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_series_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.create_index("ix_series_workspace", "series", ["workspace"])
    op.create_table(
        "occurrences",
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("wall_date", sa.String(length=10), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        moment("at"),
        sa.Column("wall_time", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_occurrences_series_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_occurrences_workspace"),
        sa.PrimaryKeyConstraint("series_id", "wall_date", name="pk_occurrences"),
    )
    op.create_index("ix_occurrences_at", "occurrences", ["at"])
    op.create_index("ix_occurrences_workspace", "occurrences", ["workspace"])
