"""Every table of the first release.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ledger()
    _vectors()
    _workspaces()
    _briefs()
    _indexed()
    _usage()
    _voice_profiles()
    _works()
    _drafts()
    _near_duplicates()
    _passages()
    _plans()
    _proposals()
    _signatures()
    _work_versions()
    _decisions()
    _publications()


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger"),
        sa.UniqueConstraint("hash", name="uq_ledger_hash"),
        sa.UniqueConstraint("prev", name="uq_ledger_prev"),
    )


def _vectors() -> None:
    op.create_table(
        "vectors",
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", "model", name="pk_vectors"),
    )


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("accounts", sa.JSON(), nullable=False),
        sa.Column("site_url", sa.Text(), nullable=True),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
    )


def _briefs() -> None:
    op.create_table(
        "briefs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_briefs_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_briefs"),
    )
    op.create_index("ix_briefs_workspace", "briefs", ["workspace"], unique=False)


def _indexed() -> None:
    op.create_table(
        "indexed",
        sa.Column("passage_id", sa.String(length=48), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_indexed_workspace"),
        sa.PrimaryKeyConstraint("passage_id", "model", name="pk_indexed"),
    )
    op.create_index("ix_indexed_workspace", "indexed", ["workspace"], unique=False)


def _usage() -> None:
    op.create_table(
        "usage",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("brief_id", sa.String(length=32), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Float(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_usage_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_usage"),
    )
    op.create_index("ix_usage_brief_id", "usage", ["brief_id"], unique=False)
    op.create_index("ix_usage_workspace", "usage", ["workspace"], unique=False)


def _voice_profiles() -> None:
    op.create_table(
        "voice_profiles",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("works_hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_voice_profiles_workspace"),
        sa.PrimaryKeyConstraint("workspace", name="pk_voice_profiles"),
    )


def _works() -> None:
    op.create_table(
        "works",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="import", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("license", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_works_workspace"),
        sa.PrimaryKeyConstraint("number", name="pk_works"),
        sa.UniqueConstraint("id", name="uq_works_id"),
        sa.UniqueConstraint("workspace", "source", name="uq_works_workspace_source"),
    )
    op.create_index("ix_works_workspace", "works", ["workspace"], unique=False)


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("brief_id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name="fk_drafts_brief_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_drafts_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_brief_id", "drafts", ["brief_id"], unique=False)
    op.create_index("ix_drafts_workspace", "drafts", ["workspace"], unique=False)


def _near_duplicates() -> None:
    op.create_table(
        "near_duplicates",
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("of_work_id", sa.String(length=32), nullable=False),
        sa.Column("jaccard", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["of_work_id"], ["works.id"], name="fk_near_duplicates_of_work_id"),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name="fk_near_duplicates_work_id"),
        sa.PrimaryKeyConstraint("work_id", "of_work_id", name="pk_near_duplicates"),
    )
    op.create_index("ix_near_duplicates_of_work_id", "near_duplicates", ["of_work_id"], unique=False)


def _passages() -> None:
    op.create_table(
        "passages",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=48), nullable=False),
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name="fk_passages_work_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_passages_workspace"),
        sa.PrimaryKeyConstraint("number", name="pk_passages"),
        sa.UniqueConstraint("id", name="uq_passages_id"),
    )
    op.create_index("ix_passages_content_hash", "passages", ["content_hash"], unique=False)
    op.create_index("ix_passages_work_id", "passages", ["work_id"], unique=False)
    op.create_index("ix_passages_workspace", "passages", ["workspace"], unique=False)


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("brief_id", sa.String(length=32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name="fk_plans_brief_id"),
        sa.PrimaryKeyConstraint("number", name="pk_plans"),
    )
    op.create_index("ix_plans_brief_id", "plans", ["brief_id"], unique=False)


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("brief_id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=True),
        sa.Column("stage", sa.String(length=48), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grace_minutes", sa.Integer(), nullable=True),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suggested_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("voice", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("receipts", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("supersedes", sa.String(length=32), nullable=True),
        sa.Column("superseded_by", sa.String(length=32), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name="fk_proposals_brief_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_proposals_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_brief_id", "proposals", ["brief_id"], unique=False)
    op.create_index("ix_proposals_state", "proposals", ["state"], unique=False)
    op.create_index("ix_proposals_workspace", "proposals", ["workspace"], unique=False)


def _signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name="fk_signatures_work_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_signatures_workspace"),
        sa.PrimaryKeyConstraint("work_id", name="pk_signatures"),
    )
    op.create_index("ix_signatures_workspace", "signatures", ["workspace"], unique=False)


def _work_versions() -> None:
    op.create_table(
        "work_versions",
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name="fk_work_versions_work_id"),
        sa.PrimaryKeyConstraint("work_id", "version", name="pk_work_versions"),
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=48), nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("new_proposal_id", sa.String(length=32), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_decisions_proposal_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_decisions_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_proposal_id", "decisions", ["proposal_id"], unique=False)
    op.create_index("ix_decisions_workspace", "decisions", ["workspace"], unique=False)
    op.create_index(
        "uq_decisions_standing",
        "decisions",
        ["proposal_id", "stage"],
        unique=True,
        sqlite_where=sa.text("verb <> 'hold' AND undone_by IS NULL"),
        postgresql_where=sa.text("verb <> 'hold' AND undone_by IS NULL"),
    )


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.String(length=32), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall_time", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("handles", sa.JSON(), nullable=False),
        sa.Column("request", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("send_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_publications_decision_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_publications_proposal_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_publications_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
        sa.UniqueConstraint("decision_id", name="uq_publications_decision_id"),
    )
    op.create_index("ix_publications_due_at", "publications", ["due_at"], unique=False)
    op.create_index("ix_publications_proposal_id", "publications", ["proposal_id"], unique=False)
    op.create_index("ix_publications_state", "publications", ["state"], unique=False)
    op.create_index("ix_publications_workspace", "publications", ["workspace"], unique=False)
