"""Full text on a real PostgreSQL: the words and counts of SQLite's, so no answer depends on where the truth is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.works import Piece, Workspace
from memory import Memory
from memory.recall.lexical import postings
from memory.recall.tsvectors import counts
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.archive import SUBJECTS, HashedWords, pieces
from tests.memory.making import NOON

ODD = (
    "Über die Ebene — Fähre, don't co-operate, e-mail foo@bar.com http://x.org/a/b?c=1 3.14 1e5 v2.0 U.S. snake_case "
    "#tag it’s “quoted” naïve ÅNGSTRÖM Straße 50% 日本語 テスト Привет ÉCOLE 🌊wave a-b-c 10,000 C++ .NET 2024-05-01"
)
QUERIES = [*SUBJECTS.values(), ODD, *ODD.split(), "' | & ! <-> :* \\ ( quoted", "the the the", "nothing-of-it here"]


@pytest.fixture
def both(postgresql: PostgreSQLServer, tmp_path: Path) -> Iterator[tuple[Memory, Memory]]:
    """The same works in SQLite and in PostgreSQL."""
    made = []
    for name, url in (("sqlite", None), ("postgresql", postgresql.new_database())):
        memory = Memory.open(tmp_path / name, database_url=url, embedder=HashedWords(), clock=lambda: NOON)
        for space in ("ines", "tomas"):
            memory.workspaces.add(Workspace(id=space, name=space, created_at=NOON))
        memory.works.remember("ines", [*pieces(30), Piece(source="odd.md", title="Odd", body=ODD)])
        memory.works.remember("tomas", pieces(6, prefix="t-"))
        made.append(memory)
    yield made[0], made[1]
    for memory in made:
        memory.close()


def found(memory: Memory, texts: str, query: str) -> list[list[tuple[str, int]]]:
    """Return, for each term that Ines's texts have, which of them and how often: by what they say, not by number."""
    says = "title" if texts == "works" else "text"
    with memory._database.read() as conn:
        rows = conn.exec_driver_sql(f"SELECT number, {says} FROM {texts} WHERE workspace = 'ines'").all()
        made = postings(conn, "ines", texts, query)  # type: ignore[arg-type]
    named = {row[0]: row[1] for row in rows}
    kept = [[(named.get(int(n)), int(count)) for n, count in zip(p.numbers, p.counts, strict=True)] for p in made]
    return sorted(each for each in (sorted(pair for pair in pairs if pair[0]) for pairs in kept) if each)


@pytest.mark.parametrize("texts", ["works", "passages"])
def test_a_word_is_found_in_the_same_texts_as_often(both: tuple[Memory, Memory], texts: str) -> None:
    for query in QUERIES:
        assert found(both[1], texts, query) == found(both[0], texts, query), query


def test_recall_answers_alike(both: tuple[Memory, Memory]) -> None:
    answers = []
    for memory in both:
        memory.index.bring_up_to_date("ines")
        answers.append(
            [[(r.title, r.score) for r in memory.recall("ines", query, k=25)] for query in QUERIES if query.strip()]
        )
    for lite, server in zip(*answers, strict=True):
        assert dict(server) == pytest.approx(dict(lite), abs=1e-4)


def test_what_changes_or_goes_changes_and_goes_there(both: tuple[Memory, Memory]) -> None:
    _, memory = both
    [first, *_] = pieces(30)
    memory.works.remember(
        "ines", [first.model_copy(update={"title": "Zeppelins", "body": "Nothing of the old words."})]
    )
    assert len(found(memory, "works", "zeppelins")[0]) == len(found(memory, "passages", "zeppelins")[0]) == 1
    work = memory.works.by_source("ines", "odd.md")
    assert work is not None and found(memory, "passages", "ångström")
    memory.forget("ines", work.id)
    assert found(memory, "passages", "ångström") == found(memory, "works", "angstrom") == []
    with memory._database.read() as conn:
        for texts in ("works", "passages"):
            alone = f"SELECT count(*) FROM {texts}_fts FULL JOIN {texts} USING (number) "
            assert conn.exec_driver_sql(f"{alone} WHERE terms IS NULL OR {texts}.workspace IS NULL").scalar() == 0


def test_a_text_too_long_for_a_tsvector_is_kept_and_found_by_its_beginning(both: tuple[Memory, Memory]) -> None:
    _, memory = both
    body = " ".join(f"word{number}" for number in range(130_000))
    with memory._database.read() as conn, pytest.raises(Exception, match="too long for tsvector"):
        conn.exec_driver_sql("SELECT to_tsvector('simple', %s)", (body,))
    with memory._database.write() as conn:
        conn.exec_driver_sql("UPDATE works SET body = %s WHERE source = 'odd.md'", (body,))
    assert found(memory, "works", "word7") and not found(memory, "works", "word129999")


def test_how_often_is_read_off_the_rank(both: tuple[Memory, Memory]) -> None:
    times = [1, 2, 3, 7, 20, 100, 254, 255]
    with both[1]._database.read() as conn:
        asked = "SELECT ts_rank('{1,1,1,1}', terms_of(repeat('tide and ', %s)), 'tide')"
        ranks = [conn.exec_driver_sql(asked, (many,)).scalar() for many in [*times, 4000]]
    assert counts(ranks).tolist() == [*times, 255]
