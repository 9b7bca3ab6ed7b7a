"""Figures and differences in the terminal."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evals.harness.records import CandidateRecord, Figure, RunRecord
from evals.report.comparing import Comparison, GateResult

if TYPE_CHECKING:
    from rich.text import Text

BAR, NAME = 12, 18  # characters
_NOTES = {1: "", -1: "less is better", 0: "told only"}
_MARKS = {"better": ("↑ better", "green"), "worse": ("↓ worse", "red"), "changed": ("↕ changed", "yellow")}

NOTHING_SHARED = "Nothing could be compared: no figure was measured on a case that both have."


def show_run(console: Any, run: RunRecord, place: str, compared: Sequence[Comparison] = ()) -> None:
    """Print a table for each candidate, what changed, then where the rest is."""
    for candidate in run.candidates:
        _show_candidate(console, candidate)
    for told in compared:
        console.print()
        show_comparison(console, told)
    console.print(f"{run.seconds:.0f} s. The page: {place}/report.html", markup=False, soft_wrap=True)
    logs = f"Each case as it ran: inspect view --log-dir {shlex.quote(f'{place}/logs')}"
    console.print(logs, markup=False, style="bright_black", soft_wrap=True)  # in one line, to be copied


def _show_candidate(console: Any, candidate: CandidateRecord) -> None:
    """Print a block for each task, narrow enough for 80 columns; what a figure says in full stands on the page."""
    from rich.text import Text

    console.print(Text(f"{candidate.label} · model: {candidate.model}", style="bold"))
    for task in candidate.tasks:
        counted = f"{task.cases} of {task.size} cases" if task.cases else "not run"
        console.print(Text.assemble("\n", (task.name, "bold"), (f"  {task.says} ({counted})", "bright_black")))
        unmeasured: dict[str, list[str]] = {}
        for figure in task.figures:
            if figure.mean is None:
                unmeasured.setdefault(figure.not_measured, []).append(figure.name)
            else:
                console.print(_line(figure), no_wrap=True, overflow="ellipsis")
        for why, names in unmeasured.items():
            console.print(Text(f"  not measured: {', '.join(names)} ({why})", style="bright_black"))
        if failed := [row for row in task.rows if row.error]:
            console.print(
                Text(f"  ✖ failed, counted as the worst: {len(failed)}; {failed[0].id}: {failed[0].error}", style="red")
            )
    console.print(Text(f"\n{_cost(candidate)}", style="bright_black"))


def _line(figure: Figure) -> "Text":
    from rich.text import Text

    mean, low, high = figure.mean or 0.0, figure.low or 0.0, figure.high or 0.0
    note = "a promise, broken" if figure.broken else _NOTES[figure.better] if not figure.hard else "a promise"
    filled = min(BAR, max(0, round(mean * BAR)))
    return Text.assemble(
        f"  {figure.name:<{NAME}} ",
        ("█" * filled, "red" if figure.broken else "green"), ("·" * (BAR - filled), "bright_black"),
        (f"  {mean:.3f}", "red bold" if figure.broken else "bold"), f"  {low:.3f}–{high:.3f}  n {figure.n:<4}",
        (f" {note}", "red" if figure.broken else "bright_black"),
    )  # fmt: skip


def _cost(candidate: CandidateRecord) -> str:
    rows = [row for task in candidate.tasks for row in task.rows]
    calls, kept = sum(row.model_calls for row in rows), sum(row.kept for row in rows)
    costs = [row.cost for row in rows]
    cost = "not known" if None in costs else f"{sum(each or 0 for each in costs):.4f}"
    tokens = sum(row.input_tokens + row.output_tokens for row in rows)
    return f"{len(rows)} cases ({kept} from earlier runs), {calls} model calls, {tokens} tokens, cost {cost}"


def show_comparison(console: Any, told: Comparison) -> None:
    """Print what changed; figures without a shown difference are counted, not listed."""
    from rich.text import Text

    console.print(f"{told.old} → {told.new}", markup=False, style="bold")
    shown = [each for each in told.differences if each.verdict in _MARKS]
    for each in shown:
        mark, style = _MARKS[each.verdict]
        moved = f"{each.old:.3f} → {each.new:.3f}, {each.mean:+.3f} ({each.low:+.3f} to {each.high:+.3f})"
        console.print(Text(f"  {mark:<9}  {each.task}/{each.figure}", style=style))
        console.print(Text(f"             {moved} over {each.n} cases"))
    quiet = len(told.differences) - len(shown)
    console.print(f"{quiet} figures show no difference." if told.differences else NOTHING_SHARED, markup=False)
    if told.apart:
        console.print(f"On no case that both have: {', '.join(told.apart)}", markup=False)
    if told.only_old or told.only_new:
        console.print(f"In one run alone: {', '.join((*told.only_old, *told.only_new))}", markup=False)


def show_gate(console: Any, told: GateResult) -> None:
    """Print whether it passed, and each reason why not."""
    show_comparison(console, told.comparison)
    for reason in told.reasons:
        console.print(f"✖ {reason}", markup=False, style="red")
    console.print("✔ nothing got worse" if told.passed else "✖ the gate is shut", markup=False)
