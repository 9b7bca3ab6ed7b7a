"""What the database itself refuses, and the embedded database's full text.

Guards, on SQLite and PostgreSQL:
- the ledger takes only the next link of its chain, and never gives one back;
- a proposal's row can move (state, stage, superseded_by) but never say something else.

Full text, on SQLite only (FTS5, BM25 by `bm25()` with k1 = 1.2 and b = .75):
- `passages_fts(title, text)`: rowid = passages.number; reads its content from the view `passage_texts`;
- `works_fts(title, body)`: rowid = works.number; reads its content from `works`.
Both keep the index only (external content): `memory/full_text.py` writes them, in the transaction that writes the rows.
Case and accents are folded; words are not stemmed (Porter's stemmer on 127 briefs over 508 posts: R@5 +.027,
R@20 -.022, and it only knows English).

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FROZEN = (
    "id, workspace, brief_id, draft_id, stages, channel, account, locale, variant, payload, text, sha, at, "
    "grace_minutes, suggested_at, suggested_reason, voice, findings, receipts, provenance, supersedes, "
    "requested_by, created_at"
)

SQLITE = (
    """
    CREATE TRIGGER ledger_takes_only_the_next_link BEFORE INSERT ON ledger
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
      OR NEW.prev <> coalesce((SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1), printf('%064d', 0))
      OR EXISTS (SELECT 1 FROM ledger WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'the ledger takes only the next link of its chain'); END
    """,
    """
    CREATE TRIGGER ledger_refuses_update BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
    """
    CREATE TRIGGER ledger_refuses_delete BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
    f"""
    CREATE TRIGGER proposals_never_change BEFORE UPDATE OF {FROZEN} ON proposals
    BEGIN SELECT RAISE(ABORT, 'a proposal never changes: supersede it'); END
    """,
    """
    CREATE VIEW passage_texts AS
    SELECT passages.number AS number, passages.work_id AS work_id, works.title AS title, passages.text AS text
    FROM passages JOIN works ON works.id = passages.work_id
    """,
    """
    CREATE VIRTUAL TABLE passages_fts USING fts5(
        title, text, content='passage_texts', content_rowid='number', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE VIRTUAL TABLE works_fts USING fts5(
        title, body, content='works', content_rowid='number', tokenize='unicode61 remove_diacritics 2'
    )
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION ledger_takes_only_the_next_link() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
           OR NEW.prev <> coalesce((SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1), repeat('0', 64)) THEN
            RAISE EXCEPTION 'the ledger takes only the next link of its chain';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER ledger_takes_only_the_next_link BEFORE INSERT ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_takes_only_the_next_link()
    """,
    """
    CREATE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
    """,
    """
    CREATE TRIGGER ledger_refuses_update_and_delete BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()
    """,
    """
    CREATE FUNCTION proposals_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a proposal never changes: supersede it'; END $$
    """,
    f"""
    CREATE TRIGGER proposals_never_change BEFORE UPDATE OF {FROZEN} ON proposals
    FOR EACH ROW EXECUTE FUNCTION proposals_never_change()
    """,
)


def upgrade() -> None:
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
