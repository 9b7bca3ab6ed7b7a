"""Runs tasks as Inspect tasks: a dataset, a solver that lets the product do it, a scorer; then reads the logs back."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.base import Noun
from core.errors import BadInput, GreenroomError
from evals.harness.asking import SILENT
from evals.harness.candidate import REHEARSAL, Candidate
from evals.harness.cards import Card, Case
from evals.harness.figures import figures_of
from evals.harness.kept import KeptAnswers, KeptOutcomes
from evals.harness.performing import performed, whole
from evals.harness.records import CandidateRecord, Row, TaskRecord
from evals.harness.rooms import room
from evals.harness.stage import Stage
from evals.harness.task import Outcome, Task, spread
from evals.harness.workers import Workers, processes
from models.errors import Unavailable

if TYPE_CHECKING:
    from evals.harness.judging import Judge

MISSING = "`greenroom eval` needs Inspect, which is not installed here."
HOW = "Install it with: pip install 'greenroom[evals]'  (in a checkout: make install)"
NO_CASES = (
    "`--limit 0` leaves ours out, `--split` a part; your own stand in the folder of `--cases`, in the file of a task "
    "that you name."
)
ERROR = "The product failed on this case"
UNANSWERED = "The endpoint gave no answer"
GIVEN_UP = 8
"""Cases in a row without an answer, after which the others of a candidate are not asked: nobody is there."""

Progress = Callable[[str, int, int], None]


class Wanted(Noun):
    """What is to be run, whatever the candidate. `own`: a folder with cases of one's own, which are always run."""

    tasks: tuple[str, ...]
    quick: bool = False
    split: str = "all"
    own: Path | None = None
    limit: int | None = None
    at_once: int = 4  # cases that wait for a model's server
    processes: int | None = None  # for the rehearsal model; None: as many as are worth it
    cache: Path | None = None  # None: nothing is taken from earlier runs


def chosen(tasks: "dict[str, Task[Any]]", wanted: Wanted) -> "list[tuple[Task[Any], Card, int, list[Case]]]":
    """Return the tasks with their cards, the size of their datasets and the cases of this run."""
    if unknown := [name for name in wanted.tasks if name not in tasks]:
        raise BadInput(f"There is no task called {unknown[0]!r}.", f"There are: {', '.join(tasks)}.")
    if wanted.own is not None:
        _known_files(wanted.own, tasks)
    found = []
    for name in dict.fromkeys(wanted.tasks or tasks):
        task = tasks[name]
        card, cases = task.dataset()
        mine = task.own(wanted.own, beside=cases) if wanted.own else []
        ours, own = ([case for case in each if wanted.split in ("all", case.held)] for each in (cases, mine))
        ours = spread(task.few(ours) if wanted.quick else ours, wanted.limit)
        found.append((task, card, len(cases) + len(mine), [*ours, *own]))
    if not any(each[3] for each in found):
        raise BadInput("There is no case to run.", NO_CASES)
    return found


def _known_files(folder: Path, tasks: "dict[str, Task[Any]]") -> None:
    """Raise BadInput for a file of cases that no task would read: its cases would be missing, and nobody would know."""
    known = sorted({each.file for each in tasks.values()})
    files = sorted(folder.glob("*.y*ml"))
    if not files:
        raise BadInput(f"{folder} holds no file with cases.", f"It is called as its task's: {', '.join(known)}.")
    for path in files:
        if path.name not in known:
            raise BadInput(f"{path}: no task reads a file of this name.", f"There are: {', '.join(known)}.")


def run(
    candidate: Candidate,
    todo: "list[tuple[Task[Any], Card, int, list[Case]]]",
    wanted: Wanted,
    logs: Path,
    *,
    judge: "Judge | None" = None,
    progress: Progress | None = None,
) -> CandidateRecord:
    """Return what a candidate did with what was `chosen`. Inspect's logs stay in `logs`, one a task, for its viewer."""
    import prompts

    answers = KeptAnswers(wanted.cache / "answers") if wanted.cache else None
    with room() as folder:
        stage = Stage(candidate, folder, kept=answers)
        doing = _Doing(candidate, stage, KeptOutcomes(wanted.cache / "outcomes") if wanted.cache else None, judge)
        doing.tell, doing.all = progress or (lambda _what, _done, _total: None), sum(len(each[3]) for each in todo)
        doing.workers = _workers(candidate, wanted, doing.all, folder)
        try:
            with candidate.words():
                made = tuple(_inspected(doing, todo, logs, wanted.at_once))  # here, while the words and the stage last
                versions = {
                    name: prompts.version(name) for name in ("house", "draft", "plan", "revise", "localize", "chat")
                }
        finally:
            if doing.workers:
                doing.workers.close()
            stage.close()
    return CandidateRecord(
        label=candidate.label, endpoint=candidate.endpoint, model=candidate.model, without=candidate.without,
        prompts=str(candidate.prompts or ""), prompt_versions=versions, judge=judge.model if judge else "",
        tasks=made,
    )  # fmt: skip


def _workers(candidate: Candidate, wanted: Wanted, cases: int, folder: Path) -> Workers | None:
    """Return processes where cases keep a core busy and there are enough of them; a model's cases wait in threads."""
    count = wanted.processes or processes(cases)
    return Workers(count, candidate, folder) if candidate.config is None and count > 1 else None


class _Doing:
    """What solvers and scorers of one candidate share."""

    def __init__(self, candidate: Candidate, stage: Stage, kept: KeptOutcomes | None, judge: "Judge | None") -> None:
        self.candidate, self.stage, self.kept, self.judge = candidate, stage, kept, judge
        self.tell: Progress = lambda _what, _done, _total: None
        self.done = self.all = self.silent = 0
        self.workers: Workers | None = None
        self.unanswered = set[tuple[str, str]]()  # task and case that the endpoint left without an answer

    def outcome(self, task: "Task[Any]", case: Case) -> tuple[Outcome, bool]:
        """Return what the product makes of a case, and whether an earlier run had done it.

        Raises what the product raises. Half of a pair in its words would end Inspect's run for all cases after it.
        """
        try:
            return self._outcome(task, case)
        except Exception as error:
            if (words := whole(str(error))) != str(error):
                raise GreenroomError(words) from None
            raise

    def _outcome(self, task: "Task[Any]", case: Case) -> tuple[Outcome, bool]:
        key = f"{task.name}|{case.model_dump_json()}|{self.candidate.identity}"
        if self.kept is not None and (there := self.kept.find(key)) is not None:
            return there, True
        made = self.workers.perform(task, case) if self.workers else self._asked(task, case)
        if self.kept is not None:
            self.kept.keep(key, made)
        return made, False

    def _asked(self, task: "Task[Any]", case: Case) -> Outcome:
        """Return what comes of a case; an endpoint that left several in a row unanswered is not waited for again."""
        if self.silent >= GIVEN_UP:
            self.unanswered.add((task.name, case.id))
            raise Unavailable(f"Not asked, as the endpoint left {GIVEN_UP} cases in a row without an answer.")
        try:
            made = performed(task, self.stage, case)
        except SILENT:
            self.silent += 1
            self.unanswered.add((task.name, case.id))
            raise
        if made.model_calls:
            self.silent = 0
        return made

    def told(self, task: "Task[Any]") -> None:
        """Say how far it is."""
        self.done += 1
        self.tell(task.name, self.done, self.all)


def _inspected(doing: _Doing, todo: Sequence[Any], logs: Path, at_once: int) -> Iterator[TaskRecord]:
    from evals.harness.judging import unasked

    inspect = with_inspect()
    made = [_task(inspect, doing, task, cases) for task, _, _, cases in todo if cases and _is_measured(doing, task)]
    if doing.candidate.config is None:  # the rehearsal model waits for no server: it fills a core
        at_once = doing.workers.count if doing.workers else 1
    with _quietly():
        ran = inspect.eval(
            made, model="none/none", log_dir=str(logs), display="none", max_samples=at_once, max_tasks=1,
            fail_on_error=False, log_format="eval", score_display=False, log_level="error",
            log_realtime=False, ctl_server=False,  # texts stay in the run's folder, and nobody steers it by a socket
        ) if made else []  # fmt: skip
    if len(ran) < len(made) or any(log.status == "cancelled" for log in ran):
        raise KeyboardInterrupt  # Inspect takes it for its own: half a run would be written as if it were one
    read = {log.eval.task: log for log in ran}
    for task, card, size, cases in todo:
        log = read.get(task.name)
        rows = tuple(_rows(task, cases, log, doing.unanswered)) if log is not None else ()
        model = getattr(task, "scripted", doing.candidate.model)
        judged = doing.judge.metrics(task) if doing.judge is not None else unasked(task)
        yield TaskRecord(
            name=task.name, says=task.says, limits=task.limits, card=card, size=size, cases=len(rows),
            figures=figures_of((*task.metrics, *judged), rows, model, is_model=doing.candidate.is_model),
            rows=rows, log=Path(log.location).name if log is not None else "",
        )  # fmt: skip


def _is_measured(doing: _Doing, task: "Task[Any]") -> bool:
    return doing.candidate.is_model or not task.needs_model


def _task(inspect: Any, doing: _Doing, task: "Task[Any]", cases: list[Any]) -> Any:
    """Return an Inspect task: its samples carry the whole case, so that its viewer shows what was asked."""
    from inspect_ai.dataset import MemoryDataset, Sample

    by_id = {case.id: case for case in cases}
    samples = [
        Sample(
            id=case.id, input=task.asked(case) or case.id, target="",
            metadata={"split": case.held, "creator": case.creator, "case": case.model_dump(mode="json")},
        )
        for case in cases
    ]  # fmt: skip
    return inspect.Task(
        name=task.name, dataset=MemoryDataset(samples, name=task.name), solver=_solver(doing, task, by_id),
        scorer=_scorer(doing, task, by_id), metadata={"candidate": doing.candidate.label, "says": task.says},
    )  # fmt: skip


def _solver(doing: _Doing, task: "Task[Any]", by_id: dict[str, Any]) -> Any:
    import anyio.to_thread
    from inspect_ai.solver import solver

    @solver(name="greenroom")  # type: ignore[untyped-decorator]
    def through_the_product() -> Any:
        async def solve(state: Any, generate: Any) -> Any:  # noqa: ARG001 - the form that Inspect calls
            case = by_id[str(state.sample_id)]
            outcome, kept = await anyio.to_thread.run_sync(partial(doing.outcome, task, case))
            state.metadata["outcome"] = outcome.model_dump(mode="json")
            state.metadata["kept"] = kept
            state.output.completion = json.dumps(outcome.got, ensure_ascii=False, indent=1)
            state.completed = True
            doing.told(task)
            return state

        return solve

    return through_the_product()


def _scorer(doing: _Doing, task: "Task[Any]", by_id: dict[str, Any]) -> Any:
    import anyio.to_thread
    from inspect_ai.scorer import Score, mean, scorer

    @scorer(metrics={"*": [mean()]}, name=f"{task.name}_scored")  # type: ignore[untyped-decorator]
    def measured() -> Any:
        async def score(state: Any, target: Any) -> Any:  # noqa: ARG001 - the form that Inspect calls
            case, outcome = by_id[str(state.sample_id)], Outcome.model_validate(state.metadata["outcome"])
            scored = task.score(case, outcome.got)
            if doing.judge is not None and scored.got:
                judged = await anyio.to_thread.run_sync(partial(doing.judge.of, task, case, scored))
                scored.values.update(judged)
            if wrong := [name for name, value in scored.values.items() if value is not None and not isfinite(value)]:
                raise ValueError(f"{wrong[0]} came to no number: a figure that was not measured is None")
            values = {name: float("nan") if value is None else value for name, value in scored.values.items()}
            told = {"expected": scored.expected, "got": scored.got, "why": scored.why, "values": scored.values}
            return Score(value=values, answer=scored.got, explanation=scored.why or scored.expected, metadata=told)

        return score

    return measured()


def _rows(task: "Task[Any]", cases: list[Any], log: Any, unanswered: set[tuple[str, str]]) -> Iterator[Row]:
    """Yield what came of each case, in the dataset's order, from Inspect's own log."""
    samples = {str(each.id): each for each in log.samples or ()}
    if not samples:
        raise GreenroomError(f"{task.name} could not be run: {log.error.message if log.error else log.status}.", "")
    for case in cases:
        sample = samples.get(case.id)
        about = {"id": case.id, "split": case.held, "creator": case.creator, "asked": task.asked(case)}
        if sample is None or sample.error is not None or not sample.scores:
            why = sample.error.message if sample is not None and sample.error else "it was not run"
            yield Row(**about, error=f"{UNANSWERED if (task.name, case.id) in unanswered else ERROR}: {why}")
            continue
        told = next(iter(sample.scores.values())).metadata
        outcome = Outcome.model_validate(sample.metadata["outcome"])
        spent = outcome.model_dump(exclude={"got"})
        yield Row(**about, **spent, kept=sample.metadata["kept"], **told)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the product's warnings of its own fakes out of the terminal; they stand in Inspect's logs."""
    import logging

    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def with_inspect() -> Any:
    """Return Inspect. Raises BadInput where it is not installed."""
    try:
        import inspect_ai
    except ImportError:
        raise BadInput(MISSING, HOW) from None
    return inspect_ai


__all__ = ["REHEARSAL", "Wanted", "chosen", "run", "with_inspect"]
