"""From values of cases to figures with intervals, each naming its model, or saying why it was not measured."""

from collections.abc import Sequence
from typing import Any

from evals.harness.records import Figure, Row
from evals.harness.statistics import share
from evals.harness.task import Metric

NO_MODEL = "needs a language model: the rehearsal model and scripts choose nothing"
NO_JUDGE = "needs a judge: --judge ENDPOINT"
NO_ANSWER = "the judge gave no answer that names a choice: try it with greenroom models test"
NO_LABEL = "no case of this run has a label"
NO_CASE = "no case of this run says anything of it"


def figures_of(metrics: Sequence[Metric], rows: Sequence[Row], model: str, *, is_model: bool) -> tuple[Figure, ...]:
    """Return a figure for each metric. A case on which the product failed counts as the worst value there is."""
    return tuple(_figure(each, rows, model, is_model=is_model) for each in metrics)


def values_of(metric: Metric | Figure, rows: Sequence[Row]) -> dict[str, tuple[float, str]]:
    """Return each measured value with its cluster: the creator, else the case itself. No judge says what failed."""
    found = {}
    for row in rows:
        value = _worst(metric) if row.error and not metric.judged else row.values.get(metric.name)
        if value is not None:
            found[row.id] = (value, row.creator or row.id)
    return found


def _worst(metric: Metric | Figure) -> float | None:
    return {1: 0.0, -1: 1.0}.get(metric.better)


def _figure(metric: Metric, rows: Sequence[Row], model: str, *, is_model: bool) -> Figure:
    about: dict[str, Any] = {
        "name": metric.name, "says": metric.says, "better": metric.better, "hard": metric.hard, "exact": metric.exact,
        "judged": metric.judged, "model": model,
    }  # fmt: skip
    if metric.needs_model and not is_model:
        return Figure(**about, not_measured=NO_MODEL)
    found = values_of(metric, rows)
    if not found:
        return Figure(**about, not_measured=_why_none(metric, rows))
    values, clusters = zip(*found.values(), strict=True)
    told = share(values, clusters)
    return Figure(**about, mean=told.mean, low=told.low, high=told.high, n=told.n)


def _why_none(metric: Metric, rows: Sequence[Row]) -> str:
    if not metric.judged:
        return NO_CASE
    rubric = metric.name.removesuffix("_steady").removesuffix("_agrees")
    heard = [row.values[rubric] for row in rows if rubric in row.values]
    if heard and all(value is None for value in heard):
        return NO_ANSWER
    if metric.name.endswith("_agrees"):
        return NO_LABEL
    return NO_CASE if heard else NO_JUDGE
