"""What was said, remembered and found again."""

import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dialogue import Said
from core.errors import BadInput, WrongUse
from core.ids import new_id
from core.works import Piece, Workspace
from evals.bench import locomo, strangers
from memory import Memory
from memory.dialogue import WEIGHTS, signals
from memory.dialogue.tokens import packed, projected, unpacked
from memory.dialogue.transcript import Transcript, rows_of
from memory.dialogue.words import day_of, stem, terms
from memory.embedding import open_embedder
from memory.embedding.tokens import token_embedder
from memory.face import CACHE
from memory.forgetting import Wish
from memory.tables import turns
from tests.memory.archive import HashedWords
from tests.memory.making import waiting
from tests.memory.talk import LINES, NOON, HashedTokens, said


def opened(home: Path, *workspaces: str, embedder: Any = None) -> Memory:
    memory = Memory.open(home, embedder=embedder or HashedTokens(), clock=lambda: NOON)
    for workspace in workspaces:
        memory.workspaces.add(Workspace(id=workspace, name=workspace, created_at=NOON))
    return memory


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    memory = opened(tmp_path / "home", "ines", "tomas")
    memory.dialogue.remember("ines", said())
    yield memory
    memory.close()


def texts(memory: Memory, question: str, **scope: Any) -> list[str]:
    return [found.turn.text for found in memory.dialogue.recall("ines", question, **scope)]


# what is found


def test_finds_the_turn_that_answers_with_what_was_said_around_it(memory: Memory) -> None:
    best, *_ = memory.dialogue.recall("ines", "Who kept the tide tables in pencil?", k=3)
    assert best.turn.text == LINES[2][1]
    assert [turn.text for turn in best.around] == [text for _, text in LINES[:4]]


def test_shows_what_each_signal_gave_and_they_sum_to_the_score(memory: Memory) -> None:
    found = memory.dialogue.recall("ines", "What did Tomas say about the bees?", k=8)
    assert len(found) == len(LINES)
    for each in found:
        assert set(each.signals) == set(WEIGHTS)
        assert each.score == pytest.approx(sum(each.signals.values()), abs=1e-5)
        assert each.signals["speaker"] == (WEIGHTS["speaker"] if each.turn.speaker == "Tomas" else 0.0)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_a_model_without_token_vectors_finds_by_the_other_signals(tmp_path: Path) -> None:
    memory = opened(tmp_path, "ines", embedder=HashedWords())
    memory.dialogue.remember("ines", said())
    best, *_ = memory.dialogue.recall("ines", "Who kept the tide tables in pencil?")
    assert best.turn.text == LINES[2][1]
    assert set(best.signals) == set(WEIGHTS) - {"tokens", "tokens_around"}
    memory.close()


def test_nothing_said_finds_nothing_without_loading_a_model(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path / "home", embedding_model="there-is-no-such-model", cache=tmp_path)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    assert memory.dialogue.recall("ines", "tides") == []
    memory.close()


def test_an_empty_question_and_no_turns_are_wrong_use(memory: Memory) -> None:
    for question, k in ((" ", 1), ("tides", 0)):
        with pytest.raises(WrongUse):
            memory.dialogue.recall("ines", question, k=k)


@pytest.mark.parametrize("question", ["?", "日本語", "x" * 5000, "the", '"AND" OR NEAR(*)'])
def test_odd_questions_are_answered(memory: Memory, question: str) -> None:
    assert len(memory.dialogue.recall("ines", question, k=3)) == 3


# what is kept


def test_a_source_is_remembered_once_and_nothing_said_is_nothing_kept(memory: Memory) -> None:
    assert memory.dialogue.remember("ines", said()) == 0
    silent = Said(source="s", thread="t", speaker="Ines", text="  \n", said_at=NOON)
    assert memory.dialogue.remember("ines", [silent]) == 0
    assert [turn.text for turn in memory.dialogue.turns("ines", "chat:1")] == [text for _, text in LINES]


def test_silence_of_hours_begins_another_session(memory: Memory) -> None:
    later = NOON + timedelta(hours=9)
    memory.dialogue.remember("ines", [Said(source="x", thread="chat:1", speaker="Ines", text="Hello.", said_at=later)])
    assert [turn.session for turn in memory.dialogue.turns("ines", "chat:1")] == [1] * len(LINES) + [2]
    [found] = [each for each in memory.dialogue.recall("ines", "hello", k=9) if each.turn.source == "x"]
    assert [turn.source for turn in found.around] == ["x"]


def test_each_text_is_embedded_once(memory: Memory) -> None:
    assert memory.dialogue.bring_up_to_date("ines") == len(LINES)
    memory.dialogue.remember("ines", said(thread="chat:2"))
    assert memory.dialogue.bring_up_to_date("ines") == 0


def test_what_is_said_later_and_elsewhere_is_seen_at_once(memory: Memory) -> None:
    texts(memory, "saffron")
    other = opened(memory.home)
    other.dialogue.remember(
        "ines", [Said(source="y", thread="chat:1", speaker="Ines", text="Saffron is dear.", said_at=NOON)]
    )
    other.close()
    assert texts(memory, "saffron", k=1) == ["Saffron is dear."]


# decisions


def test_a_decision_is_found_by_what_it_was_about_and_why(memory: Memory) -> None:
    rain, sun = waiting(memory, "Rain is only water."), waiting(memory, "The sun is out in Bergen.")
    memory.decisions.claim("ines", rain.id, "reject", rain.sha, "Ines", note="sounds like an advert")
    memory.decisions.claim("ines", sun.id, "approve", sun.sha, "Ines")
    best, *_ = memory.dialogue.recall("ines", "Why did I reject the post about rain?", kinds=("decision",))
    assert (best.turn.kind, best.turn.proposal_id, best.turn.speaker) == ("decision", rain.id, "Ines")
    assert best.turn.text == (
        "Rejected the site draft for “Announce the guide”. “Rain is only water.”. Why: sounds like an advert."
    )
    assert memory.dialogue.learn_decisions("ines") == 0


def test_a_decision_that_was_taken_back_is_not_found_as_if_it_stood(memory: Memory) -> None:
    rain = waiting(memory, "Rain is only water.")
    decision = memory.decisions.claim("ines", rain.id, "reject", rain.sha, "Ines", note="no")
    assert texts(memory, "rain", kinds=("decision",))
    memory.decisions.undo("ines", decision.id, "Ines")
    assert texts(memory, "rain", kinds=("decision",)) == []


def test_changes_and_edits_are_feedback(memory: Memory) -> None:
    rain = waiting(memory, "Rain is only water.")
    memory.decisions.claim("ines", rain.id, "edit", rain.sha, "Ines", body="Rain is water.")
    [found] = memory.dialogue.recall("ines", "rain", kinds=("feedback",))
    assert "It reads now: “Rain is water.”" in found.turn.text


# scope, before anything is scored


def test_scope_is_what_came_before_in_a_thread_of_a_kind(memory: Memory) -> None:
    memory.dialogue.remember("ines", said(thread="chat:2", lines=LINES[:2]))
    assert len(texts(memory, "tides", before=NOON + timedelta(minutes=3), thread="chat:1")) == 3
    assert len(texts(memory, "tides", thread="chat:2")) == 2
    assert texts(memory, "tides", kinds=("decision",)) == []


def test_out_of_scope_turns_lend_nothing_to_their_neighbours(memory: Memory) -> None:
    early = NOON + timedelta(minutes=3)
    alone = opened(memory.home.parent / "other", "ines")
    alone.dialogue.remember("ines", said()[:3])
    scoped = memory.dialogue.recall("ines", "the tables of the harbour pier", before=early)
    assert [(each.turn.text, each.score, [t.text for t in each.around]) for each in scoped] == [
        (each.turn.text, each.score, [t.text for t in each.around])
        for each in alone.dialogue.recall("ines", "the tables of the harbour pier")
    ]
    alone.close()


def test_what_rests_on_a_work_without_consent_is_not_found(memory: Memory) -> None:
    quoting = Said(source="q", thread="t", speaker="Greenroom", text="You wrote of eels.", said_at=NOON, works=("w_1",))
    memory.dialogue.remember("ines", [quoting])
    assert texts(memory, "eels", k=1) == ["You wrote of eels."]
    memory.consents.say("ines", "work:w_1", granted=False, by="owner")
    assert "You wrote of eels." not in texts(memory, "eels", k=20)


def test_forgetting_a_work_blanks_what_was_said_of_it_and_its_vectors(memory: Memory) -> None:
    body = "Eels cross the wet meadow at night when nobody from the village is there to see them go."
    memory.works.remember("ines", [Piece(source="eels.md", title="Eels", body=body)])
    work = memory.works.by_source("ines", "eels.md")
    assert work is not None
    rejected = waiting(memory, f"Once more: {body}")
    memory.decisions.claim("ines", rejected.id, "reject", rejected.sha, "Ines", note="too long")
    quote = Said(source="q", thread="t", speaker="Greenroom", text=f"You wrote: {body}", said_at=NOON, works=(work.id,))
    memory.dialogue.remember("ines", [quote])
    memory.dialogue.bring_up_to_date("ines")
    memory.forget("ines", work.id)
    left = memory.dialogue.recall("ines", "eels meadow village", k=20)
    assert not any("wet meadow" in each.turn.text or work.id in each.turn.works for each in left)
    assert any("Rejected the site draft" in each.turn.text for each in left)


WORDS = ("tide", "bread", "bee", "radio", "map", "harbour", "pencil", "pollen", "why", "who")
LINE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Memory]:
    """One memory for many examples: each takes two workspaces of its own."""
    memory = opened(tmp_path_factory.mktemp("shared"))
    yield memory
    memory.close()


@settings(max_examples=40, deadline=None, database=None)
@given(mine=st.lists(LINE, min_size=1, max_size=6), theirs=st.lists(LINE, min_size=1, max_size=6), asked=LINE)
def test_what_others_say_changes_nothing(
    shared: Memory, mine: list[list[str]], theirs: list[list[str]], asked: list[str]
) -> None:
    here, there = f"mine-{new_id('x')[2:]}", f"theirs-{new_id('x')[2:]}"
    for workspace in (here, there):
        shared.workspaces.add(Workspace(id=workspace, name=workspace, created_at=NOON))
    question = " ".join(asked)
    shared.dialogue.remember(here, said("", [("Ines", " ".join(words)) for words in mine]))
    alone = shared.dialogue.recall(here, question, k=20)
    shared.dialogue.remember(there, said("", [("Ines", " ".join(words)) for words in theirs]))
    assert shared.dialogue.recall(here, question, k=20) == alone
    assert {each.turn.workspace for each in shared.dialogue.recall(there, question, k=20)} == {there}


def test_others_are_not_found_while_they_speak(memory: Memory) -> None:
    found: list[str] = []

    def speak() -> None:
        for number in range(15):
            memory.dialogue.remember("tomas", said(f"tomas{number}", thread=f"chat:{number}"))

    speaker = threading.Thread(target=speak)
    speaker.start()
    for _ in range(15):
        found += [each.turn.workspace for each in memory.dialogue.recall("ines", "tide tables bees", k=30)]
    speaker.join()
    assert set(found) == {"ines"} and len(found) == 15 * len(LINES)


# the parts


def test_the_meaning_of_a_turn_is_the_weighted_mean_with_its_neighbours(memory: Memory) -> None:
    memory.dialogue.bring_up_to_date("ines")
    with memory._database.read() as conn:
        transcript = memory.dialogue._transcript(conn, "ines", memory.embedder)
    scope = np.ones(len(LINES), dtype=bool)
    scope[3] = False
    query = memory.embed(["the old harbour"])[0]
    expected = []
    for place, vector in enumerate(transcript.vectors):
        total = vector.copy()
        for offset, weight in ((-1, 0.7), (1, 0.3)):
            if 0 <= place + offset < len(LINES) and scope[place + offset]:
                total += weight * transcript.vectors[place + offset]
        expected.append(float(total @ query / np.linalg.norm(total)) if scope[place] else np.nan)
    assert signals.meaning(transcript, query, scope) == pytest.approx(expected, abs=1e-5, nan_ok=True)


def test_words_count_over_the_turn_and_those_around_it() -> None:
    words = [("A", "one"), ("B", "two"), ("A", "three"), ("B", "four"), ("A", "five")]
    transcript = Transcript((), [_Row(n, *line) for n, line in enumerate(words)], np.zeros((5, 2), np.float32))
    found = signals.words(transcript, terms("two"), np.ones(5, dtype=bool))
    assert [score > 0 for score in found] == [True, True, True, True, False]
    assert found[1] == pytest.approx(np.log1p((5 - 4 + 0.5) / 4.5) * 2.2 / (1 + 1.2 * (0.6 + 0.4 * 15 / 16)))


def test_a_token_that_is_near_nothing_counts_as_the_nearest_there_is() -> None:
    one, two = np.eye(2, dtype=np.float32)
    best = signals.nearest_tokens(np.stack([one, two]), [one[None], np.zeros((0, 0), np.float32), two[None]])
    assert best.tolist() == [[1, 0, 0], [0, 0, 1]]
    wide = signals.widest(best, [np.array([0, 1, 2]), np.array([-1, 0, 1])])
    assert wide.tolist() == [[1, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("question", "favoured"),
    [
        ("What does Tomas keep?", {"Tomas"}),
        ("What does Tom keep?", {"Tomas"}),
        ("Why did I reject it?", {"Ines", "Tomas"}),
        ("What do Ines and Tomas keep?", set()),
        ("What was it?", set()),
    ],
)
def test_a_question_names_whose_turns_are_meant(question: str, favoured: set[str]) -> None:
    speakers = ["Ines", "Greenroom", "Tomas"]
    found = signals.speaker(question, speakers, np.ones(3, dtype=bool))
    assert {name for name, value in zip(speakers, found, strict=True) if value} == favoured


@pytest.mark.parametrize(
    ("forms", "root"),
    [
        ("run runs running", "run"),
        ("study studies studied", "studi"),
        ("hike hikes hiking hiked", "hik"),
        ("paint paints painted painting painter", "paint"),
        ("glass glasses", "glass"),
        ("bus bed red is", None),
        ("été 2023", None),
    ],
)
def test_words_are_compared_without_the_endings_of_grammar(forms: str, root: str | None) -> None:
    assert {stem(word) for word in forms.split()} == ({root} if root else set(forms.split()))


def test_dates_are_said_in_words() -> None:
    assert day_of(NOON) == "20 November 2026"


def test_packed_token_vectors_keep_their_angles() -> None:
    rows = np.random.default_rng(1).normal(size=(40, 384)).astype(np.float32)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    back = unpacked(packed(rows))
    assert len(packed(rows)) == 40 * 128
    assert np.abs(back @ back.T - projected(rows) @ projected(rows).T).max() < 0.02
    assert np.abs(back @ back.T - rows @ rows.T).mean() < 0.08
    assert unpacked(packed(rows[:0])).shape == (0, 128)


def test_minilm_gives_the_text_and_its_words_in_one_run() -> None:
    embedder = open_embedder("minilm", CACHE)
    made = token_embedder(embedder)
    assert made is not None
    texts = ["The kettle's on.", "No hashtags, ever."]
    found = made.embed(texts)
    assert np.stack([each.vector for each in found]) == pytest.approx(embedder.embed(texts), abs=1e-5)
    assert found[0].words == ("The", "kettle", "s", "on")
    assert found[1].words == ("No", "hashtags", "hashtags", "hashtags", "ever")
    assert found[1].tokens.shape == (5, 384)
    assert np.linalg.norm(found[1].tokens, axis=1) == pytest.approx(1.0, abs=1e-5)


class _Row:
    def __init__(self, number: int, speaker: str, text: str) -> None:
        self.number, self.speaker, self.text = number, speaker, text
        self.thread, self.session, self.said_at = "t", 1, NOON


# the bench


SAMPLE = {
    "conversation": {
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {"speaker": "Ada", "dia_id": "D1:1", "text": "I keep bees on the roof."},
            {"speaker": "Bo", "dia_id": "D1:2", "text": "Look.", "blip_caption": "a red canoe", "query": "canoe lake"},
        ],
        "session_2_date_time": "9:05 am on 12 June, 2023",
        "session_2": [{"speaker": "Ada", "dia_id": "D2:1", "text": "The honey is ready."}],
    },
    "qa": [
        {"question": "What does Ada keep?", "evidence": ["D1:1"], "category": 4},
        {"question": "What is red, and what is ready?", "evidence": ["D1:2; D2:01"], "category": 1},
        {"question": "What did nobody say?", "evidence": [], "category": 5},
        {"question": "What did Bo say of bees?", "evidence": ["D1:1"], "category": 5},
    ],
}


def test_the_bench_reads_turns_and_questions_as_they_are() -> None:
    conversation = list(locomo.turns_of(SAMPLE["conversation"]))
    assert [(each.source, each.session) for each in conversation] == [("D1:1", 1), ("D1:2", 1), ("D2:1", 2)]
    assert conversation[1].text == "Look. [shares a red canoe; canoe lake]"
    assert day_of(conversation[2].said_at) == "12 June 2023"
    asked = list(locomo.questions_of(SAMPLE, frozenset(each.source for each in conversation)))
    assert [sorted(each.evidence) for each in asked] == [["D1:1"], ["D1:2", "D2:1"], ["D1:1"]]


def test_the_bench_gives_means_by_depth_and_category() -> None:
    answers = [
        locomo.Answer(locomo.Question("q", category, frozenset("a")), shares, 2.0)
        for category, shares in ((4, (1.0, 1.0, 1.0)), (1, (0.0, 0.5, 1.0)), (5, (0.0, 0.0, 0.0)))
    ]
    result = locomo.figures(answers)
    assert result["questions"] == 3
    assert result["recall"] == {"5": 0.3333, "10": 0.5, "25": 0.6667}
    assert result["recall_cat1to4"] == {"5": 0.5, "10": 0.75, "25": 1.0}
    assert result["by_category"]["1"] == {"questions": 1, "recall": {"5": 0.0, "10": 0.5, "25": 1.0}}
    assert result["query_ms"] == {"p50": 2.0, "p95": 2.0}


@pytest.mark.parametrize("content", ["not json", "{}", "[1]", '[{"qa": []}]'])
def test_the_bench_says_what_is_no_locomo_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "f.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="LoCoMo"):
        locomo.run(tmp_path / "f.json")


def test_nothing_of_another_workspace_is_ever_read(memory: Memory) -> None:
    memory.dialogue.remember("tomas", said("tomas"))
    with memory._database.read() as conn:
        assert {row.workspace for row in rows_of(conn, "ines")} == {"ines"}
        assert conn.execute(turns.select()).all()


def test_forgetting_a_person_leaves_nothing_of_what_they_decided_to_be_told_again(memory: Memory) -> None:
    rain = waiting(memory, "Rain is only water.")
    memory.decisions.claim("ines", rain.id, "reject", rain.sha, "Tomas", note="too wet")
    memory.dialogue.learn_decisions("ines")
    memory.forgetting.forget(Wish(kind="person", workspace="ines", named="Tomas"), by="owner")
    left = memory.dialogue.recall("ines", "why was the rain rejected", k=30)
    assert left and not any("Tomas" in each.turn.speaker or "too wet" in each.turn.text for each in left)


def test_nothing_of_another_workspace_is_found_while_all_import(tmp_path: Path) -> None:
    memory = opened(tmp_path)
    result = strangers.ask_all(memory, random.Random(7), 60)
    assert (result["queries"], result["foreign"], result["first"]) == (60, 0, [])
    assert result["results"] == 600
    memory.close()


def test_the_bench_of_strangers_sees_one() -> None:
    found = strangers.Found()
    found.count("north", ["w_1", "w_2"], {"w_1"})
    assert (found.queries, found.hits, found.foreign) == (1, 2, ["north: w_2"])
