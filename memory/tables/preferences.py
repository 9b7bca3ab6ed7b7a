"""What edits taught: the lesson of each edit, the rules that came of them over time, and the person's word on rules."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from memory.tables.base import UtcDateTime, metadata, workspace_column

lessons = Table(
    "lessons",  # derived: can be made again from the decisions at any time
    metadata,
    Column("decision_id", String(32), ForeignKey("decisions.id"), primary_key=True),
    workspace_column(),
    Column("proposal_id", String(32), nullable=False),
    Column("brief_id", String(32), nullable=False),
    Column("verb", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("locale", String(35), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),  # what it says: rules with a few words of the two texts, and for or against
    Column("learned_at", UtcDateTime, nullable=False),
)

preferences = Table(
    "preferences",  # a row is never changed but for its two ends: what is known anew is a row of its own
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, index=True),
    workspace_column(),
    Column("trait", String(32), nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("channel", String(32)),  # None: everywhere
    Column("language", String(35)),  # None: in all
    Column("state", String(16), nullable=False),
    Column("support", JSON, nullable=False),  # the edits that carry it: decision, proposal, moment
    Column("contradiction", Float, nullable=False),  # a share, 0..1
    Column("valid_from", UtcDateTime),
    Column("valid_to", UtcDateTime),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_to", UtcDateTime),
    Index("ix_preferences_workspace_recorded_to", "workspace", "recorded_to"),
)

preference_words = Table(
    "preference_words",  # append-only, each with an entry in the ledger
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # its entry in the ledger
    workspace_column(),
    Column("preference_id", String(32), nullable=False, index=True),
    Column("trait", String(32), nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("channel", String(32)),
    Column("language", String(35)),
    Column("word", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
)
