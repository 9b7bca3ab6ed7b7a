import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import WrongUse
from core.works import Piece, Recalled, Workspace
from evals.bench.briefs import figures, measure, run
from evals.bench.briefs import read_qrels as briefs_of
from memory import Memory
from memory.face import CACHE
from memory.recall import WEIGHTS, Recall, lexical, signals
from memory.recall.catalogue import read
from memory.recall.fusion import best_first, contributions, zscores
from tests.memory.archive import SUBJECTS, HashedWords, pieces
from tests.memory.making import NOON


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Memory]:
    memory = Memory.open(tmp_path / "home", embedder=HashedWords(), clock=lambda: NOON)
    for workspace in ("ines", "tomas"):
        memory.workspaces.add(Workspace(id=workspace, name=workspace, created_at=NOON))
    memory.works.remember("ines", pieces(24))
    memory.works.remember("tomas", pieces(12, prefix="tomas: "))
    for workspace in ("ines", "tomas"):
        memory.index.bring_up_to_date(workspace)
    memory.index.close()
    yield memory
    memory.close()


# what is found


def test_finds_the_works_on_the_subject_with_the_passages_that_show_it(archive: Memory) -> None:
    found = archive.recall("ines", "when is the water high in the harbour", k=4)
    assert {work.title for work in found} == {f"On tides, part {number}" for number in (0, 6, 12, 18)}
    for work in found:
        body = archive.works.get("ines", work.work_id).body
        assert work.passages
        assert all(shown.text == body[shown.start : shown.end] for shown in work.passages)
        assert list(work.passages) == sorted(work.passages, key=lambda shown: -shown.score)


def test_shows_what_each_signal_gave_and_they_sum_to_the_score(archive: Memory) -> None:
    found = archive.recall("ines", "willow pollen", k=24, like_authors=("Ada",), like_tags=("bees", "notes", "tides"))
    for work in found:
        assert set(work.signals) == set(WEIGHTS)
        assert work.score == pytest.approx(sum(work.signals.values()), abs=1e-5)
    assert [work.score for work in found] == sorted((work.score for work in found), reverse=True)


def test_of_equal_texts_the_newer_one_comes_first_as_of_the_day_asked(archive: Memory) -> None:
    same = [
        Piece(source=f"{year}.md", title="On saffron", body="Saffron is picked before sunrise.", published_at=day)
        for year, day in ((year, datetime(year, 5, 1, tzinfo=UTC)) for year in (2020, 2022, 2024))
    ]
    archive.works.remember("ines", same)
    archive.index.bring_up_to_date("ines")
    newest = archive.recall("ines", "saffron", k=3)
    assert [work.source for work in newest] == ["2024.md", "2022.md", "2020.md"]
    then = archive.recall("ines", "saffron", k=1, as_of=datetime(2022, 5, 1, tzinfo=UTC))
    assert then[0].signals["recency"] == pytest.approx(1.0)


def test_a_title_is_compared_with_headings_instead_of_the_query(archive: Memory) -> None:
    query = "a long night in the cold"
    by_title = archive.recall("ines", query, k=24, title="On radio, part 4 What radio taught us.")
    best = max(by_title, key=lambda work: work.signals["title"])
    assert best.title == "On radio, part 4"


def test_long_queries_and_odd_ones_are_answered(archive: Memory) -> None:
    for query in (" ".join(SUBJECTS.values()) * 50, '"AND" OR NEAR(*) -', "日本語", "ünïcode", "?"):
        assert len(archive.recall("ines", query, k=3)) == 3


def test_a_work_without_words_does_not_break_anything(archive: Memory) -> None:
    archive.works.remember("ines", [Piece(source="empty.md", title="On tides again", body="")])
    archive.index.bring_up_to_date("ines")
    found = {work.title: work for work in archive.recall("ines", "tides", k=25)}
    assert found["On tides again"].passages == ()


# what may be found at all


def test_an_empty_workspace_finds_nothing_without_loading_a_model(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path / "home", embedding_model="there-is-no-such-model", cache=tmp_path)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    assert memory.recall("ines", "tides") == []
    memory.close()


@pytest.mark.parametrize("query", ["", "  \n"])
def test_an_empty_query_is_wrong_use(archive: Memory, query: str) -> None:
    with pytest.raises(WrongUse, match="nothing to look for"):
        archive.recall("ines", query)


def test_no_works_can_not_be_asked_for(archive: Memory) -> None:
    with pytest.raises(WrongUse):
        archive.recall("ines", "tides", k=0)


def test_scope_is_what_comes_before_a_day_by_an_author_under_a_tag(archive: Memory) -> None:
    day = datetime(2025, 4, 1, tzinfo=UTC)
    for scope, fits in (
        ({"before": day}, lambda work: work.published_at < day),
        ({"author": "tomas"}, lambda work: "Tomas" in work.authors),
        ({"tag": "BEES"}, lambda work: "bees" in work.tags),
        ({"before": day, "author": "Ines", "tag": "notes"}, lambda w: w.published_at < day and "Ines" in w.authors),
    ):
        expected = {work.id for work in archive.works.list("ines") if fits(work)}
        assert {work.work_id for work in archive.recall("ines", "notes on water", k=50, **scope)} == expected


def test_a_work_without_a_date_is_not_before_anything(archive: Memory) -> None:
    archive.works.remember("ines", [Piece(source="undated.md", title="Undated", body="No date at all.")])
    found = archive.recall("ines", "undated", k=50, before=NOON + timedelta(days=9999))
    assert "undated.md" not in {work.source for work in found}
    assert archive.recall("ines", "undated", k=1)[0].signals["recency"] == 0


def test_what_is_out_of_scope_changes_no_score(archive: Memory) -> None:
    day = datetime(2025, 4, 1, tzinfo=UTC)
    scoped = archive.recall("ines", "tides and bread", k=50, before=day)
    alone = Memory.open(archive.home / "alone", embedder=HashedWords(), clock=lambda: NOON)
    alone.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    alone.works.remember("ines", [piece for piece in pieces(24) if piece.published_at and piece.published_at < day])
    alone.index.bring_up_to_date("ines")
    expected = [(work.source, work.signals) for work in alone.recall("ines", "tides and bread", k=50)]
    assert [(work.source, work.signals) for work in scoped] == expected
    alone.close()


WORDS = st.sampled_from(
    ["tide", "harbour", "bread", "salt", "wheel", "spoke", "hive", "pollen", "aerial", "contour", "pencil", "night"]
)
BODIES = st.lists(st.lists(WORDS, min_size=3, max_size=12).map(" ".join), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=BODIES, theirs=BODIES, query=st.lists(WORDS, min_size=1, max_size=4).map(" ".join))
def test_another_workspace_is_never_found_and_never_matters(
    tmp_path_factory: pytest.TempPathFactory, mine: list[str], theirs: list[str], query: str
) -> None:
    memory = Memory.open(tmp_path_factory.mktemp("home"), embedder=HashedWords(), clock=lambda: NOON)

    def fill(workspace: str, bodies: list[str]) -> None:
        memory.workspaces.add(Workspace(id=workspace, name=workspace, created_at=NOON))
        memory.works.remember(
            workspace, [Piece(source=f"{number}.md", title="T", body=body) for number, body in enumerate(bodies)]
        )
        memory.index.bring_up_to_date(workspace)

    fill("mine", mine)
    alone = memory.recall("mine", query, k=50)
    fill("theirs", theirs)
    together = memory.recall("mine", query, k=50)
    assert together == alone
    assert {work.work_id for work in together} == {work.id for work in memory.works.list("mine")}
    memory.close()


# words


def test_words_are_folded_and_count_within_the_scope(archive: Memory) -> None:
    archive.works.remember(
        "ines", [Piece(source="é.md", title="Café", body="Crème brûlée, naïve Tides; tide's TIDES.")]
    )
    query = "the cafe's TIDES, creme of water and a spoke"
    kept = lexical.Postings()
    with archive._database.read() as conn:
        catalogue = read(conn, "ines")
        numbers, lengths = catalogue.work_numbers, catalogue.work_words
        scope = np.ones(len(numbers), dtype=bool)
        scope[3] = False
        fresh, first, again = (
            lexical.bm25(lexical.postings(conn, "ines", "works", query, words), numbers, lengths, scope)
            for words in (None, kept, kept)
        )
    assert (fresh == first).all() and (fresh == again).all()
    assert fresh[3] == 0 and fresh.argmax() == len(numbers) - 1


def test_what_was_read_before_changes_no_answer(archive: Memory) -> None:
    """The first search reads what it needs, the next ones all vectors and the postings that were read."""
    queries = ("spoke key", "the tide tables of the harbour", "bees fly out in April and look for bread")

    def anew(query: str) -> list[Recalled]:
        return Recall(archive._database, archive.index, lambda: archive.embedder, archive._clock)("ines", query, k=25)

    first = [anew(query) for query in queries]
    assert [archive.recall("ines", q, k=25) for q in queries * 2] == first * 2
    new = Piece(source="new.md", title="Bees and bread", body="Bread for bees, bees for bread: spoke, key and tide.")
    archive.works.remember("ines", [new])
    archive.index.bring_up_to_date("ines")
    assert archive.recall("ines", "bread for bees", k=1)[0].title == "Bees and bread"


def test_bm25_as_the_book_has_it() -> None:
    posting = lexical.Posting(np.array([2, 7]), np.array([1.0, 3.0]))
    lengths = np.array([10.0, 20.0, 30.0])
    scores = lexical.bm25([posting], np.array([2, 5, 7]), lengths, np.ones(3, dtype=bool))
    idf = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    assert scores == pytest.approx(
        [
            idf * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 10 / 20)),
            0,
            idf * 3 * 2.2 / (3 + 1.2 * (0.25 + 0.75 * 30 / 20)),
        ]
    )


def test_the_rarest_words_come_first_when_there_are_too_many(archive: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "MOST_POSTINGS", 40)
    with archive._database.read() as conn:
        few = lexical.postings(conn, "ines", "works", "the water pollen of willow and the spoke")
    assert 0 < sum(posting.counts.sum() for posting in few) <= 40
    assert archive.recall("ines", "the the willow pollen", k=1)[0].title.startswith("On bees")


# signals


def test_zscores_know_what_is_not_known() -> None:
    assert zscores(np.array([1.0, 3.0, np.nan])) == pytest.approx([-1, 1, 0])
    assert zscores(np.array([2.0, 2.0])).tolist() == [0, 0]
    assert zscores(np.array([np.nan])).tolist() == [0]


def test_contributions_weigh_text_by_zscore_and_context_as_it_is() -> None:
    added = contributions({"a": np.array([0.0, 2.0])}, {"b": np.array([1.0, 0.0])}, {"a": 0.5, "b": 3.0})
    assert {name: values.tolist() for name, values in added.items()} == {"a": [-0.5, 0.5], "b": [3.0, 0.0]}


def test_of_equal_scores_the_earlier_place_comes_first() -> None:
    assert best_first(np.array([1.0, 2.0, 2.0, 0.0]), 3).tolist() == [1, 2, 0]


def test_a_rare_name_says_more_than_one_that_stands_on_everything() -> None:
    names_of = [frozenset(names) for names in (["notes", "bees"], ["notes"], ["notes", "tides"], ["notes", "bees"])]
    scope = np.array([True, True, True, False])
    rarity = signals.rarities(names_of, scope, frozenset(["notes", "bees", "gold"]))
    assert rarity["gold"] == pytest.approx(1.0)
    assert rarity["bees"] == pytest.approx(np.log(4 / 1.5) / np.log(8))
    assert rarity["notes"] == pytest.approx(np.log(4 / 3.5) / np.log(8))
    both = rarity["bees"] + rarity["notes"]
    assert signals.shared(names_of, np.array([0, 2]), rarity, 9) == pytest.approx([both, rarity["notes"]])
    assert signals.shared(names_of, np.array([0, 2]), rarity, 0.2) == pytest.approx([0.2, rarity["notes"]])


def test_works_by_like_authors_and_with_like_tags_are_preferred(archive: Memory) -> None:
    plain = {work.work_id: work for work in archive.recall("ines", "notes", k=24)}
    found = archive.recall("ines", "notes", k=24, like_authors=("ada",), like_tags=("BEES",))
    assert all(work.signals["same_author"] == work.signals["shared_tags"] == 0 for work in plain.values())
    assert {w.work_id for w in found if w.signals["same_author"]} == {w for w in plain if "Ada" in plain[w].authors}
    assert {w.work_id for w in found if w.signals["shared_tags"]} == {w for w in plain if "bees" in plain[w].tags}
    for work in found:
        added = work.signals["same_author"] + work.signals["shared_tags"]
        assert work.score == pytest.approx(plain[work.work_id].score + added, abs=1e-5)


def test_the_best_passage_stands_for_its_work() -> None:
    scores = np.array([0.1, 0.7, np.nan, 0.3, np.nan])
    owner = np.array([4, 4, 4, 9, 11])
    best = signals.best_passage(scores, owner, np.array([4, 9, 11, 12]))
    assert best == pytest.approx([0.7, 0.3, np.nan, np.nan], nan_ok=True)


# cold and warm


def test_a_cold_recall_needs_no_heavy_library(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path / "home", clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    memory.works.remember("ines", pieces(6))
    memory.index.bring_up_to_date("ines")
    memory.close()
    code = (
        "import sys, json; from pathlib import Path; from memory import Memory;"
        "memory = Memory.open(Path(sys.argv[1]), cache=Path(sys.argv[2]));"
        "found = memory.recall('ines', 'when is high water', k=1);"
        "heavy = ('torch', 'transformers', 'sklearn', 'scipy', 'langchain_core', 'langgraph', 'alembic', 'chromadb');"
        "print(json.dumps([found[0].title, [name for name in heavy if name in sys.modules]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "home"), str(CACHE)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == ["On tides, part 0", []]


def change_title(memory: Memory) -> None:
    [first, *_] = pieces(1)
    memory.works.remember("ines", [first.model_copy(update={"title": "On saffron"})])


def forget_one(memory: Memory) -> None:
    memory.forget("ines", memory.recall("ines", "tides", k=1)[0].work_id)


def forget_the_last_and_add_another(memory: Memory) -> None:
    last = memory.works.by_source("ines", pieces(24)[-1].source)
    assert last is not None
    memory.forget("ines", last.id)
    memory.works.remember("ines", [pieces(24)[-1].model_copy(update={"source": "other.md", "title": "On tides anew"})])


@pytest.mark.parametrize("change", [change_title, forget_one, forget_the_last_and_add_another])
def test_what_another_process_changes_is_seen_at_once(archive: Memory, change: Callable[[Memory], None]) -> None:
    archive.recall("ines", "tides", k=30)
    other = Memory.open(archive.home, embedder=HashedWords(), clock=lambda: NOON)
    change(other)
    other.index.bring_up_to_date("ines")
    fresh = Memory.open(archive.home, embedder=HashedWords(), clock=lambda: NOON)
    assert archive.recall("ines", "tides", k=30) == fresh.recall("ines", "tides", k=30)
    fresh.close()
    other.close()


# the bench


def write_bench(folder: Path) -> tuple[Path, Path]:
    posts, qrels = folder / "posts.jsonl", folder / "qrels.tsv"
    rows = [
        {
            "id": piece.source,
            "date": f"{piece.published_at:%Y-%m-%d}",
            "title": piece.title,
            "excerpt": piece.excerpt,
            "authors": piece.authors,
            "tags": piece.tags,
            "body": piece.body,
        }
        for piece in pieces(18)
    ]
    posts.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    pairs = [("tides-12.md", "tides-0.md"), ("tides-12.md", "tides-6.md"), ("bees-9.md", "bees-3.md")]
    qrels.write_text("query_post\tpast_post\n" + "".join(f"{new}\t{old}\n" for new, old in pairs), encoding="utf-8")
    return posts, qrels


def test_the_bench_imports_recalls_and_counts(tmp_path: Path) -> None:
    posts, qrels = write_bench(tmp_path)
    steps: list[tuple[int, int]] = []
    result = run(posts, qrels, progress=lambda done, total: steps.append((done, total)))
    assert result["queries"] == 2
    assert result["recall"] == {"5": 1.0, "10": 1.0, "20": 1.0}
    assert result["ndcg10"] == 1.0
    assert set(result["text_only"]) == {"recall", "ndcg10"}
    assert steps[-1][0] == steps[-1][1] > 0


def test_the_bench_may_only_find_earlier_posts(archive: Memory, tmp_path: Path) -> None:
    _, qrels = write_bench(tmp_path)
    [tides, _] = briefs_of(qrels, archive.works.list("ines"))
    assert tides.post.source == "tides-12.md" and len(tides.truth) == 2
    assert measure(archive, "ines", qrels)["queries"] == 2


def test_figures_are_means_over_briefs(archive: Memory, tmp_path: Path) -> None:
    _, qrels = write_bench(tmp_path)
    asked = briefs_of(qrels, archive.works.list("ines"))
    tides, bees = (sorted(brief.truth) for brief in asked)
    got = figures(asked, [["x", tides[0], "y", "z", "u", tides[1]], ["v"] * 19 + [bees[0]]])
    assert got["recall"] == {"5": 0.25, "10": 0.5, "20": 1.0}
    ideal = 1 + 1 / np.log2(3)
    assert got["ndcg10"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(7)) / ideal / 2, abs=1e-4)
