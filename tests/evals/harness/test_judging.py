"""A judge at a scripted server: both orders, how steady it is, a person's labels, answers that are none."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from core.errors import BadInput, NotFound, WrongUse
from evals.harness.candidate import Candidate
from evals.harness.evaluating import evaluate
from evals.harness.figures import NO_ANSWER, NO_LABEL
from evals.harness.judging import Judge, Rubric, open_judge, read_labels, rubrics
from evals.harness.running import Wanted
from evals.harness.task import Scored
from tests.evals.harness.making import SUMS, Toy, endpoints
from tests.fakes.openai_server import OpenAIServer, Say, openai_server

RUBRIC = """
name: tidy
task: sums
says: how tidy the sum is, by a judge
prompt: You judge sums. Only what is written counts.
choices:
  tidy: {score: 1.0, says: nothing would be changed}
  so_so: {score: 0.5, says: a digit would be changed}
  untidy: {score: 0.0, says: "all of it, or nearly, would be changed"}
"""
LABELS = "- {case: right, rubric: tidy, choice: tidy}\n- {case: wrong, rubric: tidy, choice: so_so}\n"
TOY = Toy([*SUMS])


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "judges").mkdir()
    (tmp_path / "judges" / "tidy.yaml").write_text(RUBRIC)
    (tmp_path / "labels.yaml").write_text(LABELS)
    return tmp_path


def settings(folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch, model: str = "judge-1") -> Settings:
    monkeypatch.setenv("JUDGE_KEY", server.key)
    told = {"judge": {"model": model, "base_url": server.base_url, "key_env": "JUDGE_KEY"}}
    return Settings(home=folder / "home", models=endpoints(**told))


def judge_of(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch, *, cache: bool = False, labels: bool = False
) -> Judge:
    return open_judge(
        settings(folder, server, monkeypatch), "judge", folder / "kept" if cache else None,
        known=rubrics(folder / "judges"), labels=folder / "labels.yaml" if labels else None,
    )  # fmt: skip


def chosen(*choices: str) -> list[Say]:
    return [Say(json.dumps({"why": "because", "choice": each})) for each in choices]


def words(request: dict[str, Any]) -> str:
    return "\n".join(str(each["content"]) for each in request["messages"])


def said(judge: Judge, case: int = 0, got: str = "it is 2") -> dict[str, float | None]:
    return judge.of(TOY, SUMS[case], Scored({}, got=got))


def test_it_is_asked_in_both_orders_and_shown_what_was_asked_and_what_came(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script(*chosen("tidy", "tidy"))
    assert said(judge_of(folder, server, monkeypatch)) == {"tidy": 1.0, "tidy_steady": 1.0}
    one, other = map(words, server.journal)
    assert one.index("- tidy:") < one.index("- so_so:") < one.index("- untidy:")
    assert other.index("- untidy:") < other.index("- so_so:") < other.index("- tidy:")
    for each in (one, other):
        assert "You judge sums." in each and "1 + 1" in each and "it is 2" in each and '"score"' not in each
    assert {each["model"] for each in server.journal} == {"judge-1"}


def test_what_is_chosen_for_its_place_alone_cancels_out_and_is_told_as_unsteady(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script(*chosen("tidy", "untidy"))  # the first in its list, both times
    assert said(judge_of(folder, server, monkeypatch)) == {"tidy": 0.5, "tidy_steady": 0.0}


@pytest.mark.parametrize(
    ("answers", "tidy", "steady"),
    [
        (chosen("splendid", "so_so"), 0.5, None),  # no choice of ours
        (chosen("Tidy", "tidy"), 1.0, None),
        (chosen(" tidy ", "tidy"), 1.0, 1.0),
        ([Say("It is a fine sum."), *chosen("tidy")], 1.0, None),
        ([Say(status=500, error="on fire"), *chosen("untidy")], 0.0, None),
        ([Say(refusal="I would rather not."), *chosen("tidy")], 1.0, None),
        ([Say("no"), Say("no")], None, None),
    ],
)
def test_an_answer_that_names_no_choice_is_the_judges_fault(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch, answers: list[Say], tidy: Any, steady: Any
) -> None:
    server.script(*answers)
    assert said(judge_of(folder, server, monkeypatch)) == {"tidy": tidy, "tidy_steady": steady}


def test_where_a_person_labelled_a_case_agreement_is_told(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = judge_of(folder, server, monkeypatch, labels=True)
    server.script(*chosen("tidy", "tidy", "tidy", "tidy", "tidy", "tidy"))
    assert [said(judge, at).get("tidy_agrees") for at in range(3)] == [1.0, 0.0, None]
    assert [each.name for each in judge.metrics(TOY)] == ["tidy", "tidy_steady", "tidy_agrees"]
    assert judge.metrics(TOY)[0].says == "how tidy the sum is, by a judge (judge-1)"


def test_its_figures_stand_beside_the_tasks_and_a_rerun_asks_nothing(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script(*chosen("tidy", "tidy", "untidy", "so_so", "tidy", "tidy"))
    judge = judge_of(folder, server, monkeypatch, cache=True)
    run = evaluate([Candidate()], {"sums": TOY}, Wanted(tasks=()), folder / "out", judge=judge)
    [task] = run.first().tasks
    told = {each.name: each for each in task.figures}
    assert (told["tidy"].mean, told["tidy_steady"].mean, told["tidy"].judged) == (0.75, pytest.approx(2 / 3), True)
    assert (run.first().judge, server.left, len(server.journal)) == ("judge-1", 0, 6)
    assert "Judge: judge-1." in (folder / "out" / "report.html").read_text()
    assert sum(row.model_calls for row in task.rows) == 3  # the candidate's own: a judge is not its cost
    judge = judge_of(folder, server, monkeypatch, cache=True)
    again = evaluate([Candidate()], {"sums": TOY}, Wanted(tasks=()), folder / "again", judge=judge)
    assert len(server.journal) == 6
    assert [row.values for row in again.first().tasks[0].rows] == [row.values for row in task.rows]


def test_a_rubric_of_another_task_asks_nothing(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "judges" / "tidy.yaml").write_text(RUBRIC.replace("task: sums", "task: briefs"))
    judge = judge_of(folder, server, monkeypatch)
    assert said(judge) == {} and judge.metrics(TOY) == () and server.journal == []


def test_who_can_not_judge_is_refused_in_words(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WrongUse, match="rehearsal is no language model: it judges nothing"):
        open_judge(settings(folder, server, monkeypatch), "rehearsal", None, known=[])
    with pytest.raises(WrongUse, match="judge is no language model"):
        open_judge(settings(folder, server, monkeypatch, model="fake-judge"), "judge", None, known=[])
    with pytest.raises(NotFound, match="'jury'"):
        open_judge(settings(folder, server, monkeypatch), "jury", None, known=[])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {case: right, rubric: tidy, choice: neat}\n", "label 1: rubric 'tidy' has no choice 'neat'"),
        ("- {case: right, rubric: neat, choice: tidy}\n", "label 1: rubric 'neat' has no choice 'tidy'"),
        (LABELS + "- {case: right, rubric: tidy}\n", "label 3: choice: Field required"),
        ("- {case: right\n", "labels.yaml, line 2"),
        ("case: right\nrubric: tidy\nchoice: tidy\n", "labels are a list"),
        ("7\n", "labels are a list"),
        (LABELS + "- {case: right, rubric: tidy, choice: untidy}\n", "label 3: 'right' has one for 'tidy' already"),
    ],
)
def test_a_label_that_is_none_is_named(folder: Path, text: str, words: str) -> None:
    path = folder / "labels.yaml"
    path.write_text(text)
    known = [Rubric.model_validate({**each.model_dump()}) for each in rubrics(folder / "judges")]
    with pytest.raises(WrongUse) as raised:
        read_labels(path, known)
    assert words in raised.value.message and raised.value.hint


def test_a_judge_that_answers_nothing_is_not_called_a_run_without_one(
    folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "labels.yaml").write_text("- {case: elsewhere, rubric: tidy, choice: tidy}\n")
    why = list[dict[str, str]]()
    for number, answers in enumerate(([Say("no")] * 6, chosen(*["tidy"] * 6))):
        server.script(*answers)
        judge = judge_of(folder, server, monkeypatch, labels=True)
        run = evaluate([Candidate()], {"sums": TOY}, Wanted(tasks=()), folder / f"out-{number}", judge=judge)
        why.append({each.name: each.not_measured for each in run.first().tasks[0].figures if each.judged})
    assert why == [
        {"tidy": NO_ANSWER, "tidy_steady": NO_ANSWER, "tidy_agrees": NO_ANSWER},
        {"tidy": "", "tidy_steady": "", "tidy_agrees": NO_LABEL},
    ]


def test_a_rubric_that_is_none_is_named_with_file_and_field(folder: Path) -> None:
    (folder / "judges" / "tidy.yaml").write_text(RUBRIC.replace("score: 0.5", "score: 5"))
    with pytest.raises(BadInput, match=r"tidy\.yaml: choices\.so_so\.score: Input should be less than or equal to 1"):
        rubrics(folder / "judges")
