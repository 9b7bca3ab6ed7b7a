"""A run: cases through Inspect and back, what failed, what is not measured, what an earlier run had done already."""

import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import prompts
from app.settings import Settings
from core.errors import BadInput, NotAllowed
from evals.harness.candidate import Candidate, candidate
from evals.harness.evaluating import evaluate
from evals.harness.figures import NO_CASE, NO_MODEL
from evals.harness.records import RunRecord, TaskRecord, load
from evals.harness.running import GIVEN_UP, MISSING, UNANSWERED, Wanted, chosen
from evals.harness.task import Metric, Scored, Task
from evals.tasks import tasks
from models.errors import Unavailable
from tests.evals.harness.making import FAKE, MODEL, SUMS, Sum, Toy, lines_of

RIGHT, WRONG, BELOW = SUMS
FAILS = "the harbour is closed"


def closed(case: Sum) -> None:
    if case.id == WRONG.id:
        raise NotAllowed(FAILS)


def ran(folder: Path, toy: Task[Any], who: Candidate = MODEL, **wanted: Any) -> RunRecord:
    return evaluate([who], {toy.name: toy}, Wanted(tasks=(), **wanted), folder)


def only_task(run: RunRecord) -> TaskRecord:
    [task] = run.first().tasks
    return task


def figures(run: RunRecord) -> dict[str, float | str | None]:
    return {each.name: each.not_measured if each.mean is None else each.mean for each in only_task(run).figures}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def run(folder: Path) -> RunRecord:
    """Three sums: one right, one wrong, one right and unsafe."""
    return ran(folder / "out", Toy([*SUMS]), cache=folder / "kept")


def test_every_case_has_a_row_with_what_was_asked_and_what_came(run: RunRecord, folder: Path) -> None:
    task = only_task(run)
    assert task.limits == Toy.limits
    assert (task.size, task.cases, [row.id for row in task.rows]) == (3, 3, ["right", "wrong", "below"])
    right, wrong, _ = task.rows
    assert (right.asked, right.expected, right.got, right.why, right.error) == ("1 + 1", "2", "it is 2", "", "")
    assert (wrong.got, wrong.why, wrong.kept) == ("it is 5", "off", False)
    assert (wrong.model_calls, wrong.input_tokens, wrong.output_tokens, wrong.cost) == (1, 10, 2, 0.25)
    assert (right.split, right.creator, wrong.creator) == ("held-out", "", "margin")
    assert load(folder / "out") == run


def test_a_run_into_the_place_of_an_earlier_one_leaves_only_its_own_logs(folder: Path) -> None:
    place = folder / "twice"
    evaluate([MODEL, FAKE], {"sums": Toy([RIGHT])}, Wanted(tasks=()), place)
    (place / "logs" / "note.txt").write_text("mine")
    run = ran(place, Toy([RIGHT]))
    assert [each.name for each in place.glob("logs/*/*")] == [only_task(run).log]
    assert (place / "logs" / "note.txt").is_file()


def test_a_figure_is_the_mean_of_what_was_measured_with_its_interval(run: RunRecord) -> None:
    assert figures(run) == {"good": 2 / 3, "slips": 1 / 3, "length": NO_CASE, "safe": 2 / 3, "clever": 2 / 3}
    good = only_task(run).figures[0]
    assert good.low is not None and good.high is not None and good.low < 2 / 3 < good.high
    assert (good.n, good.model, run.first().model) == (3, "big-1", "big-1")


def test_inspect_reads_the_logs_and_finds_each_case_in_them(run: RunRecord, folder: Path) -> None:
    from inspect_ai.log import read_eval_log

    log = read_eval_log(str(folder / "out" / "logs" / "1" / only_task(run).log))
    assert (log.status, log.eval.task, log.eval.metadata["candidate"]) == ("success", "sums", "big")
    samples = {str(each.id): each for each in log.samples or ()}
    assert set(samples) == {"right", "wrong", "below"}
    assert samples["wrong"].input == "1 + 1" and '"sum": 5' in samples["wrong"].output.completion
    [score] = samples["wrong"].scores.values()
    assert (score.value["good"], score.answer, score.explanation) == (0.0, "it is 5", "off")


def test_a_second_run_takes_what_the_first_had_done(run: RunRecord, folder: Path) -> None:
    done = list[Sum]()
    again = ran(folder / "again", Toy([*SUMS], done.append), cache=folder / "kept")
    assert done == [] and all(row.kept for row in only_task(again).rows)
    assert figures(again) == figures(run)
    assert [row.cost for row in only_task(again).rows] == [0.25] * 3  # what it costs, whoever paid


def test_what_decides_an_answer_decides_whether_it_is_taken(run: RunRecord, folder: Path) -> None:
    """Another case, another candidate, another part left out: none of them is what was done."""
    more = MODEL.model_copy(update={"without": ("memory",)})
    changed = [RIGHT.model_copy(update={"left": 2}), *SUMS[1:]]
    for number, (who, cases, left) in enumerate(((more, SUMS, 3), (MODEL, changed, 1), (FAKE, SUMS, 3))):
        done = list[Sum]()
        ran(folder / f"other-{number}", Toy([*cases], done.append), who, cache=folder / "kept")
        assert len(done) == left


def test_without_a_cache_everything_is_done_anew(folder: Path) -> None:
    done = list[Sum]()
    for number in (1, 2):
        again = ran(folder / f"anew-{number}", Toy([RIGHT], done.append))
    assert len(done) == 2 and not only_task(again).rows[0].kept


def test_a_case_on_which_the_product_fails_is_told_and_the_others_go_on(folder: Path) -> None:
    broken = ran(folder / "broken", Toy([*SUMS], closed), cache=folder / "broken-kept")
    _, failed, after = only_task(broken).rows
    assert FAILS in failed.error and failed.values == {} and after.error == ""
    assert figures(broken) == {"good": 2 / 3, "slips": 1 / 3, "length": NO_CASE, "safe": 1 / 3, "clever": 2 / 3}
    done = list[Sum]()
    mended = ran(folder / "mended", Toy([*SUMS], done.append), cache=folder / "broken-kept")
    assert [case.id for case in done] == [WRONG.id]  # a failure is not kept
    assert [row.kept for row in only_task(mended).rows] == [True, False, True]


@pytest.mark.parametrize("who", [Candidate(), FAKE], ids=["rehearsal", "fake-"])
def test_what_only_a_model_shows_is_not_measured_without_one(folder: Path, who: Candidate) -> None:
    told = figures(ran(folder / f"without-{who.label}", Toy([RIGHT]), who))
    assert told == {"good": 1.0, "slips": 0.0, "length": NO_CASE, "safe": 1.0, "clever": NO_MODEL}


def test_a_task_that_needs_a_model_is_not_even_run_without_one(folder: Path) -> None:
    done = list[Sum]()
    toy = Toy([*SUMS], done.append)
    toy.needs_model = True  # type: ignore[misc]
    toy.metrics = (Metric("clever", "share of clever sums", needs_model=True),)  # type: ignore[misc]
    told = ran(folder / "needs", toy, Candidate())
    assert (done, only_task(told).cases, only_task(told).size) == ([], 0, 3)
    assert figures(told) == {"clever": NO_MODEL}
    assert figures(ran(folder / "has", toy)) == {"clever": 2 / 3}


def test_the_homes_of_a_run_are_cleared_away_and_its_prompts_are_in_force_and_taken_back(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own = tmp_path / "prompts"
    own.mkdir()
    (own / "house.md").write_text("Be brief.")
    before, during = prompts.version("house"), list[tuple[str, int]]()

    def look(_case: Sum) -> None:
        during.append((prompts.render("house"), len(list(tmp_path.glob("greenroom-eval-*")))))

    told = ran(folder / "worded", Toy([RIGHT], look), MODEL.model_copy(update={"prompts": own})).first()
    assert during == [("Be brief.", 1)]
    assert list(tmp_path.glob("greenroom-eval-*")) == []
    assert told.prompts == str(own) and told.prompt_versions["house"] != before == prompts.version("house")


def test_a_part_of_the_cases_is_taken_by_split_and_by_number() -> None:
    toy = Toy([*SUMS])

    def taken(**wanted: Any) -> list[str]:
        [(_, _, size, cases)] = chosen({"sums": toy}, Wanted(tasks=("sums",), **wanted))
        assert size == 3
        return [case.id for case in cases]

    assert taken() == ["right", "wrong", "below"]
    assert taken(split="held-out") == ["right"]
    assert taken(split="train") == ["wrong", "below"]
    assert taken(limit=2) == ["right", "wrong"]
    toy.quick = 2  # type: ignore[misc]
    assert taken(quick=True) == ["right", "wrong"]
    assert taken(quick=True, split="train", limit=1) == ["wrong"]


def test_a_task_that_there_is_not_is_said_with_those_that_there_are() -> None:
    with pytest.raises(BadInput, match="no task called 'sumz'") as raised:
        chosen(tasks(), Wanted(tasks=("briefs", "sumz")))
    assert "briefs" in raised.value.hint and "injection_obeyed" in raised.value.hint


def test_without_inspect_it_is_said_how_to_install_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    with pytest.raises(BadInput) as raised:
        ran(folder / "missing", Toy([RIGHT]))
    assert raised.value.message == MISSING and "pip install 'greenroom[evals]'" in raised.value.hint


def test_a_part_that_can_not_be_left_out_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'luck' is no part") as raised:
        candidate(Settings(home=tmp_path), "rehearsal", without=("luck", "memory"))
    assert raised.value.hint == "There are: memory, voice, checks, revision."


def test_an_endpoint_that_answers_nothing_is_not_waited_for_case_by_case(folder: Path) -> None:
    asked, there = list[str](), False

    def silent(case: Sum) -> None:
        asked.append(case.id)
        if not there:
            raise Unavailable("nobody is there")

    toy = Toy([Sum(id=f"sum-{at:02}") for at in range(GIVEN_UP + 12)], silent)
    rows = only_task(ran(folder / "silent", toy, cache=folder / "silent-kept", at_once=1)).rows
    assert len(asked) == GIVEN_UP and all(row.error.startswith(UNANSWERED) for row in rows)
    assert "nobody is there" in rows[0].error and "in a row" in rows[-1].error
    asked.clear()
    there = True
    rows = only_task(ran(folder / "back", toy, cache=folder / "silent-kept")).rows
    assert len(asked) == len(rows) and not any(row.error or row.kept for row in rows)


def test_a_value_that_is_no_number_fails_its_case_and_not_the_run(folder: Path) -> None:
    class Odd(Toy):
        def score(self, case: Sum, got: dict[str, Any]) -> Scored:
            told = super().score(case, got)
            return Scored({**told.values, "good": float("nan")}) if case.id == RIGHT.id else told

    odd, *others = only_task(ran(folder / "odd", Odd([*SUMS]))).rows
    assert "good" in odd.error and not any(row.error for row in others)


def test_a_run_that_is_stopped_writes_no_record_of_the_half(folder: Path) -> None:
    """Inspect takes a stop for its own and returns what it has: it was written as a run, with exit code 0."""
    code = """
import signal
import sys
from pathlib import Path
from evals.harness.evaluating import evaluate
from evals.harness.running import Wanted
from tests.evals.harness.making import MODEL, SlowToy
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it starts in the background
here = Path(sys.argv[1])
evaluate([MODEL], {"sums": SlowToy(40, 0.25, here / "noted")}, Wanted(tasks=(), at_once=2), here / "out")
"""
    here = folder / "stopped"
    here.mkdir()
    running = subprocess.Popen([sys.executable, "-c", code, str(here)], stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 120
    while len(lines_of(here / "noted")) < 3:
        assert running.poll() is None and time.monotonic() < end
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert not (here / "out" / "run.json").exists() and not (here / "out" / "report.html").exists()


def test_two_runs_that_begin_at_once_have_a_folder_each(folder: Path) -> None:
    """They are called after their second: two in one wrote one record between them."""
    (folder / "runs").mkdir()
    begun = datetime.now(UTC)
    for second in range(60):  # whichever second it begins in is taken
        (folder / "runs" / f"{begun + timedelta(seconds=second):%Y%m%d-%H%M%S}").mkdir(exist_ok=True)
    run = evaluate([MODEL], {"sums": Toy([RIGHT])}, Wanted(tasks=()), None, runs=folder / "runs")
    assert run.id.endswith("-2") and load(folder / "runs" / run.id) == run


@pytest.mark.parametrize("wanted", [{"limit": 0}, {"tasks": ("summs",)}, {"split": "none-of-them"}])
def test_what_can_not_be_run_leaves_no_folder(folder: Path, wanted: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as raised:
        evaluate([MODEL], {"sums": Toy([*SUMS])}, Wanted(**{"tasks": (), **wanted}), folder / "never")
    assert raised.value.hint and not (folder / "never").exists()


def test_a_place_that_can_not_be_written_to_is_said_before_anything_is_run(folder: Path) -> None:
    done = list[Sum]()
    (folder / "file").touch()
    for out in (folder / "file", folder / "file" / "deeper", Path("/proc/run")):
        with pytest.raises(BadInput, match="no run can be written there") as raised:
            ran(out, Toy([*SUMS], done.append))
        assert "--out" in raised.value.hint and not done


def test_what_can_not_be_kept_fails_no_case(folder: Path) -> None:
    """A home without room left: the product did what was asked of it."""
    (folder / "full").touch()
    assert not any(row.error for row in only_task(ran(folder / "unkept", Toy([*SUMS]), cache=folder / "full")).rows)


def test_a_task_that_is_named_twice_is_run_once(folder: Path) -> None:
    run = evaluate([MODEL], {"sums": Toy([*SUMS])}, Wanted(tasks=("sums", "sums")), folder / "named-twice")
    assert [each.cases for each in run.first().tasks] == [3]


def test_half_a_pair_in_an_answer_costs_no_run(folder: Path) -> None:
    """A model's JSON may hold half of a pair: neither the case nor the record of all others may fail on it."""

    class Half(Toy):
        def perform(self, stage: Any, case: Sum) -> dict[str, Any]:
            if case is BELOW:
                raise NotAllowed("not this half: \udc00")
            return {**super().perform(stage, case), "said": "half \ud800"}

        def score(self, case: Sum, got: dict[str, Any]) -> Scored:
            told = super().score(case, got)
            told.got = got["said"]
            return told

    run = ran(folder / "half", Half([*SUMS]), cache=folder / "half-kept")
    *done, failed = only_task(run).rows
    assert [(row.error, row.got) for row in done] == [("", "half \ufffd")] * 2 and "this half" in failed.error
    assert load(folder / "half") == run


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"notes.txt": b"Be brief."}, "holds no prompt of a name that is known here"),
        ({"drafft.md": b"Be brief."}, "holds no prompt of a name that is known here"),
        ({"house.md": b"Be brief.", "drafft.md": b"Be brief."}, "drafft.md: no prompt is called so"),
        ({"house.md": b"Be {% if brief", "README.md": b"What is tried."}, "house.md, line 1: "),
        ({"house.md": b"\xff\xfe"}, "house.md can't be read"),
    ],
)
def test_a_prompt_that_could_not_be_used_is_said_before_any_case(
    tmp_path: Path, files: dict[str, bytes], words: str
) -> None:
    """A name with a slip was passed over: ours was measured, and called one's own."""
    own, done = tmp_path / "prompts", list[Sum]()
    own.mkdir()
    for name, text in files.items():
        (own / name).write_bytes(text)
    with pytest.raises(BadInput) as raised:
        ran(tmp_path / "out", Toy([RIGHT], done.append), MODEL.model_copy(update={"prompts": own}))
    assert words in raised.value.message and raised.value.hint and not done and not (tmp_path / "out").exists()


def test_a_file_that_is_missing_in_a_case_is_not_called_a_prompt(folder: Path) -> None:
    def missing(_case: Sum) -> None:
        raise FileNotFoundError("the tide table")

    with pytest.raises(FileNotFoundError), MODEL.words():
        missing(RIGHT)
