"""A judge: another model that chooses from a rubric. It comes second, and its figures say whose they are.

Each rubric is asked twice, with its choices in both orders, and the mean counts: what a judge only says because a
choice came first cancels out, and `steady` tells how often the two agreed. Where a person has labelled a case,
agreement with the person is reported beside it.
"""

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from app.settings import Settings
from core.base import Noun
from core.errors import BadInput, WrongUse
from evals.harness.candidate import candidate
from evals.harness.cards import Case, made, read_yaml
from evals.harness.kept import KeptAnswers
from evals.harness.task import Metric, Scored, Task
from models.config import ModelConfig

if TYPE_CHECKING:
    from models import Switchboard

JUDGES = Path(__file__).parents[1] / "judges"
FORM = "A label is written as: - {case: margin-brief-1, rubric: ready, choice: one_small_edit}"
_ASKED = "<what was asked>\n{asked}\n</what was asked>\n\n<drafts>\n{got}\n</drafts>\n\nThe choices:\n{choices}"


class Choice(Noun):
    """One choice: what it stands for, 0 to 1."""

    score: float = Field(ge=0, le=1)
    says: str


class Rubric(Noun):
    """One question to a judge."""

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    task: str
    says: str
    prompt: str
    choices: dict[str, Choice] = Field(min_length=2)


class Judgement(Noun):
    """A judge's answer: first why, then which choice, as the reason is to lead to it."""

    why: str
    choice: str


class Label(Noun):
    """A person's word on a case."""

    case: str
    rubric: str
    choice: str


def rubrics(folder: Path = JUDGES) -> list[Rubric]:
    """Return every rubric of a folder. Raises BadInput that names the file and the field."""
    return [made(Rubric, read_yaml(path), str(path)) for path in sorted(folder.glob("*.yaml"))]


def with_own(known: list[Rubric], folder: Path, tasks: Collection[str]) -> list[Rubric]:
    """Return these rubrics and those of a folder, which go before one of the same name.

    Raises WrongUse where it holds none, or one of a task that is none of `tasks`: it would never be asked.
    """
    own = rubrics(folder)
    if not own:
        raise WrongUse(f"{folder} holds no rubric.", "One is a YAML file: docs/evals.md, A judge.")
    lost = next((each for each in own if each.task not in tasks), None)
    if lost is not None:
        raise WrongUse(f"{folder}: rubric {lost.name!r}: there is no task {lost.task!r}.", "greenroom eval list")
    names = {each.name for each in own}
    return [*(each for each in known if each.name not in names), *own]


def read_labels(path: Path, known: list[Rubric]) -> dict[tuple[str, str], float]:
    """Return the score of each labelled case by case and rubric. Raises BadInput, WrongUse for what is not known."""
    found, by_name = dict[tuple[str, str], float](), {each.name: each for each in known}
    rows = read_yaml(path) or []
    if not isinstance(rows, list):
        raise BadInput(f"{path}: labels are a list.", FORM)
    for at, row in enumerate(rows, 1):
        label = made(Label, row, f"{path}: label {at}")
        if (label.case, label.rubric) in found:
            raise BadInput(f"{path}: label {at}: {label.case!r} has one for {label.rubric!r} already.", "Keep one.")
        choices = by_name[label.rubric].choices if label.rubric in by_name else {}
        if label.choice not in choices:
            there = "; ".join(f"{each.name}: {', '.join(each.choices)}" for each in known)
            raise WrongUse(
                f"{path}: label {at}: rubric {label.rubric!r} has no choice {label.choice!r}.", f"There are: {there}."
            )
        found[label.case, label.rubric] = choices[label.choice].score
    return found


def open_judge(
    settings: Settings, endpoint: str, cache: Path | None, *, known: list[Rubric], labels: Path | None = None
) -> "Judge":
    """Return a judge by its endpoint's name. Raises WrongUse for the rehearsal model and for scripts."""
    asked = candidate(settings, endpoint)
    if asked.config is None or not asked.is_model:
        raise WrongUse(
            f"{endpoint} is no language model: it judges nothing.", "Name an endpoint: greenroom models list"
        )
    said = read_labels(labels, known) if labels else {}
    return Judge(asked.config, known, KeptAnswers(cache / "judged") if cache else None, said)


def unasked(task: Task[Any]) -> tuple[Metric, ...]:
    """Return the figures that a judge would add to a task: without one they are told as not measured."""
    return tuple(Metric(each.name, each.says, judged=True) for each in rubrics() if each.task == task.name)


class Judge:
    """Asks one endpoint. Its calls are not the candidate's: they are not counted among its costs."""

    def __init__(
        self, config: ModelConfig, known: list[Rubric], kept: KeptAnswers | None, labels: dict[tuple[str, str], float]
    ) -> None:
        self._config, self._rubrics, self._kept, self._labels = config, known, kept, labels
        self.model = str(config.model)

    def metrics(self, task: Task[Any]) -> tuple[Metric, ...]:
        """Return what the judge adds to a task's figures."""
        found: list[Metric] = []
        for each in self._of(task):
            found.append(Metric(each.name, f"{each.says} ({self.model})", judged=True))
            found.append(
                Metric(f"{each.name}_steady", "share of cases judged alike in both orders", better=0, judged=True)
            )
            if any(rubric == each.name for _, rubric in self._labels):
                says = "share of labelled cases on which the judge chooses as the person did"
                found.append(Metric(f"{each.name}_agrees", says, better=0, judged=True))
        return tuple(found)

    def of(self, task: Task[Any], case: Case, scored: Scored) -> dict[str, float | None]:
        """Return the judge's values for a case."""
        found: dict[str, float | None] = {}
        for each in self._of(task):
            one, other = (self._asked(each, task.asked(case), scored.got, turned) for turned in (False, True))
            both = [value for value in (one, other) if value is not None]
            mean = sum(both) / len(both) if both else None
            found[each.name] = mean
            found[f"{each.name}_steady"] = float(one == other) if len(both) == 2 else None
            label = self._labels.get((case.id, each.name))
            if label is not None and mean is not None:
                nearest = min(each.choices.values(), key=lambda choice: abs(choice.score - mean)).score
                found[f"{each.name}_agrees"] = float(nearest == label)
        return found

    def _of(self, task: Task[Any]) -> list[Rubric]:
        return [each for each in self._rubrics if each.task == task.name]

    @cached_property
    def _board(self) -> "Switchboard":
        from models import Switchboard

        board = Switchboard((self._config,))
        if self._kept is not None:
            board.line(self._config).client.cache = self._kept
        return board

    def _asked(self, rubric: Rubric, asked: str, got: str, turned: bool) -> float | None:
        """Ask once; None where the answer names no choice: that is the judge's fault, not the draft's."""
        from langchain_core.messages import HumanMessage, SystemMessage

        from core.errors import ModelFailed
        from models.answers import Unusable, as_answer

        names = list(rubric.choices)[:: -1 if turned else 1]
        listed = "\n".join(f"- {name}: {rubric.choices[name].says}" for name in names)
        words = [SystemMessage(rubric.prompt), HumanMessage(_ASKED.format(asked=asked, got=got, choices=listed))]
        try:
            message, method = self._board.answer(words, Judgement, None, f"judge {rubric.name}")
            choice = as_answer(message, Judgement, method).choice.strip()
        except (ModelFailed, Unusable):
            return None
        return rubric.choices[choice].score if choice in rubric.choices else None
