"""`greenroom eval`: run tasks, shut the gate. `greenroom eval --quick` runs; the other words do the rest."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from app.cli.door import Door, command

if TYPE_CHECKING:
    from evals.harness.candidate import Candidate
    from evals.harness.judging import Judge
    from evals.harness.records import RunRecord
    from evals.harness.running import Wanted

RUNS = "evals"
"""Where runs are kept in a home: `evals/runs/ID`; what was paid for before in `evals/kept`."""

_HELP = """Measure what the product makes of many cases: TASKs by name, all of them without.

greenroom eval --quick: offline, some minutes. `greenroom eval list` names the tasks; docs/evals.md says what the
figures mean, and how to add a case."""

Names = Annotated[list[str] | None, typer.Argument(metavar="[TASK]...", help="Which tasks; all of them without.")]
Quick = Annotated[bool, typer.Option("--quick", help="A fixed part of each dataset: some minutes on two cores.")]
Models = Annotated[
    str, typer.Option("--models", help="Endpoints, comma-separated (greenroom models list), or rehearsal.")
]
Without = Annotated[
    str, typer.Option("--without", help="Leave a part out, to see its worth: memory, voice, checks, revision.")
]
Prompts = Annotated[
    Path | None,
    typer.Option("--prompts", help="A folder with prompts of your own; the others stay.", exists=True, file_okay=False),
]
Cases = Annotated[
    Path | None,
    typer.Option(
        "--cases",
        help="A folder with cases of your own, in files named as in evals/datasets: all of them are run too.",
        exists=True,
        file_okay=False,
    ),
]
Split = Annotated[str, typer.Option("--split", help="all, train or held-out.")]
Limit = Annotated[
    int | None,
    typer.Option("--limit", min=0, help="At most so many of our cases a task, from everywhere; 0: only --cases."),
]
AtOnce = Annotated[int, typer.Option("--at-once", min=1, max=40, help="Cases at once, for a model behind a server.")]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Take nothing from earlier runs, and keep nothing for later.")
]
JudgeName = Annotated[str | None, typer.Option("--judge", help="An endpoint that judges drafts by the rubrics.")]
Rubrics = Annotated[
    Path | None,
    typer.Option("--rubrics", help="A folder with rubrics of your own, for the judge.", exists=True, file_okay=False),
]
Labels = Annotated[
    Path | None, typer.Option("--labels", help="A person's choices for cases: how often the judge agrees.", exists=True)
]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", help="A run to hold it against; the gate takes ours without.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Where the run is written; else in the home.")]


class RunByDefault(TyperGroup):
    """A group whose own words are commands, and anything else is a run: `eval briefs`, `eval --quick`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `run` before what names no command."""
        if args[:1] != ["--help"] and (not args or args[0] not in self.commands):
            args = ["run", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the `eval` group."""
    from evals import eval_more_commands

    group = typer.Typer(cls=RunByDefault, help=_HELP)
    _run(group)
    _gate(group)
    eval_more_commands.register(group)
    app.add_typer(group, name="eval")


def _run(group: typer.Typer) -> None:
    @command(group, "run", example="greenroom eval briefs voice --models rehearsal,gpt --without memory")
    def run(
        door: Door,
        names: Names = None,
        quick: Quick = False,
        models: Models = "rehearsal",
        without: Without = "",
        prompts: Prompts = None,
        cases: Cases = None,
        split: Split = "all",
        limit: Limit = None,
        at_once: AtOnce = 4,
        no_cache: NoCache = False,
        judge: JudgeName = None,
        rubrics: Rubrics = None,
        labels: Labels = None,
        baseline: Baseline = None,
        out: Out = None,
    ) -> None:
        """Run tasks and write a report; `run` may be left out: greenroom eval --quick."""
        from evals.harness.records import load
        from evals.report.page import changes, write_page
        from evals.report.table import show_run

        before = load(baseline) if baseline else None  # wrong here is better said before an hour's run than after it

        wanted = wish(door, names, quick, cases, split, limit, at_once, no_cache)
        asked = _judge(door, judge, rubrics, labels, wanted)
        record, place = performed(door, candidates(door, models, prompts, without), wanted, out, judge=asked)
        if before:
            write_page(record, place, baseline=before)
        compared = changes(record, before)
        shown = {**told(record, place), "changes": [each.model_dump(mode="json") for each in compared]}
        door.answer(shown, lambda console: show_run(console, record, str(place), compared))


def _gate(group: typer.Typer) -> None:
    @command(group, "gate", example="greenroom eval gate --baseline evals/baseline/quick.json")
    def gate(
        door: Door,
        names: Names = None,
        baseline: Baseline = None,
        run: Annotated[Path | None, typer.Option("--run", help="A run that is there; else one is made now.")] = None,
        models: Models = "rehearsal",
        without: Without = "",
        prompts: Prompts = None,
        cases: Cases = None,
        no_cache: NoCache = False,
        out: Out = None,
    ) -> None:
        """Fail (exit 1) where a promise is broken, a figure surely worse than the baseline's, or a case missing."""
        from evals.harness.records import load
        from evals.report.comparing import gate as judged
        from evals.report.page import write_page
        from evals.report.table import show_gate

        before = load(baseline or Path(__file__).parent / "baseline" / "quick.json")
        chosen = _held(before, names)
        place = run
        if run is None:
            wanted = wish(door, list(chosen), before.quick, cases, before.split, before.limit, 4, no_cache)
            record, place = performed(door, candidates(door, models, prompts, without), wanted, out)
            write_page(record, place, baseline=before)
        else:
            record = load(run)
        result = judged(before.first(), record.first(), tasks=chosen)
        door.answer(
            {"passed": result.passed, "reasons": list(result.reasons), "run": str(place),
             "differences": [each.model_dump(mode="json") for each in result.comparison.differences]},
            lambda console: show_gate(console, result),
        )  # fmt: skip
        if not result.passed:
            raise typer.Exit(1)


def _held(before: "RunRecord", names: list[str] | None) -> tuple[str, ...]:
    """Return the tasks to be gated. Raises BadInput for one without a baseline: it would pass, whatever it came to."""
    from core.errors import BadInput

    held = tuple(each.name for each in before.first().tasks if each.cases)
    if not held:
        raise BadInput("The baseline does not hold any case.", "Make another one: greenroom eval baseline RUN FILE")
    if unknown := [name for name in names or () if name not in held]:
        raise BadInput(f"The baseline does not hold the task {unknown[0]!r}.", f"It holds: {', '.join(held)}.")
    return tuple(dict.fromkeys(names or held))


def wish(
    door: Door, names: list[str] | None, quick: bool, cases: Path | None, split: str, limit: int | None, at_once: int,
    no_cache: bool,
) -> "Wanted":  # fmt: skip
    """Return what is to be run. Raises WrongUse for a split that is none."""
    from core.errors import WrongUse
    from evals.harness.running import Wanted

    if split not in ("all", "train", "held-out"):
        raise WrongUse(f"--split {split!r} is none.", "There are: all, train, held-out.")
    kept = None if no_cache else door.settings.home / RUNS / "kept"
    return Wanted(
        tasks=tuple(names or ()), quick=quick, split=split, own=cases, limit=limit, at_once=at_once, cache=kept
    )


def _judge(door: Door, name: str | None, own: Path | None, labels: Path | None, wanted: "Wanted") -> "Judge | None":
    from core.errors import WrongUse
    from evals.harness.judging import open_judge, rubrics, with_own
    from evals.tasks import tasks

    if name is None:
        if labels is not None:
            raise WrongUse("--labels are held against a judge's choices.", "Name one with --judge.")
        if own is not None:
            raise WrongUse("--rubrics are for a judge.", "Name one with --judge.")
        return None
    known = with_own(rubrics(), own, tasks()) if own else rubrics()
    return open_judge(door.settings, name, wanted.cache, known=known, labels=labels)


def candidates(door: Door, models: str, prompts: Path | None, without: str) -> "list[Candidate]":
    """Return one candidate a model, and for one that leaves something out the whole product before it.

    Raises WrongUse where none of them would read the prompts.
    """
    from core.errors import WrongUse
    from evals.harness.candidate import candidate

    names = [name.strip() for name in models.split(",") if name.strip()] or ["rehearsal"]
    parts = tuple(dict.fromkeys(part.strip() for part in without.split(",") if part.strip()))
    whole = [candidate(door.settings, name, own=prompts) for name in dict.fromkeys(names)]
    if prompts and not any(each.config for each in whole):
        raise WrongUse("The rehearsal model reads no prompt.", "Name an endpoint with --models: greenroom models list")
    if not parts:
        return whole
    less = [
        candidate(door.settings, name, own=prompts, without=(part,)) for name in dict.fromkeys(names) for part in parts
    ]
    return [*whole, *less]


def performed(
    door: Door, chosen: "list[Candidate]", wanted: "Wanted", out: Path | None, *, judge: "Judge | None" = None
) -> "tuple[RunRecord, Path]":
    """Run the candidates; return the record and where it is."""
    from app.cli.progress import progress
    from evals.harness.evaluating import evaluate
    from evals.tasks import tasks

    runs = door.settings.home / RUNS / "runs"
    with progress() as tell_progress:
        record = evaluate(chosen, tasks(), wanted, out, runs=None if out else runs, judge=judge, progress=tell_progress)
    return record, out or runs / record.id


def told(record: "RunRecord", place: Path) -> dict[str, Any]:
    """Return the object that a run prints: figures, not cases; those stand in run.json."""
    return {
        "run": record.id,
        "place": str(place),
        "report": str(place / "report.html"),
        "seconds": record.seconds,
        "candidates": [
            {
                "label": each.label,
                "model": each.model,
                "tasks": {
                    task.name: {
                        "cases": task.cases,
                        "failed": sum(bool(row.error) for row in task.rows),
                        "figures": {figure.name: figure.model_dump(mode="json") for figure in task.figures},
                    }
                    for task in each.tasks
                },
            }
            for each in record.candidates
        ],
    }
