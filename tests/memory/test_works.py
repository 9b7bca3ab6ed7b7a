"""Works are remembered once, in every version they had, with passages and full text in the same transaction."""

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import NotFound
from core.works import Piece, Work, Workspace
from memory import ImportResult, Memory
from memory.near_duplicates import MOST, Neighbours, jaccard, shingles, signature, store
from memory.tables import near_duplicates
from tests.memory.conftest import NOON, Clock

WORDS = [f"word{n}" for n in range(4000)]


def body(seed: int, words: int = 400) -> str:
    picked = random.Random(seed).choices(WORDS, k=words)
    paragraphs = [" ".join(picked[i : i + 60]) + "." for i in range(0, words, 60)]
    return "\n\n".join(paragraphs)


def piece(source: str = "a.md", **fields: Any) -> Piece:
    return Piece(**{"source": source, "title": "Tides", "body": body(1), "published_at": NOON} | fields)


def remember(memory: Memory, *pieces: Piece, workspace: str = "ines") -> ImportResult:
    return memory.works.remember(workspace, pieces)


def matches(memory: Memory, table: str, words: str) -> list[int]:
    with memory.works._database.read() as conn:
        return list(conn.exec_driver_sql(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (words,)).scalars())


def all_links(memory: Memory) -> list[Any]:
    with memory.works._database.read() as conn:
        return list(conn.execute(select(near_duplicates)))


def assert_full_text_fits(memory: Memory) -> None:
    """FTS5's own check compares the index with the content it is an index of, and raises if they differ."""
    with memory.works._database.write() as conn:
        for table in ("passages_fts", "works_fts"):
            conn.exec_driver_sql(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")


def test_a_piece_becomes_a_work(memory: Memory) -> None:
    result = remember(
        memory,
        piece(
            authors=("Ines",), tags=("sea",), excerpt="On tides.", url="https://i.example/a", language="en",
            license="CC0-1.0", format="markdown", extra={"layout": "post"},
        ),
    )  # fmt: skip
    assert result == ImportResult(imported=1, works=1)
    work = memory.works.by_source("ines", "a.md")
    assert work == Work(
        id=work.id if work else "", workspace="ines", source="a.md", title="Tides", body=body(1), format="markdown",
        published_at=NOON, authors=("Ines",), tags=("sea",), excerpt="On tides.", url="https://i.example/a",
        language="en", license="CC0-1.0", version=1, content_hash=work.content_hash if work else "", words=400,
        imported_at=NOON, extra={"layout": "post"},
    )  # fmt: skip
    assert memory.works.get("ines", work.id) == work
    assert memory.works.versions("ines", work.id) == (work,)


def test_importing_again_changes_nothing(memory: Memory) -> None:
    remember(memory, piece(), piece("b.md", body=body(2)))
    before = memory.works.list("ines")
    assert remember(memory, piece(), piece("b.md", body=body(2))) == ImportResult(unchanged=2, works=2)
    assert memory.works.list("ines") == before


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Ebb"},
        {"body": body(3)},
        {"tags": ("new",)},
        {"authors": ("Tom",)},
        {"excerpt": "New."},
        {"published_at": None},
        {"published_at": NOON + timedelta(days=1)},
    ],
)
def test_a_changed_piece_is_a_new_version(memory: Memory, clock: Clock, change: dict[str, Any]) -> None:
    remember(memory, piece())
    [old] = memory.works.list("ines")
    clock.pass_by(days=1)
    assert remember(memory, piece(**change)) == ImportResult(updated=1, works=1)
    [new] = memory.works.list("ines")
    assert (new.id, new.version, new.imported_at) == (old.id, 2, clock())
    assert memory.works.versions("ines", old.id) == (old, new)
    assert_full_text_fits(memory)


def test_a_naive_date_is_utc(memory: Memory) -> None:
    remember(memory, piece(published_at=datetime(2024, 3, 1)))
    [work] = memory.works.list("ines")
    assert work.published_at == datetime(2024, 3, 1, tzinfo=UTC)


def test_passages_are_slices_of_the_body_and_only_changed_ones_are_replaced(memory: Memory) -> None:
    remember(memory, piece())
    [work] = memory.works.list("ines")
    before = memory.works.passages_of(work.id)
    assert len(before) > 2
    assert [p.position for p in before] == list(range(len(before)))
    assert all(p.text == work.body[p.start : p.end] for p in before)
    longer = work.body + "\n\n" + body(9, 130)
    remember(memory, piece(body=longer))
    after = memory.works.passages_of(work.id)
    assert all(p.text == longer[p.start : p.end] for p in after)
    kept = {p.id for p in before} & {p.id for p in after}
    assert len(before) - 1 <= len(kept) < len(after)
    assert_full_text_fits(memory)


def test_an_emptied_piece_keeps_no_passages(memory: Memory) -> None:
    remember(memory, piece(), piece("empty.md", title="", body=""))
    remember(memory, piece(body=""))
    assert [memory.works.passages_of(w.id) for w in memory.works.list("ines")] == [(), ()]
    assert matches(memory, "passages_fts", "word1*") == []
    assert_full_text_fits(memory)


def test_full_text_finds_words_without_accents_or_case(memory: Memory) -> None:
    remember(memory, piece(title="Ébène", body="Über die FÄHRE."), piece("b.md", body="Nothing of it."))
    [number] = matches(memory, "works_fts", "uber AND ebene")
    assert [number] == matches(memory, "works_fts", "fahre")
    assert len(matches(memory, "passages_fts", "ebene AND fahre")) == 1  # the title counts for each passage
    remember(memory, piece(title="Plain", body="Gone."))
    assert matches(memory, "works_fts", "ebene OR fahre") == matches(memory, "passages_fts", "ebene OR fahre") == []
    assert_full_text_fits(memory)


def test_workspaces_share_nothing(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    remember(memory, piece())
    assert remember(memory, piece(), workspace="tom") == ImportResult(imported=1, works=1)
    [ours], [theirs] = memory.works.list("ines"), memory.works.list("tom")
    assert ours.id != theirs.id
    assert memory.works.near_duplicates_of(ours.id) == {}
    with pytest.raises(NotFound):
        memory.works.get("tom", ours.id)


def test_lists_the_newest_first_and_undated_last(memory: Memory) -> None:
    remember(
        memory,
        piece("none", body=body(1), published_at=None),
        piece("old", body=body(2), published_at=NOON - timedelta(days=9)),
        piece("new", body=body(3)),
    )
    memory.works.remember("ines", [piece("ours", body=body(4), published_at=NOON)], kind="published")
    assert [w.source for w in memory.works.list("ines")] == ["new", "ours", "old", "none"]
    assert [w.source for w in memory.works.list("ines", limit=1)] == ["new"]
    assert [w.source for w in memory.works.list("ines", kind="published")] == ["ours"]
    assert memory.works.count("ines") == 4


def test_copies_are_linked_not_dropped(memory: Memory) -> None:
    text = body(1)
    sentences = text.split("\n\n")
    shuffled = "\n\n".join(reversed(sentences))
    cut = "\n\n".join(sentences[: len(sentences) // 2])
    edited = text.replace("1", "one", 12)
    copies = {"same": text, "shuffled": shuffled, "cut": cut, "edited": edited}
    remember(memory, piece("original"))
    result = remember(
        memory,
        *(piece(name, body=b) for name, b in copies.items()),
        *(piece(f"o{n}", body=body(n)) for n in range(2, 40)),
    )
    assert result.imported == 42
    original = memory.works.by_source("ines", "original")
    assert original is not None
    found = {
        memory.works.get("ines", i).source: score for i, score in memory.works.near_duplicates_of(original.id).items()
    }
    assert set(found) == set(copies)
    assert found["same"] == 1.0
    assert result.near_duplicates == 10  # every pair of the five


def test_links_follow_a_change(memory: Memory) -> None:
    remember(memory, piece("a"), piece("b", body=body(2)))
    [a, b] = sorted(memory.works.list("ines"), key=lambda w: w.source)
    assert remember(memory, piece("b")).near_duplicates == 1
    assert memory.works.near_duplicates_of(a.id) == {b.id: 1.0}
    remember(memory, piece("a", body=body(3)))
    assert memory.works.near_duplicates_of(a.id) == memory.works.near_duplicates_of(b.id) == {}


def test_rows_of_one_template_get_a_few_links_each(memory: Memory) -> None:
    rows = [piece(f"{n}", title=f"Day {n}", body=f"{body(1, 30)} Ferry {n} left.") for n in range(120)]
    result = remember(memory, *rows)
    links = Counter(link.work_id for link in all_links(memory))
    assert max(links.values()) == MOST
    assert result.near_duplicates == links.total() == MOST * (MOST - 1) // 2 + MOST * (120 - MOST)


def test_short_texts_are_linked_only_to_the_very_same_words(memory: Memory) -> None:
    low = "High water at six, low water at noon."
    remember(memory, piece("a", body=low), piece("b", body=low + " Calm."), piece("c", body=low.upper()))
    remember(memory, piece("d", body=f"{low} {low} {low}"))
    linked = {frozenset((link.work_id, link.of_work_id)) for link in all_links(memory)}
    a, c = (memory.works.by_source("ines", source) for source in "ac")
    assert linked == {frozenset((a.id if a else "", c.id if c else ""))}


def test_a_link_to_a_work_that_was_forgotten_meanwhile_is_left_out(memory: Memory) -> None:
    remember(memory, piece("a"), piece("b"))
    a, b = (memory.works.by_source("ines", source) for source in "ab")
    assert a is not None
    assert b is not None
    neighbours = Neighbours("ines")
    with memory.works._database.read() as conn:
        neighbours.read(conn)
        found = neighbours.place(conn, b.id, b.body)
    assert found.links == ((a.id, 1.0),)
    memory.forget("ines", a.id)
    with memory.works._database.write() as conn:
        assert store(conn, "ines", b.id, found) == 0


@given(st.text(max_size=300), st.text(max_size=300))
def test_jaccard_is_that_of_the_word_3_grams(a: str, b: str) -> None:
    import re

    def grams(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))} if words else set()

    x, y = grams(a), grams(b)
    exact = len(x & y) / len(x | y) if x | y else 0.0
    assert jaccard(shingles(a), shingles(b)) == pytest.approx(exact)


def test_signatures_estimate_the_similarity() -> None:
    left, right = shingles(body(1, 900)), shingles(body(1, 600) + body(2, 300))
    estimate = float((signature(left) == signature(right)).mean())
    assert abs(estimate - jaccard(left, right)) < 0.13  # three standard deviations of 128 draws


def test_an_interrupted_import_keeps_what_was_done_and_goes_on(memory: Memory) -> None:
    pieces = [piece(f"{n}.md", body=body(n, 30)) for n in range(250)]

    def cut_off(done: int, total: int) -> None:
        if done == 230:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        memory.works.remember("ines", pieces, progress=cut_off)
    kept = memory.works.count("ines")
    assert 200 <= kept < 230  # a slow machine commits in shorter steps
    assert_full_text_fits(memory)
    seen: list[tuple[int, int]] = []
    result = memory.works.remember("ines", iter(pieces), progress=lambda done, total: seen.append((done, total)))
    assert (result.imported, result.unchanged, result.works) == (250 - kept, kept, 250)
    assert seen == [(n, 250) for n in range(1, 251)]


def test_json_in_extra_survives(memory: Memory) -> None:
    extra = {"emoji": "🌊", "nested": [1, 2.5, None, {"a": "ü"}]}
    remember(memory, piece(extra=extra))
    assert json.loads(json.dumps(memory.works.list("ines")[0].extra)) == extra
