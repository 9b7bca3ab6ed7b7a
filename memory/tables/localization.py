"""Segments of translations: what people said of each, and what was approved before (the translation memory)."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from memory.tables.base import UtcDateTime, metadata, workspace_column

segment_acts = Table(
    "segment_acts",  # append-only but for `undone_by` and `reason`; each act has an entry in the ledger
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("brief_id", String(32), nullable=False, index=True),
    Column("channel", String(32), nullable=False),
    Column("variant", Integer, nullable=False),
    Column("source_locale", String(35), nullable=False),
    Column("locale", String(35), nullable=False),
    Column("segment_id", String(48), nullable=False, index=True),
    Column("proposal_id", String(32)),  # the version that was looked at; None: a grid that was not whole yet
    Column("work_id", String(32), index=True),  # the past work that the brief was made from
    Column("field", String(32), nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("verb", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seq", Integer, nullable=False),  # its entry in the ledger
    Column("undone_by", Integer),  # the entry that took it back
    Column("reason", Text, nullable=False, server_default=""),  # why it is void, for a person
    Index("ix_segment_acts_line", "workspace", "brief_id", "channel", "variant", "locale"),
)

translations = Table(
    "translations",  # approved earlier segments: the translation memory of a workspace
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("source_locale", String(35), nullable=False),
    Column("target_locale", String(35), nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("length", Integer, nullable=False),  # characters of the source, as they are compared
    Column("origin", String(16), nullable=False),  # segment, proposal, tmx
    Column("act_id", String(32), index=True),  # the approval of the segment, where there was one
    Column("decision_id", String(32), index=True),  # the approval of the whole proposal, where that was it
    Column("proposal_id", String(32)),
    Column("work_id", String(32), index=True),
    Column("file", Text, nullable=False, server_default=""),  # the TMX that it came from
    Column("by", Text, nullable=False),  # who approved it; of a TMX, who it says did
    Column("at", UtcDateTime, nullable=False),  # when that was
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_translations_pair", "workspace", "target_locale", "length"),
)
