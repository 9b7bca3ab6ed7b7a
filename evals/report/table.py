"""Figures and differences in the terminal."""

from typing import Any

from evals.harness.records import CandidateRecord, Figure, RunRecord
from evals.report.comparing import Comparison, GateResult

_MARKS = {"better": ("↑ better", "green"), "worse": ("↓ worse", "red"), "changed": ("↕ changed", "yellow")}


def show_run(console: Any, run: RunRecord, place: str) -> None:
    """Print a table for each candidate, then where the rest is."""
    for candidate in run.candidates:
        _show_candidate(console, candidate)
    console.print(f"{run.seconds:.0f} s. The page: {place}/report.html", markup=False)
    console.print(f"Each case as it ran: inspect view --log-dir {place}/logs", markup=False, style="bright_black")


def _show_candidate(console: Any, candidate: CandidateRecord) -> None:
    from rich.table import Table

    table = Table(title=f"{candidate.label} · model: {candidate.model}", title_justify="left", header_style="bold")
    for name, justify in (
        ("task", "left"),
        ("figure", "left"),
        ("", "right"),
        ("95 %", "left"),
        ("cases", "right"),
        ("what it says", "left"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for task in candidate.tasks:
        for at, figure in enumerate(task.figures):
            first = task.name if at == 0 else ""
            table.add_row(first, figure.name, *_told(figure), style="red" if figure.broken else None)
        failed = sum(bool(row.error) for row in task.rows)
        if failed:
            table.add_row("", "", "", "", str(failed), "cases failed; they count as the worst value", style="red")
        table.add_section()
    console.print(table)
    console.print(_cost(candidate), markup=False, style="bright_black")


def _told(figure: Figure) -> tuple[str, str, str, str]:
    if figure.mean is None:
        return "–", "", "", f"not measured: {figure.not_measured}"
    arrow = {1: "", -1: "less is better: ", 0: "told only: "}[figure.better]
    held = "a promise: " if figure.hard else arrow
    return f"{figure.mean:.3f}", f"{figure.low:.3f}–{figure.high:.3f}", str(figure.n), f"{held}{figure.says}"


def _cost(candidate: CandidateRecord) -> str:
    rows = [row for task in candidate.tasks for row in task.rows]
    calls, kept = sum(row.model_calls for row in rows), sum(row.kept for row in rows)
    costs = [row.cost for row in rows]
    cost = "not known" if None in costs else f"{sum(each or 0 for each in costs):.4f}"
    tokens = sum(row.input_tokens + row.output_tokens for row in rows)
    return f"{len(rows)} cases ({kept} from earlier runs), {calls} model calls, {tokens} tokens, cost {cost}"


def show_comparison(console: Any, told: Comparison) -> None:
    """Print what changed; figures without a shown difference are counted, not listed."""
    from rich.table import Table

    table = Table(title=f"{told.old} → {told.new}", title_justify="left", header_style="bold")
    for name in ("figure", "was", "is", "difference", "95 %", "cases", "verdict"):
        table.add_column(name, justify="left" if name in ("figure", "verdict") else "right")
    quiet = 0
    for each in told.differences:
        if each.verdict in ("same", "no difference shown"):
            quiet += 1
            continue
        mark, style = _MARKS[each.verdict]
        table.add_row(
            f"{each.task}/{each.figure}", f"{each.old:.3f}", f"{each.new:.3f}", f"{each.mean:+.3f}",
            f"{each.low:+.3f} to {each.high:+.3f}", str(each.n), mark, style=style,
        )  # fmt: skip
    if table.row_count:
        console.print(table)
    console.print(f"{quiet} figures show no difference.", markup=False)
    if told.only_old or told.only_new:
        console.print(f"In one run alone: {', '.join((*told.only_old, *told.only_new))}", markup=False)


def show_gate(console: Any, told: GateResult) -> None:
    """Print whether it passed, and each reason why not."""
    show_comparison(console, told.comparison)
    for reason in told.reasons:
        console.print(f"✖ {reason}", markup=False, style="red")
    console.print("✔ nothing got worse" if told.passed else "✖ the gate is shut", markup=False)
