"""Where the picture of a card's voice lies in Slack, and what it was drawn from.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("slack_messages", sa.Column("chart", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("slack_messages", sa.Column("chart_of", sa.String(64), nullable=False, server_default=""))
