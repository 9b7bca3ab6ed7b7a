"""Two runs over the same cases: paired differences with intervals, and a verdict only where the interval says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from core.base import Noun
from core.errors import BadInput
from evals.harness.figures import values_of
from evals.harness.records import CandidateRecord, Figure, RunRecord, TaskRecord
from evals.harness.statistics import ALPHA, GATE_ALPHA, difference

Verdict = Literal["better", "worse", "same", "no difference shown", "changed"]
LEAST = 0.005
"""A difference below this is none that anybody would notice, however sure it is."""


class Difference(Noun):
    """One figure in both runs. `mean`: new - old over the shared cases."""

    task: str
    figure: str
    says: str
    hard: bool
    old: float
    new: float
    mean: float
    low: float
    high: float
    n: int  # cases that both measured
    verdict: Verdict
    exact: bool = False
    lost: int = 0  # cases that went down
    worst: tuple[str, ...] = ()  # those that lost most


class Comparison(Noun):
    """What changed from one candidate to another."""

    old: str
    new: str
    differences: tuple[Difference, ...]
    only_old: tuple[str, ...] = ()  # figures that the other run did not measure
    only_new: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()  # figures that both measured, on no case that the other has

    @property
    def better(self) -> tuple[Difference, ...]:
        """Those that went up."""
        return tuple(each for each in self.differences if each.verdict == "better")

    @property
    def worse(self) -> tuple[Difference, ...]:
        """Those that went down."""
        return tuple(each for each in self.differences if each.verdict == "worse")


def compare(old: CandidateRecord, new: CandidateRecord, alpha: float = ALPHA) -> Comparison:
    """Return every shared figure's difference. Figures of other models are compared too: that is what it is for."""
    mine, theirs = dict(_measured(old)), dict(_measured(new))
    both = {key: _difference(*mine[key], *theirs[key], alpha) for key in mine if key in theirs}
    return Comparison(
        old=named(old),
        new=named(new),
        differences=tuple(made for made in both.values() if made is not None),
        apart=tuple("/".join(key) for key, made in both.items() if made is None),
        only_old=tuple("/".join(key) for key in mine if key not in theirs),
        only_new=tuple("/".join(key) for key in theirs if key not in mine),
    )


def named(candidate: CandidateRecord) -> str:
    """Return how a comparison names a candidate: two that differ in their prompts alone are two."""
    name = candidate.label if candidate.endpoint == candidate.model else f"{candidate.label} ({candidate.model})"
    return f"{name} with {Path(candidate.prompts).name}/" if candidate.prompts else name


def only(run: RunRecord, label: str | None) -> CandidateRecord:
    """Return a run's candidate by its label; without one the first. Raises BadInput that names them."""
    if label is None:
        return run.first()
    found = next((each for each in run.candidates if each.label == label), None)
    if found is None:
        raise BadInput(
            f"Run {run.id} has no candidate {label!r}.", f"It has: {', '.join(c.label for c in run.candidates)}."
        )
    return found


class GateResult(Noun):
    """Whether a run may pass, and why not."""

    passed: bool
    reasons: tuple[str, ...]
    comparison: Comparison


def gate(baseline: CandidateRecord, new: CandidateRecord, *, tasks: tuple[str, ...] = ()) -> GateResult:
    """Say whether nothing got worse: no promise broken, no figure surely lower, nothing of the baseline missing.

    Where code alone decides a case by a rule there is nothing to be sure of: one case lost is one rule broken.
    """
    asked = [each for each in baseline.tasks if not tasks or each.name in tasks]
    compared = compare(baseline.model_copy(update={"tasks": tuple(asked)}), new, GATE_ALPHA)
    reasons = [*_broken(new), *_failed(new), *_missing(asked, new)]
    reasons += [f"{each} is not measured any more" for each in compared.only_old if new.task(each.split("/")[0])]
    reasons += [f"{each} is measured on no case of the baseline any more" for each in compared.apart]
    reasons += [
        f"{each.task}/{each.figure} got worse: {each.old:.3f} → {each.new:.3f} "
        f"({each.low:+.3f} to {each.high:+.3f} over {each.n} cases); most in: {', '.join(each.worst)}"
        for each in compared.worse
    ]
    reasons += [
        f"{each.task}/{each.figure} lost {each.lost} of {each.n} cases that it had: {', '.join(each.worst)}"
        for each in compared.differences
        if each.exact and each.lost and each.verdict != "worse"
    ]
    return GateResult(passed=not reasons, reasons=tuple(reasons), comparison=compared)


def _broken(new: CandidateRecord) -> Iterator[str]:
    for task in new.tasks:
        for figure in task.figures:
            if figure.broken:
                where = [row.id for row in task.rows if row.values.get(figure.name) == 0 or row.error]
                yield f"a promise is broken: {task.name}/{figure.name} in {', '.join(where[:5])}"


def _failed(new: CandidateRecord) -> Iterator[str]:
    for task in new.tasks:
        if failed := [row for row in task.rows if row.error]:
            yield f"{task.name}: {len(failed)} cases failed, the first: {failed[0].id}: {failed[0].error}"


def _missing(asked: list[TaskRecord], new: CandidateRecord) -> Iterator[str]:
    for task in asked:
        there = new.task(task.name)
        if there is None:
            yield f"{task.name} was not run"
            continue
        ids = {row.id for row in there.rows}
        gone = [row.id for row in task.rows if row.id not in ids]
        if gone:
            yield f"{task.name}: {len(gone)} cases of the baseline were not run, the first: {gone[0]}"


def _measured(candidate: CandidateRecord) -> Iterator[tuple[tuple[str, str], tuple[TaskRecord, Figure]]]:
    for task in candidate.tasks:
        for figure in task.figures:
            if figure.mean is not None:
                yield (task.name, figure.name), (task, figure)


def _difference(
    old_task: TaskRecord, old: Figure, new_task: TaskRecord, new: Figure, alpha: float
) -> Difference | None:
    before, after = values_of(old, old_task.rows), values_of(new, new_task.rows)
    shared = [each for each in before if each in after]
    if not shared:
        return None
    was, now = [before[each][0] for each in shared], [after[each][0] for each in shared]
    told = difference(was, now, [before[each][1] for each in shared], alpha)
    gained = {each: (after[each][0] - before[each][0]) * (old.better or 1) for each in shared}
    lost = sorted((each for each in shared if gained[each] < 0), key=lambda each: gained[each])
    return Difference(
        task=old_task.name, figure=old.name, says=old.says, hard=old.hard,
        old=sum(was) / len(was), new=sum(now) / len(now), mean=told.mean, low=told.low, high=told.high, n=told.n,
        verdict=_verdict(told.mean, told.low, told.high, old.better),
        exact=new.exact, lost=len(lost), worst=tuple(lost[:3]),
    )  # fmt: skip


def _verdict(mean: float, low: float, high: float, better: int) -> Verdict:
    if low == high == 0:
        return "same"
    if low <= 0 <= high or abs(mean) < LEAST:
        return "no difference shown"
    if not better:
        return "changed"
    return "better" if (mean > 0) == (better > 0) else "worse"
