"""What a run came to, as it is kept: one JSON file that reports, comparisons, the gate and the history read."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import Field, FiniteFloat, ValidationError

from core.base import Instant, Noun
from core.errors import BadInput
from evals.harness.cards import Card, Split
from evals.harness.kept import write_whole

FILE = "run.json"
FORM = 1
ANEW = "It was written by another version, or changed: run it anew."


class Row(Noun):
    """One case as one candidate did it. A value that is None was not measured."""

    id: str
    split: Split
    creator: str = ""
    values: dict[str, FiniteFloat | None] = Field(default_factory=dict)
    error: str = ""
    asked: str = ""
    expected: str = ""
    got: str = ""
    why: str = ""
    seconds: float = 0.0
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    kept: bool = False  # it was done by an earlier run, and nothing has changed since


class Figure(Noun):
    """One metric of one task."""

    name: str
    says: str
    better: int
    hard: bool = False
    exact: bool = False
    judged: bool = False
    model: str
    mean: FiniteFloat | None = None  # None: not measured
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None
    n: int = 0
    not_measured: str = ""  # why

    @property
    def broken(self) -> bool:
        """Whether it is a promise that was not kept."""
        return self.hard and self.mean is not None and self.mean < 1


class TaskRecord(Noun):
    """One task as one candidate did it."""

    name: str
    says: str
    limits: str = ""  # what its figures do not show
    card: Card
    size: int  # cases in the dataset
    cases: int  # of them in this run
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    log: str = ""  # Inspect's log, beside the record


class CandidateRecord(Noun):
    """Everything that one candidate did."""

    label: str
    endpoint: str
    model: str
    without: tuple[str, ...] = ()
    prompts: str = ""
    prompt_versions: dict[str, str] = Field(default_factory=dict)
    judge: str = ""
    tasks: tuple[TaskRecord, ...]

    def task(self, name: str) -> TaskRecord | None:
        """Return one task's record."""
        return next((each for each in self.tasks if each.name == name), None)


class RunRecord(Noun):
    """One run."""

    form: int = FORM
    id: str
    at: Instant
    version: str
    source: str  # hash of the code
    quick: bool
    split: str = "all"
    limit: int | None = None  # at most so many cases a task
    machine: dict[str, Any] = Field(default_factory=dict)
    seconds: float
    candidates: tuple[CandidateRecord, ...] = Field(min_length=1)

    def first(self) -> CandidateRecord:
        """Return the candidate that is compared and gated."""
        return self.candidates[0]


def save(record: RunRecord, folder: Path) -> Path:
    """Write a run's record into its folder."""
    path = folder / FILE
    write_whole(path, record.model_dump_json(indent=1) + "\n")
    return path


def load(path: Path) -> RunRecord:
    """Read a run's record, from its file or its folder. Raises BadInput that says what is wrong with it."""
    file = path / FILE if path.is_dir() else path
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(told, dict) and told.get("form", FORM) != FORM:
            raise BadInput(f"{file} has the form {told['form']!r}: this version reads {FORM}.", ANEW)
        return RunRecord.model_validate(told)
    except OSError:
        raise BadInput(f"{path} holds no run.", "Make one with: greenroom eval --quick --out FOLDER") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise BadInput(f"{file}: {where}: {first['msg']}.", ANEW) from None
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{file} can't be read: {error}.", "Run it anew.") from None


def slimmed(record: RunRecord) -> RunRecord:
    """Return a record without texts and places: what a baseline needs, small enough to be committed."""
    blank = {"asked": "", "expected": "", "got": "", "why": "", "seconds": 0.0, "kept": False}

    def task(each: TaskRecord) -> TaskRecord:
        rows = tuple(row.model_copy(update=blank) for row in each.rows)
        return each.model_copy(update={"rows": rows, "log": ""})

    candidates = tuple(
        each.model_copy(update={"tasks": tuple(map(task, each.tasks)), "prompts": ""}) for each in record.candidates
    )
    return record.model_copy(update={"candidates": candidates, "machine": {}})


def run_id(at: datetime) -> str:
    """Return the name of a run's folder: it sorts by time."""
    return f"{at:%Y%m%d-%H%M%S}"
