"""Which embedding model an index is of; and PostgreSQL's full text, as SQLite has it since 0002.

`passages_fts` and `works_fts` hold a tsvector for each passage (with its work's title) and work. Words are what FTS5's
`unicode61 remove_diacritics 2` makes of a text: runs of letters and digits without case and accents, not stemmed. So
the text is folded and freed of every other sign before `to_tsvector` sees it, whose own parser would keep addresses,
numbers and hyphenated words whole. Triggers write them: a row that is restored or brought in is never without.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APART = (
    r"[\u0001-/:-@\[-`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf"
    r"\u2190-\u2bff\u3000-\u3004\u3008-\u3020\u3030\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)
"""What stands between words, sign by sign: the classes of a regular expression depend on the database's locale."""

FULL_TEXT = (
    rf"""
    CREATE FUNCTION terms_of(given text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE
        bare text := regexp_replace(normalize(given, NFD), '[\u0300-\u036f]+', '', 'g');
    BEGIN
        bare := regexp_replace(lower(normalize(bare, NFC)), '{APART}', ' ', 'g');
        RETURN to_tsvector('simple', bare);
    EXCEPTION WHEN program_limit_exceeded THEN  -- a tsvector has room for a megabyte: the beginning has to do
        RETURN to_tsvector('simple', left(bare, 200000));
    END $$
    """,
    *(
        f"""
        CREATE TABLE {texts}_fts (
            number integer PRIMARY KEY REFERENCES {texts} (number) ON DELETE CASCADE,
            workspace varchar(64) NOT NULL,
            terms tsvector NOT NULL
        )
        """
        for texts in ("works", "passages")
    ),
    """
    CREATE FUNCTION take_in_work() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO works_fts VALUES (NEW.number, NEW.workspace, terms_of(NEW.title || ' ' || NEW.body))
        ON CONFLICT (number) DO UPDATE SET terms = EXCLUDED.terms;
        IF TG_OP = 'UPDATE' AND NEW.title <> OLD.title THEN
            UPDATE passages_fts SET terms = terms_of(NEW.title || ' ' || passages.text)
            FROM passages WHERE passages.number = passages_fts.number AND passages.work_id = NEW.id;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION take_in_passage() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO passages_fts
        SELECT NEW.number, NEW.workspace, terms_of(title || ' ' || NEW.text) FROM works WHERE id = NEW.work_id
        ON CONFLICT (number) DO UPDATE SET terms = EXCLUDED.terms;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER take_in AFTER INSERT OR UPDATE OF title, body ON works
    FOR EACH ROW EXECUTE FUNCTION take_in_work()
    """,
    """
    CREATE TRIGGER take_in AFTER INSERT OR UPDATE OF text ON passages
    FOR EACH ROW EXECUTE FUNCTION take_in_passage()
    """,
    "INSERT INTO works_fts SELECT number, workspace, terms_of(title || ' ' || body) FROM works",
    """
    INSERT INTO passages_fts
    SELECT passages.number, passages.workspace, terms_of(works.title || ' ' || passages.text)
    FROM passages JOIN works ON works.id = passages.work_id
    """,
    *(f"CREATE INDEX ix_{texts}_fts_terms ON {texts}_fts USING gin (terms)" for texts in ("works", "passages")),
)


def upgrade() -> None:
    op.create_index("ix_works_state", "works", ["workspace", "version", "number", "imported_at"])
    op.create_table(
        "embedding_choices",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("kept_as", sa.String(length=128), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_embedding_choices"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in FULL_TEXT:
            op.get_bind().exec_driver_sql(statement)
