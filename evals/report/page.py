"""The report as one HTML file that needs nothing else: figures, worst examples side by side, cost, the comparison."""

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import unseen
from evals.harness.kept import write_asked, write_whole
from evals.harness.records import CandidateRecord, Figure, Row, RunRecord, TaskRecord
from evals.report import plots
from evals.report.comparing import Comparison, compare, named
from evals.report.table import NOTHING_SHARED

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE, HISTORY = "report.html", "history.html"
PLAIN = "\n\t\u200c\u200d"  # the latter two are spelling in Persian and in emoji
WORST = 3
FARTHEST = 5


def write_page(run: RunRecord, folder: Path, *, baseline: RunRecord | None = None) -> Path:
    """Write the page of a run beside its record."""
    path = folder / PAGE
    compared = changes(run, baseline)
    page = _environment().get_template("page.html.j2").render(run=run, compared=compared, css=_css())
    write_whole(path, page)
    return path


def write_history(runs: list[RunRecord], path: Path) -> Path:
    """Write how each figure went over runs, oldest first; candidates of other names are other lines."""
    groups: dict[str, dict[str, list[tuple[str, Figure]]]] = {}
    for run in sorted(runs, key=lambda each: each.at):
        for candidate in run.candidates:
            for task in candidate.tasks:
                for figure in task.figures:
                    key = f"{task.name}: {figure.says}"
                    groups.setdefault(named(candidate), {}).setdefault(key, []).append(
                        (f"{run.at:%Y-%m-%d %H:%M}", figure)
                    )
    page = _environment().get_template("history.html.j2").render(groups=groups, runs=runs, css=_css())
    write_asked(path, page)
    return path


def shown(text: str) -> str:
    """Return a text in which what no reader sees is named: attacks hide in it, and turn the words around them."""
    return unseen.named(text.replace("\r\n", "\n"), PLAIN)


def worst(task: TaskRecord) -> list[tuple[Row, str]]:
    """Return the cases that went worst, with the figures that say so; those without a fault are none."""
    better = {each.name: each.better for each in task.figures}
    found = []
    for row in task.rows:
        low = [
            name
            for name, value in row.values.items()
            if value is not None and better.get(name) and (value < 0.5 if better[name] > 0 else value >= 0.5)
        ]
        if row.error or low:
            found.append((row, "it failed" if row.error else ", ".join(low)))
    found.sort(key=lambda pair: (not pair[0].error, -len(pair[1].split(",")), pair[0].id))
    return found[:WORST]


def changes(run: RunRecord, baseline: RunRecord | None) -> list[Comparison]:
    """Return what changed from a baseline to the first candidate, and from that to each other one."""
    first = run.first()
    found = [compare(baseline.first(), first)] if baseline else []
    if baseline and found[0].old == found[0].new:
        found = [
            found[0].model_copy(update={"old": f"{found[0].old} of {baseline.at:%-d %B, %H:%M}", "new": "this run"})
        ]
    return found + [compare(first, each) for each in run.candidates[1:]]


def _total(candidate: Any) -> dict[str, Any]:
    rows = [row for task in candidate.tasks for row in task.rows]
    costs = [row.cost for row in rows]
    return {
        "cases": len(rows),
        "kept": sum(row.kept for row in rows),
        "failed": sum(bool(row.error) for row in rows),
        "calls": sum(row.model_calls for row in rows),
        "tokens": sum(row.input_tokens + row.output_tokens for row in rows),
        "cost": None if None in costs else sum(each or 0 for each in costs),
        "seconds": sum(row.seconds for row in rows),
    }


def _in_short(candidate: CandidateRecord) -> dict[str, Any]:
    """Return what a hurried reader wants: whether the promises held, and which figures are farthest from the best."""
    figures = [(task, each) for task in candidate.tasks for each in task.figures if each.mean is not None]
    far = [(task, each) for task, each in figures if each.better and not each.hard and _lacks(each) > 0]
    far.sort(key=lambda pair: (-_lacks(pair[1]), pair[0].name, pair[1].name))
    return {
        "promises": sum(each.hard for _, each in figures),
        "broken": [f"{task.name}/{each.name}" for task, each in figures if each.broken],
        "farthest": far[:FARTHEST],
    }


def _lacks(figure: Figure) -> float:
    mean = figure.mean or 0.0
    return 1 - mean if figure.better > 0 else mean


def _latency(ran: TaskRecord | CandidateRecord) -> str:
    tasks = ran.tasks if isinstance(ran, CandidateRecord) else (ran,)
    times = sorted(row.seconds for task in tasks for row in task.rows if not row.error)
    if not times:
        return "–"
    late = times[min(len(times) - 1, int(len(times) * 0.95))]
    return f"{times[len(times) // 2]:.2f} s at the median, {late:.2f} s at p95"


def _css() -> str:
    return resources.files("evals.report").joinpath("page.css").read_text(encoding="utf-8")


def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("evals.report", ""), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters["shown"] = shown
    made.globals.update(
        bar=plots.bar,
        line=plots.line,
        worst=worst,
        total=_total,
        in_short=_in_short,
        latency=_latency,
        named=named,
        nothing_shared=NOTHING_SHARED,
    )
    return made
