"""`greenroom eval` as a script uses it: one JSON object a command, exit codes, errors that say what to do."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from evals.harness.records import load
from evals.tasks import tasks
from tests.evals.harness.making import SUMS, Toy

Run = Callable[..., Any]
WHENS = """
card: {what: Times of our own., how_made: By hand., licence: CC BY 4.0}
cases:
  - {id: own-noon, ask: tomorrow at noon, now: "2026-11-20T12:00:00Z", timezone: Europe/Oslo,
     expect: {kind: at, at: "2026-11-21T12:00:00"}}
"""
ASKED = ("scheduling", "rules", "--limit", "6", "--no-cache")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("commands")
    (made / "cases").mkdir()
    (made / "cases" / "scheduling.yaml").write_text(WHENS)
    return made


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    """Run `eval …` on a home of its own; `code` is the exit code that it must have."""

    def run(*words: Any, code: int = 0) -> Any:
        asked = ["eval", *map(str, words), "--home", str(folder / "home"), "--json"]
        result = CliRunner().invoke(build(), asked)
        assert result.exit_code == code, (result.exit_code, result.output, result.stderr)
        body = json.loads(result.stdout)
        return body.get("error", body) if code else body

    return run


@pytest.fixture(scope="module")
def first(folder: Path, run: Run) -> Path:
    """The folder of a run of two tasks, by the words alone: `run` is left out."""
    told = run(*ASKED, "--out", folder / "first")
    assert (told["place"], told["report"]) == (str(folder / "first"), str(folder / "first" / "report.html"))
    [candidate] = told["candidates"]
    assert (candidate["label"], candidate["model"], list(candidate["tasks"])) == (
        "rehearsal", "rehearsal", ["scheduling", "rules"],
    )  # fmt: skip
    assert [(each["cases"], each["failed"]) for each in candidate["tasks"].values()] == [(6, 0), (6, 0)]
    assert 0 <= candidate["tasks"]["rules"]["figures"]["found"]["mean"] <= 1
    return folder / "first"


def test_a_run_leaves_its_record_its_page_and_its_logs(first: Path) -> None:
    assert {each.name for each in first.iterdir()} == {"run.json", "report.html", "logs"}
    logs = [each.log for each in load(first).first().tasks]
    assert [(first / "logs" / "1" / log).is_file() for log in logs] == [True, True]
    assert not (first.parent / "home" / "evals").exists()  # --no-cache, and a place of its own


def test_what_is_asked_for_in_the_home_is_called_as_its_run_and_kept(run: Run, folder: Path) -> None:
    told = run("scheduling", "--limit", "0", "--cases", folder / "cases")
    assert Path(told["place"]) == folder / "home" / "evals" / "runs" / told["run"]
    assert (folder / "home" / "evals" / "kept" / "outcomes").is_dir()
    [row] = load(Path(told["place"])).first().tasks[0].rows
    assert (row.id, row.values, row.kept) == ("own-noon", {"right": 1.0, "asked_back": None}, False)
    again = run("run", "scheduling", "--limit", "0", "--cases", folder / "cases", "--out", folder / "again")
    assert load(Path(again["place"])).first().tasks[0].rows[0].kept
    shutil.rmtree(folder / "home" / "evals" / "runs")


def test_ones_own_cases_are_run_beside_ours_whatever_part_is_asked_for(run: Run, folder: Path) -> None:
    told = run("scheduling", "--limit", "2", "--cases", folder / "cases", "--out", folder / "beside")
    ids = [row.id for row in load(Path(told["place"])).first().tasks[0].rows]
    assert len(ids) == 3 and ids[-1] == "own-noon"


def test_every_task_is_listed_with_its_card_and_its_figures(run: Run) -> None:
    rows = {each["task"]: each for each in run("list")["tasks"]}
    assert list(rows) == list(tasks())
    assert all(each["cases"] > each["held_out"] > 0 and each["card"]["licence"] for each in rows.values())
    assert {name for name, each in rows.items() if each["needs_model"]} == {"tool_choice", "clarifying"}
    assert rows["rules"]["figures"]["found"] == "share of the broken rules that are found"


def test_a_run_compared_with_itself_shows_no_difference(run: Run, first: Path) -> None:
    told = run("compare", first, first / "run.json")
    assert (told["old"], told["new"], told["only_old"]) == ("rehearsal", "rehearsal", [])
    assert {each["verdict"] for each in told["differences"]} == {"same"}
    wrong = run("compare", first, first, "--new", "big", code=2)
    assert "has no candidate 'big'" in wrong["message"] and wrong["hint"] == "It has: rehearsal."


def test_a_baseline_lets_the_same_pass_and_shuts_the_gate_on_what_is_worse(run: Run, first: Path, folder: Path) -> None:
    file = folder / "quick.json"
    kept = run("baseline", first, file)
    assert kept == {"file": str(file), "run": load(first).id, "cases": 12}
    assert load(file).first().tasks[0].rows[0].asked == "" and file.stat().st_size < 30_000
    assert run("gate", "--baseline", file, "--run", first) == {
        "passed": True, "reasons": [], "run": str(first), "differences": run("compare", first, first)["differences"],
    }  # fmt: skip
    told = json.loads(file.read_text())
    for row in told["candidates"][0]["tasks"][0]["rows"]:
        row["values"]["right"] = 2.0  # a product that was far better once
    file.write_text(json.dumps(told))
    shut = run("gate", "--baseline", file, "--run", first, code=1)
    assert not shut["passed"] and shut["reasons"][0].startswith("scheduling/right got worse: 2.000 → ")
    other = run("gate", "rules", "--baseline", file, "--run", first)
    assert other["passed"]
    for unknown in ("ruls", "recall"):  # it would have passed, as nothing was held against anything
        wrong = run("gate", unknown, "--baseline", file, "--run", first, code=2)
        assert unknown in wrong["message"] and wrong["hint"] == "It holds: scheduling, rules."
    told["candidates"][0]["tasks"] = []
    file.write_text(json.dumps(told))
    assert "any case" in run("gate", "--baseline", file, "--run", first, code=2)["message"]


def test_a_gate_without_a_run_makes_one_of_the_baselines_tasks(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.tasks.tasks", lambda: {"sums": Toy([*SUMS[:2]]), "more": Toy([])})
    file = folder / "whole.json"
    run("baseline", run("sums", "--out", folder / "whole")["place"], file)
    told = run("gate", "--baseline", file, "--out", folder / "gated")
    assert told["passed"] and [each.name for each in load(folder / "gated").first().tasks] == ["sums"]
    assert "What changed: rehearsal of " in (folder / "gated" / "report.html").read_text()


def test_what_changed_from_a_baseline_is_told_by_the_run_that_was_given_one(
    run: Run, first: Path, folder: Path
) -> None:
    """It stood on the page alone: a script had no way to it, and the terminal said nothing of it."""
    told = run("rules", "--limit", "6", "--no-cache", "--baseline", first, "--out", folder / "held")
    [changes] = told["changes"]
    assert [each["figure"] for each in changes["differences"]] == ["found", "accused"]
    words = ["eval", "rules", "--limit", "6", "--baseline", str(first), "--home", str(folder / "home")]
    result = CliRunner().invoke(build(), [*words, "--out", str(folder / "a place")])
    assert "2 figures show no difference." in result.stdout and "→ this run" in result.stdout
    assert f"--log-dir '{folder / 'a place'}/logs'" in result.stdout  # in one line, to be copied


def test_failures_are_no_baseline(run: Run, first: Path, folder: Path) -> None:
    broken = folder / "broken"
    broken.mkdir()
    told = json.loads((first / "run.json").read_text())
    told["candidates"][0]["tasks"][0]["rows"][0]["error"] = "The product failed"
    (broken / "run.json").write_text(json.dumps(told))
    wrong = run("baseline", broken, folder / "no.json", code=2)
    assert "Cases failed in this run" in wrong["message"] and not (folder / "no.json").exists()


def test_the_history_of_a_folder_is_one_page(run: Run, first: Path, folder: Path) -> None:
    runs = folder / "runs"
    shutil.copytree(first, runs / "one")
    shutil.copytree(first, runs / "two")
    told = run("history", runs)
    assert told == {"page": str(runs / "history.html"), "runs": [load(first).id] * 2, "unread": []}
    assert "Evaluations over time" in (runs / "history.html").read_text()
    assert run("history", runs, "--out", folder / "h.html")["page"] == str(folder / "h.html")
    (runs / "three").mkdir()
    (runs / "three" / "run.json").write_text("{")
    told = run("history", runs)
    assert len(told["runs"]) == 2 and "three" in told["unread"][0]
    empty = run("history", folder / "cases", code=2)
    assert "holds no folder of a run" in empty["message"] and "greenroom eval --quick" in empty["hint"]
    for each in ("one", "two"):
        shutil.rmtree(runs / each)
    assert "three/run.json can't be read" in run("history", runs, code=2)["message"]  # not: there is none


def test_live_in_a_home_without_decisions_tells_nothing_and_a_wrong_day_is_said(run: Run, folder: Path) -> None:
    CliRunner().invoke(build(), ["init", "--name", "Tidewater", "--home", str(folder / "home")])
    told = run("live")
    assert (told["decided"], told["waiting"], told["groups"], told["since"]) == (0, 0, [], None)
    wrong = run("live", "--since", "last week", code=2)
    assert wrong["message"] == "--since 'last week' is no day." and wrong["hint"]


@pytest.mark.parametrize(
    ("words", "code", "message", "hint"),
    [
        (("sumz",), 2, "There is no task called 'sumz'.", "There are: briefs, recall"),
        (("rules", "--models", "big"), 1, "no model endpoint called 'big'", "There are: rehearsal"),
        (
            ("rules", "--without", "luck"),
            2,
            "'luck' is no part that can be left out",
            "memory, voice, checks, revision",
        ),
        (("rules", "--split", "some"), 2, "--split 'some' is none", "all, train, held-out"),
        (("rules", "--judge", "rehearsal"), 2, "rehearsal is no language model", "greenroom models list"),
        (("rules", "--labels", "{folder}/cases/scheduling.yaml"), 2, "--labels are held against a judge", "--judge"),
        (("rules", "--prompts", "{folder}/cases"), 2, "The rehearsal model reads no prompt", "--models"),
        (("rules", "--cases", "{folder}/strange"), 2, "rulez.yaml: no task reads a file of this name", "rules.yaml"),
        (("rules", "--cases", "{folder}/nobody"), 2, "case 'own': creator: there is no 'nobody'", "margin"),
        (("rules", "--cases", "{folder}/twice"), 2, "the id 'rules-bluesky-exactly-300' is there twice", "another id"),
        (("rules", "--cases", "{folder}/home"), 2, "holds no file with cases", "rules.yaml"),
        (("rules", "--cases", "{folder}/unsure"), 2, "case 'own': the case: Value error, `expect` names", "docs/evals"),
        (("recall", "--cases", "{folder}/lost"), 2, "case 'own': there is no work '01-the-clikker'", "01-the-clicker"),
        (("recall", "--cases", "{folder}/workless"), 2, "there is no work '01-the-clicker'", "names no creator"),
        (("briefs", "--cases", "{folder}/placeless"), 2, "case 'own': channels: Tuple should have", "docs/evals"),
        (("rules", "--limit", "0"), 2, "There is no case to run", "--cases"),
        (("baseline", "{first}", "{folder}/home"), 2, "can't be written: Is a directory", "another file"),
        (("gate", "--baseline", "{folder}/gone.json"), 2, "gone.json holds no run", "greenroom eval"),
        (("compare", "{folder}", "{folder}"), 2, "holds no run", "greenroom eval"),
        (("baseline", "{folder}", "{folder}/b.json"), 2, "holds no run", "greenroom eval"),
    ],
)
def test_what_is_off_is_said_with_what_to_do(
    run: Run, folder: Path, first: Path, words: tuple[str, ...], code: int, message: str, hint: str
) -> None:
    case = "  - {id: %s, channel: bluesky, document: Kelp., clean: true%s}\n"
    for name, file, text in (
        ("strange", "rulez.yaml", ""),
        ("nobody", "rules.yaml", case % ("own", ", creator: nobody")),
        ("lost", "recall.yaml", "  - {id: own, creator: margin, query: a, relevant: [01-the-clikker]}\n"),
        ("workless", "recall.yaml", "  - {id: own, query: a, relevant: [01-the-clicker]}\n"),
        ("placeless", "briefs.yaml", "  - {id: own, ask: a, channels: [], locales: [en]}\n"),
        ("unsure", "rules.yaml", case.replace("true", "false") % ("own", "")),
        ("twice", "rules.yaml", case % ("rules-bluesky-exactly-300", "")),
    ):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / file).write_text(WHENS.partition("cases:")[0] + "cases:\n" + text)
    wrong = run(*(each.format(folder=folder, first=first) for each in words), code=code)
    assert message in wrong["message"] and hint in wrong["hint"]


def test_without_inspect_it_is_said_how_to_install_it(run: Run, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    wrong = run("rules", "--out", folder / "missing", code=2)
    assert "needs Inspect, which is not installed" in wrong["message"] and "greenroom[evals]" in wrong["hint"]
    assert run("list")["tasks"]  # what needs none goes on


def test_for_a_person_it_is_a_table(first: Path, folder: Path) -> None:
    for words, said in (
        (("compare", str(first), str(first)), " figures show no difference."),
        (("list",), "Hostile material changes nothing and sends nothing"),
        (("gate", "--baseline", str(first), "--run", str(first)), "✔ nothing got worse"),
    ):
        result = CliRunner().invoke(build(), ["eval", *words, "--home", str(folder / "home")])
        assert result.exit_code == 0 and said in result.stdout
