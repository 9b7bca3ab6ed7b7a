"""The rest of `greenroom eval`: list, compare, baseline, history, live."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.door import Door, command
from core.errors import BadInput


def register(group: typer.Typer) -> None:
    """Add them to the group."""
    _list(group)
    _compare(group)
    _baseline(group)
    _history(group)
    _live(group)


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom eval list")
    def tasks_(door: Door) -> None:
        """Name every task: its dataset, its cases, what it measures."""
        from evals.tasks import tasks

        rows = []
        for name, task in tasks().items():
            card, cases = task.dataset()
            held = sum(case.held == "held-out" for case in cases)
            rows.append(
                {"task": name, "says": task.says, "cases": len(cases), "held_out": held,
                 "needs_model": task.needs_model, "card": card.model_dump(),
                 "figures": {each.name: each.says for each in task.metrics}}
            )  # fmt: skip

        def show(console: Any) -> None:
            from rich.padding import Padding
            from rich.text import Text

            for row in rows:
                needs = ", needs a language model" if row["needs_model"] else ""
                console.print(Text(row["task"], style="bold"))
                console.print(Padding(Text(row["says"]), (0, 0, 0, 2)))
                counted = f"  {row['cases']} cases, {row['held_out']} held out{needs}"
                console.print(counted, markup=False, style="bright_black")

        door.answer({"tasks": rows}, show)


def _compare(group: typer.Typer) -> None:
    @command(group, "compare", example="greenroom eval compare before/ after/")
    def compare(
        door: Door,
        old: Annotated[Path, typer.Argument(help="A run: its folder or its run.json.")],
        new: Annotated[Path, typer.Argument(help="Another one, or the same for two of its candidates.")],
        old_candidate: Annotated[str | None, typer.Option("--old", help="Which candidate; else the first.")] = None,
        new_candidate: Annotated[str | None, typer.Option("--new", help="Which candidate; else the first.")] = None,
    ) -> None:
        """Compare two runs case by case; a verdict stands only where the 95 % interval excludes zero."""
        from evals.harness.records import load
        from evals.report.comparing import compare as compared
        from evals.report.comparing import only
        from evals.report.table import show_comparison

        found = compared(only(load(old), old_candidate), only(load(new), new_candidate))
        door.answer(found.model_dump(mode="json"), lambda console: show_comparison(console, found))


def _baseline(group: typer.Typer) -> None:
    @command(group, "baseline", example="greenroom eval baseline RUN quick.json")
    def baseline(
        door: Door,
        run: Annotated[Path, typer.Argument(help="A run: its folder or its run.json.")],
        file: Annotated[Path, typer.Argument(help="The file to write: values without texts, small enough to commit.")],
    ) -> None:
        """Keep a run as what later ones are held against."""
        from evals.harness.kept import write_asked
        from evals.harness.records import load, slimmed

        record = load(run)
        if failed := [row.id for task in record.first().tasks for row in task.rows if row.error]:
            raise BadInput(
                f"Cases failed in this run: {', '.join(failed[:5])}.", "Mend them first: failures are no baseline."
            )
        write_asked(file, slimmed(record).model_dump_json() + "\n")
        cases = sum(task.cases for task in record.first().tasks)
        door.answer(
            {"file": str(file), "run": record.id, "cases": cases},
            lambda console: console.print(f"{file}: {cases} cases of run {record.id}", markup=False),
        )


def _history(group: typer.Typer) -> None:
    @command(group, "history", example="greenroom eval history")
    def history(
        door: Door,
        folder: Annotated[Path | None, typer.Argument(help="A folder of runs; else those of the home.")] = None,
        file: Annotated[Path | None, typer.Option("--out", help="The page to write; else beside the runs.")] = None,
    ) -> None:
        """Draw each figure over all runs as one page."""
        from evals.eval_commands import RUNS
        from evals.harness.records import FILE, load
        from evals.report.page import HISTORY, write_history

        where = folder or door.settings.home / RUNS / "runs"
        runs, unread = [], list[str]()
        for path in sorted(where.glob(f"*/{FILE}")):
            try:
                runs.append(load(path))
            except BadInput as error:  # one that an older version wrote keeps nobody from the others
                unread.append(error.message)
        if not runs:
            raise BadInput(
                " ".join([f"{where} holds no folder of a run that can be read.", *unread]),
                "Make one with: greenroom eval --quick; or name the folder that holds the runs' folders.",
            )
        page = write_history(runs, file or where / HISTORY)
        door.answer(
            {"page": str(page), "runs": [run.id for run in runs], "unread": unread},
            lambda console: console.print(
                "\n".join([f"{len(runs)} runs: {page}", *unread]), markup=False, soft_wrap=True
            ),
        )


def _live(group: typer.Typer) -> None:
    @command(group, "live", example="greenroom eval live --since 2026-10-01")
    def live(
        door: Door,
        since: Annotated[str | None, typer.Option("--since", help="A day: 2026-10-01.")] = None,
    ) -> None:
        """Say how people decided on drafts, by model and prompts: approved as they are, edited, sent back, rejected."""
        from evals.live import report, show

        found = report(door.studio, since)
        door.answer(found.model_dump(mode="json"), lambda console: show(console, found))
