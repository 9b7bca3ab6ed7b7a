"""What a task of the harness is: cases, what the product makes of each, and what is measured of that."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic

from core.base import Noun
from core.errors import BadInput
from evals.harness.cards import DATASETS, C, Card, Case, distinct, read_dataset
from evals.harness.creators import creators
from evals.harness.stage import Stage


@dataclass(frozen=True)
class Metric:
    """One figure of a task: the mean over its cases."""

    name: str
    says: str  # what a person reads of it
    better: int = 1  # 1: more is better, -1: less is better, 0: neither, it is only told
    hard: bool = False  # a promise: any case that breaks it fails the gate, whatever the mean
    exact: bool = False  # code alone decides a case, and its expectation is a rule: none that was right may be lost
    needs_model: bool = False  # says nothing under the rehearsal model or a script
    judged: bool = False  # a judge's word: only where one is asked


class Outcome(Noun):
    """What the product made of a case, as plain JSON: the same for the same case, whatever the machine."""

    got: dict[str, Any]
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    seconds: float = 0.0


@dataclass
class Scored:
    """What is measured of one case. A value that is None was not measured; `why` says what weighs on it."""

    values: dict[str, float | None]
    expected: str = ""
    got: str = ""
    why: str = ""
    measured: Mapping[str, Any] = field(default_factory=dict)


class Task(ABC, Generic[C]):
    """One task. It holds no state: `perform` is given the stage, `score` is pure."""

    name: ClassVar[str]
    shared: ClassVar[str] = ""  # the dataset's file, where several tasks have one; else it is called as the task
    says: ClassVar[str]
    limits: ClassVar[str] = ""  # what its figures do not show
    metrics: ClassVar[tuple[Metric, ...]]
    quick: ClassVar[int | None] = None  # how many cases the quick run takes; None: all
    needs_model: ClassVar[bool] = False
    case: type[C]

    @property
    def form(self) -> type[Case]:
        """What one entry of its file holds."""
        return self.case

    @property
    def file(self) -> str:
        """What the file of its cases is called, in the datasets and in a folder of one's own."""
        return self.shared or f"{self.name}.yaml"

    def dataset(self, folder: Path = DATASETS) -> tuple[Card, list[C]]:
        """Return the card and the cases of this task."""
        return self.read(folder / self.file)

    def own(self, folder: Path, beside: list[C]) -> list[C]:
        """Return the cases of one's own folder.

        Raises BadInput for a creator or a work that there is not (it would never be found), or an id of ours.
        """
        path = folder / self.file
        cases = self.read(path)[1] if path.is_file() else []
        known = {"": set[str](), **{each.slug: {work.stem for work in each.works.glob("*.md")} for each in creators()}}
        for case in cases:
            if case.creator not in known:
                raise BadInput(
                    f"{path}: case {case.id!r}: creator: there is no {case.creator!r}.",
                    f"There are: {', '.join(filter(None, known))}; without one it runs in a workspace without works.",
                )
            if gone := [name for name in self.works(case) if name not in known[case.creator]]:
                there = ", ".join(sorted(known[case.creator])) or "none, as the case names no creator"
                raise BadInput(f"{path}: case {case.id!r}: there is no work {gone[0]!r}.", f"There are: {there}.")
        distinct([*beside, *cases], path)
        return cases

    def works(self, case: C) -> tuple[str, ...]:
        """Return the past works that a case names, by their files' names."""
        return ()

    def read(self, path: Path) -> tuple[Card, list[C]]:
        """Return the card of a file and this task's cases in it."""
        return read_dataset(path, self.case)

    @abstractmethod
    def perform(self, stage: Stage, case: C) -> dict[str, Any]:
        """Let the product do it; return what it made as plain JSON."""

    @abstractmethod
    def score(self, case: C, got: dict[str, Any]) -> Scored:
        """Measure it: no product code that could be wrong in the same way, wherever that is possible."""

    def asked(self, case: C) -> str:
        """Return the case as a person reads it beside what came of it."""
        return case.id

    def few(self, cases: list[C]) -> list[C]:
        """Return the cases of a quick run: always the same ones."""
        return spread(cases, self.quick)


def spread(cases: list[C], most: int | None) -> list[C]:
    """Return at most so many cases, evenly over their order: the first ones would be one creator's. None: all."""
    if most is None or len(cases) <= most:
        return cases
    return [cases[at * len(cases) // most] for at in range(most)]
