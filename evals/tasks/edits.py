"""Edit learning: edits that show one habit teach it, and the next draft comes nearer to what the person would write."""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from core.base import Noun
from core.documents import to_document
from core.drafts import Content
from core.errors import BadInput
from evals.bench.edits.distance import distance
from evals.harness.cards import Card, Case, read_dataset
from evals.harness.fake_models import dictated
from evals.harness.stage import Stage, recast
from evals.harness.task import Metric, Scored, Task

if TYPE_CHECKING:
    from app.studio import Studio

FEWEST = 4
ASK = "Tell of piece {number}: what came of it, who was there, and what is next"
"""A rule needs edits of different pieces: each edit is of a brief of its own."""


class EditRow(Case):
    """One edit, as the dataset has it."""

    habit: str
    channel: str
    drafted: str
    edited: str


class Pair(Noun):
    """A draft and what a person made of it."""

    drafted: str
    edited: str


class HabitCase(Case):
    """The edits of one habit in their order; the last one is the test and teaches nothing."""

    channel: str
    edits: tuple[Pair, ...] = Field(min_length=FEWEST)


class Edits(Task[HabitCase]):
    """Through decisions, as every door takes an edit. The drafts are dictated, so that the edits fit them exactly."""

    name = "edits"
    scripted = "fake-dictated"
    says = "Edits that show one habit teach it: the next draft needs less of the same edit"
    case = HabitCase
    metrics = (
        Metric("learned", "share of habits of which a rule is in force after the taught edits"),
        Metric("saved", "share of the last edit that the learned rules had done already"),
        Metric("harm", "share of habits after which the draft is farther from the edit than before", better=-1),
    )

    def read(self, path: Path) -> tuple[Card, list[HabitCase]]:
        """Return a case for each habit. Raises BadInput where one has too few edits to teach and test."""
        card, rows = read_dataset(path, EditRow)
        habits = defaultdict[str, list[EditRow]](list)
        for row in rows:
            habits[row.habit].append(row)
        for habit, edits in habits.items():
            if len(edits) < FEWEST:
                raise BadInput(
                    f"{path}: habit {habit!r} has {len(edits)} edits.", f"It takes {FEWEST}: three to teach."
                )
        return card, [
            HabitCase(
                id=habit, channel=edits[0].channel, split=edits[0].split,
                edits=tuple(Pair(drafted=each.drafted.strip(), edited=each.edited.strip()) for each in edits),
            )
            for habit, edits in habits.items()
        ]  # fmt: skip

    def perform(self, stage: Stage, case: HabitCase) -> dict[str, Any]:
        """Teach all edits but the last, then let the product draft the last one."""
        with stage.fresh() as studio:
            recast(studio, dictated([each.drafted for each in case.edits]))
            for number, pair in enumerate(case.edits[:-1], 1):
                _teach(studio, case.channel, number, pair)
            rules = studio.memory.preferences.current(studio.workspace.id)
            last = _drafted(studio, case.channel, len(case.edits))
            return {
                "rules": [{"says": each.says, "state": each.state} for each in rules],
                "text": studio.memory.drafts.get(str(last.draft_id)).content.text,
            }

    def score(self, case: HabitCase, got: dict[str, Any]) -> Scored:
        """Measure how far the draft is from the edit, with what was learned and without."""
        last = case.edits[-1]
        before, after = distance(last.drafted, last.edited), distance(got["text"], last.edited)
        active = [each["says"] for each in got["rules"] if each["state"] == "active"]
        return Scored(
            values={
                "learned": float(bool(active)),
                "saved": max(0.0, 1 - after / before) if before else None,
                "harm": float(after > before),
            },
            expected=last.edited,
            got=got["text"],
            why="; ".join(active) or "no rule in force: " + "; ".join(each["says"] for each in got["rules"]),
        )

    def asked(self, case: HabitCase) -> str:
        """Return the first edit and the draft that is tested."""
        first = case.edits[0]
        return f"taught, among others: {first.drafted} → {first.edited}\ntested: {case.edits[-1].drafted}"


def _drafted(studio: "Studio", channel: str, number: int) -> Any:
    return studio.start(ASK.format(number=number), channels=[channel]).proposals[0]


def _teach(studio: "Studio", channel: str, number: int, pair: Pair) -> None:
    """Draft, and edit what waits. A day passes: edits of one sitting are no habit yet."""
    shown = _drafted(studio, channel, number)
    draft = studio.memory.drafts.get(str(shown.draft_id))
    content: Content = draft.content.model_copy(update={"text": pair.edited})
    studio.decide(shown.id, "edit", shown.sha, body=to_document(channel, content))
    studio.clock.move(**{"days": timedelta(days=1).days})  # type: ignore[attr-defined]
