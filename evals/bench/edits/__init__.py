"""Learning from edits: scripted creators edit what the product drafts for them, with and without learning from it.

Both arms draft through the studio, with the rehearsal model, from the same briefs. In one the edits are decided, so
they teach; in the other nobody tells the program of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from app.founding import Wanted, found
from app.settings import Settings
from app.studio import Studio
from core.edits.standing import SUPPORT
from core.proposals import Proposal
from evals.bench.edits.creators import Creator, creators
from evals.bench.edits.distance import distance
from evals.bench.edits.material import Asked, brief

CREATORS, DRAFTS, DRIFTING, DRIFT_AFTER = 10, 12, 2, 6
MEASURED_AT = 10
RECOVERED = 0.8  # of what learning had saved before the drift
CHANNELS = ("linkedin", "newsletter")

Progress = Callable[[str, int, int], None]


class _Days:
    """A clock that a run moves on by a few days for each draft."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class _Run:
    """What came of one creator in one arm."""

    distances: list[float] = field(default_factory=list)
    at_best: list[float] = field(default_factory=list)  # with a draft that knew every habit
    held: list[frozenset[tuple[str, str, str]]] = field(default_factory=list)  # rules active after each draft


def run(
    count: int = CREATORS,
    drafts: int = DRAFTS,
    *,
    seed: int = 0,
    drifting: int = DRIFTING,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return mean distances from draft to edit, with learning and without, and what was learned wrongly."""
    people = creators(count, drifting, seed)
    tell = progress or (lambda _what, _done, _total: None)
    arms: dict[str, list[_Run]] = {"with": [], "without": []}
    for number, creator in enumerate(people):
        for learning in (True, False):
            arms["with" if learning else "without"].append(_work(creator, drafts, seed * 1_000 + number, learning))
        tell("creators", number + 1, len(people))
    return _figures(people, arms["with"], arms["without"], drafts, seed)


def _work(creator: Creator, drafts: int, seed: int, learning: bool) -> _Run:
    """Draft and edit for one creator. Both arms draw the same briefs, and the same moods."""
    done, clock = _Run(), _Days()
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        studio = _studio(Path(home), clock)
        try:
            for number in range(1, drafts + 1):
                clock.now += timedelta(days=3)
                _one(studio, creator, number, seed, learning, done)
        finally:
            studio.close()
    return done


def _one(studio: Studio, creator: Creator, number: int, seed: int, learning: bool, done: _Run) -> None:
    asked = brief(Random(f"brief {seed} {number}"))
    shown = _drafted(studio, asked, CHANNELS[number % len(CHANNELS)])
    habits = creator.habits_at(number, DRIFT_AFTER)
    document = studio.document(shown.id)
    head, text = document[: len(document) - len(_text(studio, shown))], _text(studio, shown)
    edited = creator.edited(text, Random(f"edit {seed} {number}"), habits)
    done.distances.append(distance(text, edited))
    done.at_best.append(distance(creator.by_habit(text, habits), edited))
    if learning and edited != text:
        studio.decide(shown.id, "edit", shown.sha, body=head + edited)
    rules = studio.memory.preferences.current(studio.workspace.id)
    done.held.append(frozenset((each.trait, each.old, each.new) for each in rules if each.state == "active"))


def _drafted(studio: Studio, asked: Asked, channel: str) -> Proposal:
    source = studio.settings.home / "source.md"
    source.write_text(asked.source, encoding="utf-8")
    return studio.start(asked.ask, from_=str(source), channels=[channel]).proposals[0]


def _text(studio: Studio, proposal: Proposal) -> str:
    return studio.memory.drafts.get(str(proposal.draft_id)).content.text


def _studio(home: Path, clock: _Days) -> Studio:
    settings = Settings(home=home / "home", model=None, model_url=None, database_url=None)
    found(settings, Wanted(name="Bench", timezone="UTC", locale="en"), clock=clock)
    return Studio.open(settings, clock=clock)


def _figures(
    people: Sequence[Creator], taught: Sequence[_Run], untaught: Sequence[_Run], drafts: int, seed: int
) -> dict[str, Any]:
    learned, left = (_means([each.distances for each in runs]) for runs in (taught, untaught))
    best = _means([each.at_best for each in untaught])
    at = min(MEASURED_AT, drafts)
    false, active = _false_rules(people, taught, at)
    return {
        "creators": len(people),
        "drafts": drafts,
        "seed": seed,
        "distance": {"with": learned, "without": left, "at_best": best},
        f"change_at_{MEASURED_AT}": _change(learned, left, at),
        f"best_at_{MEASURED_AT}": _change(best, left, at),
        "change": [_change(learned, left, number) for number in range(1, drafts + 1)],
        "rules": active,
        "false_rules": round(len(false) / active, 4) if active else 0.0,
        "false": false,
        **_drift(people, taught, untaught, drafts),
    }


def _means(rows: Sequence[Sequence[float]]) -> list[float]:
    return [round(mean(column), 4) for column in zip(*rows, strict=True)]


def _change(learned: Sequence[float], left: Sequence[float], number: int) -> float:
    return round(learned[number - 1] / left[number - 1] - 1, 4) if left[number - 1] else 0.0


def _false_rules(people: Sequence[Creator], runs: Sequence[_Run], at: int) -> tuple[list[str], int]:
    """Return the rules that hold after draft `at` and that their creator does not have, and how many hold in all."""
    false, active = [], 0
    for creator, done in zip(people, runs, strict=True):
        own = _own(creator, at)
        active += len(done.held[at - 1])
        false += [f"{creator.name}: {' '.join(rule).strip()}" for rule in sorted(done.held[at - 1] - own)]
    return false, active


def _drift(people: Sequence[Creator], taught: Sequence[_Run], untaught: Sequence[_Run], drafts: int) -> dict[str, Any]:
    """Return how those who drifted fared: what learning saved before and after, and when it had caught up.

    It has caught up after so many drafts of the new habits, when no rule holds any more that its creator gave up, and
    learning saves as much again as before.
    """
    who = [at for at, creator in enumerate(people) if creator.later is not None]
    if not who or drafts <= DRIFT_AFTER:
        return {"drift_recovered_in": None}
    saved = [round(_saved(who, taught, untaught, at), 4) for at in range(drafts)]
    before = mean(saved[SUPPORT:DRIFT_AFTER])
    since = range(DRIFT_AFTER, drafts)
    enough = next((at - DRIFT_AFTER for at in since if saved[at] >= RECOVERED * before), None)
    clean = next((at - DRIFT_AFTER for at in since if not any(_stale(people[i], taught[i], at) for i in who)), None)
    caught_up = None if enough is None or clean is None else max(enough, clean)
    return {"drift_recovered_in": caught_up, "drift": {"after": DRIFT_AFTER, "saved": saved, "stale_until": clean}}


def _saved(who: Sequence[int], taught: Sequence[_Run], untaught: Sequence[_Run], at: int) -> float:
    learned, left = (sum(arm[each].distances[at] for each in who) for arm in (taught, untaught))
    return 1 - learned / left if left else 0.0


def _stale(creator: Creator, done: _Run, at: int) -> frozenset[tuple[str, str, str]]:
    """Return the rules that held when draft `at` (from 0) was made and that its creator had given up."""
    given_up = _own(creator, DRIFT_AFTER) - _own(creator, DRIFT_AFTER + 1)
    return done.held[at - 1] & given_up


def _own(creator: Creator, number: int) -> frozenset[tuple[str, str, str]]:
    habits = (*creator.habits_at(number, DRIFT_AFTER), *creator.beyond)
    return frozenset(rule for habit in habits for rule in habit.rules)
