"""Which past works hold a run of words, in that order: asked of the full text of either database."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from core.repetition import Gram

_ON_SQLITE = """
    SELECT works.id FROM works_fts CROSS JOIN works ON works.number = works_fts.rowid
    WHERE works_fts MATCH ? AND works.workspace = ? LIMIT ?
"""  # in this order: the other way round would look into every work of the workspace

_PHRASES = """
    SELECT number, string_agg('''' || lexeme || '''', ' <-> ' ORDER BY place)
    FROM unnest(CAST(:runs AS text[])) WITH ORDINALITY AS runs (run, number),
        unnest(terms_of(run)) AS terms (lexeme, places, weights), unnest(places) AS place
    GROUP BY number
"""

_IN_PASSAGES = """
    SELECT DISTINCT work_id FROM (
        SELECT passages.work_id FROM passages_fts JOIN passages ON passages.number = passages_fts.number
        WHERE passages_fts.terms @@ CAST(:phrase AS tsquery) AND passages_fts.workspace = :workspace
        LIMIT 10 * :most
    ) AS held LIMIT :most
"""  # titles are in it too: one that holds a run makes its work worth a look, and what is repeated is told of its body

_IN_WORKS = """
    SELECT works.id FROM works_fts JOIN works ON works.number = works_fts.number
    WHERE works_fts.terms @@ CAST(:phrase AS tsquery) AND works_fts.workspace = :workspace
    LIMIT :most
"""


def works_with(
    conn: Connection, workspace: str, runs: Sequence[Gram], *, most: int, across: bool
) -> Iterator[tuple[Gram, list[str]]]:
    """Yield each run of words with the works of a workspace whose text holds it, `most` of them at most.

    `across`: also where a run stands across the border of two passages. SQLite always finds those; PostgreSQL counts
    places in passages, because a whole work can have more of them than it counts, and looks into works only then.
    """
    if conn.dialect.name == "sqlite":
        driver: Any = conn.connection.driver_connection
        for run in runs:
            phrase = " ".join(run).replace('"', "")
            yield run, [row[0] for row in driver.execute(_ON_SQLITE, (f'body : "{phrase}"', workspace, most))]
        return
    asked = {"runs": [" ".join(run) for run in runs]}
    for number, phrase in conn.execute(text(_PHRASES), asked).all():
        given = {"phrase": phrase, "workspace": workspace, "most": most}
        found = list(conn.scalars(text(_IN_PASSAGES), given))
        if across:
            found += conn.scalars(text(_IN_WORKS), given)
        yield runs[number - 1], list(dict.fromkeys(found))[:most]
