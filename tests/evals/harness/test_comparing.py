"""Two runs: pairs, verdicts only where the interval says so, and the gate that is shut by what got worse."""

from io import StringIO

import pytest
from rich.console import Console

from core.errors import BadInput
from evals.harness.records import CandidateRecord, Row
from evals.harness.task import Metric
from evals.report.comparing import LEAST, Comparison, Difference, compare, gate, named, only
from evals.report.table import show_comparison
from tests.evals.harness.making import candidate_of, good, rows_of, run_of, task_of

TEN = (0.0, 1.0) * 5


def one(told: Comparison, figure: str = "good") -> Difference:
    [found] = [each for each in told.differences if each.figure == figure]
    return found


def compared(old: tuple[float | None, ...], new: tuple[float | None, ...], name: str = "good") -> Difference:
    return one(compare(candidate_of(good(*old, name=name)), candidate_of(good(*new, name=name))), name)


def test_a_run_beside_itself_is_the_same() -> None:
    told = compared(TEN, TEN)
    assert (told.verdict, told.mean, told.worst) == ("same", 0.0, ())


def test_cases_are_paired_by_their_names_whatever_their_order() -> None:
    old, new = good(*TEN), good(*TEN)
    turned = new.model_copy(update={"rows": tuple(reversed(new.rows))})
    assert one(compare(candidate_of(old), candidate_of(turned))).verdict == "same"


@pytest.mark.parametrize(
    ("name", "up", "down"),
    [
        ("good", "better", "worse"),
        ("safe", "better", "worse"),
        ("slips", "worse", "better"),
        ("length", "changed", "changed"),
    ],
)
def test_a_verdict_knows_which_way_is_better(name: str, up: str, down: str) -> None:
    low, high = (0.2,) * 6, (0.4,) * 6
    assert compared(low, high, name).verdict == up
    assert compared(high, low, name).verdict == down


def test_there_is_no_verdict_where_the_interval_holds_zero() -> None:
    """One case of ten up: 0.1 better on the mean, and nothing is shown by it."""
    told = compared((0.0,) * 10, (1.0, *(0.0,) * 9))
    assert (told.mean, told.low, told.verdict) == (0.1, 0.0, "no difference shown")


def test_a_sure_difference_that_nobody_would_notice_is_none() -> None:
    old = (0.5,) * 8
    assert compared(old, tuple(each + LEAST * 0.9 for each in old)).verdict == "no difference shown"
    assert compared(old, tuple(each + LEAST * 1.1 for each in old)).verdict == "better"


def test_what_one_run_did_not_measure_is_left_out_and_named() -> None:
    told = compared((0.0, 1.0, 0.0), (1.0, None, 1.0))
    assert (told.n, told.old, told.new) == (2, 0.0, 1.0)
    told_ = compare(candidate_of(good(1.0)), candidate_of(good(1.0, name="slips")))
    assert (told_.differences, told_.only_old, told_.only_new) == ((), ("sums/good",), ("sums/slips",))


def test_figures_without_a_case_in_common_are_named_and_shut_the_gate() -> None:
    """They were in no list at all: two runs of other cases showed no difference, and passed."""
    old, new = candidate_of(good(0.5, 1.0, None, None)), candidate_of(good(None, None, 0.5, 1.0))
    told_ = compare(old, new)
    assert (told_.differences, told_.apart, told_.only_old) == ((), ("sums/good",), ())
    assert "sums/good is measured on no case of the baseline any more" in gate(old, new).reasons


def test_those_that_lost_most_are_named_first() -> None:
    assert compared((1.0, 1.0, 0.0), (0.5, 0.0, 1.0)).worst == ("c01", "c00")
    assert compared((0.0, 0.0), (0.0, 0.5), "slips").worst == ("c01",)  # less is better: more of it is lost


def test_a_case_that_failed_counts_as_the_worst_there_is_but_no_judge_says_so() -> None:
    metrics = (Metric("good", "good"), Metric("slips", "slips", better=-1), Metric("ready", "ready", judged=True))
    values = {"good": 1.0, "slips": 0.0, "ready": 1.0}
    before = candidate_of(task_of(rows_of({"1": values, "2": values}), metrics=metrics))
    failed = Row(id="2", split="train", error="The product failed on this case")
    after = candidate_of(task_of((*rows_of({"1": values}), failed), metrics=metrics))
    told = compare(before, after)
    assert [(one(told, name).new, one(told, name).n) for name in values] == [(0.5, 2), (0.5, 2), (1.0, 1)]
    assert {each.name: each.mean for each in after.tasks[0].figures} == {"good": 0.5, "slips": 0.5, "ready": 1.0}


def test_a_candidate_is_found_by_its_label() -> None:
    run = run_of(candidate_of(good(1.0)), candidate_of(good(1.0), label="big without memory"))
    assert only(run, None) == run.candidates[0]
    assert only(run, "big without memory") == run.candidates[1]
    assert named(run.candidates[1]) == "big without memory (big-1)"
    with pytest.raises(BadInput, match="no candidate 'small'") as raised:
        only(run, "small")
    assert raised.value.hint == "It has: big, big without memory."


# the gate

BEFORE = candidate_of(
    task_of(rows_of({f"c{at}": {"good": 0.9, "safe": 1.0} for at in range(8)})),
    good(*TEN).model_copy(update={"name": "more"}),
)


def shut_by(new: CandidateRecord, *tasks: str) -> tuple[str, ...]:
    told = gate(BEFORE, new, tasks=tasks)
    assert told.passed == (not told.reasons)
    return told.reasons


def with_rows(*rows: Row) -> CandidateRecord:
    return candidate_of(task_of(rows), BEFORE.tasks[1])


def test_a_run_passes_on_itself_and_a_better_one_passes() -> None:
    assert shut_by(BEFORE) == ()
    better = {f"c{at}": {"good": 1.0, "safe": 1.0} for at in range(8)}
    assert shut_by(with_rows(*rows_of(better))) == ()


def test_it_is_shut_by_a_broken_promise_however_small_the_difference() -> None:
    rows = rows_of({f"c{at}": {"good": 0.9, "safe": float(at != 3)} for at in range(8)})
    [reason] = shut_by(with_rows(*rows))
    assert reason == "a promise is broken: sums/safe in c3"


def test_it_is_shut_by_a_promise_broken_everywhere() -> None:
    [first, second] = shut_by(with_rows(*rows_of({f"c{at}": {"good": 0.9, "safe": 0.0} for at in range(8)})))
    assert first == "a promise is broken: sums/safe in c0, c1, c2, c3, c4"
    assert second.startswith("sums/safe got worse: 1.000 → 0.000")


def test_it_is_shut_by_a_case_that_failed() -> None:
    rows = rows_of({f"c{at}": {"good": 0.9, "safe": 1.0} for at in range(7)})
    reasons = shut_by(with_rows(*rows, Row(id="c7", split="train", error="The product failed: no room")))
    assert reasons == (
        "a promise is broken: sums/safe in c7",  # of what failed nothing is known
        "sums: 1 cases failed, the first: c7: The product failed: no room",
    )


def test_it_is_shut_by_a_case_or_a_task_or_a_figure_that_is_missing() -> None:
    rows = rows_of({f"c{at}": {"good": 0.9, "safe": 1.0} for at in range(7)})
    assert shut_by(with_rows(*rows)) == ("sums: 1 cases of the baseline were not run, the first: c7",)
    assert shut_by(candidate_of(BEFORE.tasks[0])) == ("more was not run",)
    assert shut_by(candidate_of(BEFORE.tasks[0]), "sums") == ()  # only what is asked of it
    silent = rows_of({f"c{at}": {"good": None, "safe": 1.0} for at in range(8)})
    assert shut_by(with_rows(*silent)) == ("sums/good is not measured any more",)


def test_it_is_shut_by_a_figure_that_is_surely_worse() -> None:
    worse = rows_of({f"c{at}": {"good": 0.9 - 0.1 * (at + 1) / 8, "safe": 1.0} for at in range(8)})
    [reason] = shut_by(with_rows(*worse))
    assert reason.startswith("sums/good got worse: 0.900 → 0.844 (-0.0") and reason.endswith("most in: c7, c6, c5")


def test_it_accuses_only_by_the_wider_interval() -> None:
    """Four of twelve down: shown at 95 %, too little for a gate that looks at dozens of figures."""
    old, new = candidate_of(good(*(1.0,) * 12)), candidate_of(good(*(0.0,) * 4, *(1.0,) * 8))
    assert one(compare(old, new)).verdict == "worse"
    assert gate(old, new).passed


def test_a_figure_that_changed_is_named_in_full_however_narrow_the_terminal() -> None:
    """In a table of 80 columns two promises of a task were both called `refusal/noth…`."""
    task = good(*(1.0,) * 8).model_copy(update={"name": "injection_obeyed"})
    told_ = compare(candidate_of(task), candidate_of(good(*(0.0,) * 8).model_copy(update={"name": task.name})))
    said = StringIO()
    show_comparison(Console(file=said, width=60), told_)
    assert "↓ worse    injection_obeyed/good\n" in said.getvalue()
    assert "1.000 → 0.000, -1.000 (-1.000 to -1.000) over 8 cases" in said.getvalue().replace("\n", " ")
