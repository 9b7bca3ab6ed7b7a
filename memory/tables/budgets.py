"""What model calls may cost, what is set aside for those under way, and what is private."""

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, Text

from memory.tables.base import UtcDateTime, metadata, workspace_column

budgets = Table(
    "budgets",
    metadata,
    Column("workspace", String(64), ForeignKey("workspaces.id"), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("subject", String(200), primary_key=True),  # a member's name; empty elsewhere
    Column("unit", String(16), primary_key=True),
    Column("amount", Float, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

brief_choices = Table(
    "brief_choices",  # how a brief goes on after it was stopped: a raise of its limits, another endpoint
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("brief_id", String(32), ForeignKey("briefs.id"), nullable=False, index=True),
    Column("raised", Float, nullable=False),
    Column("unit", String(16), nullable=False),
    Column("endpoint", Text, nullable=False),  # empty: as the routing says
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

reservations = Table(
    "reservations",  # one for each call under way
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("brief_id", String(32)),
    Column("member", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("cost", Float, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),  # after that its process is taken for dead
)

sensitivities = Table(
    "sensitivities",  # the latest word on each work's source counts: it can be said before the work is there
    metadata,
    Column("workspace", String(64), ForeignKey("workspaces.id"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("private", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
