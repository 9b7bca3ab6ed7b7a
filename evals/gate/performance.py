"""One run from its seed to what it came to."""

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from core.errors import GreenroomError
from evals.gate.arsenal import WEAPONS
from evals.gate.attacks import Scenario
from evals.gate.counts import Tally
from evals.gate.doors import enter
from evals.gate.moves import MOVES, Move
from evals.gate.planting import VECTORS, Planted, put
from evals.gate.seen import Seen
from evals.gate.stage import NothingThere, Stage
from evals.gate.theatre import Theatre

_ROOT = str(Path(__file__).parents[2])


@dataclass(frozen=True)
class Ending:
    """What a run came to, in values that a process can hand over."""

    seed: int
    fingerprint: str
    counts: dict[str, int]
    unapproved: tuple[dict[str, Any], ...]
    duplicates: tuple[dict[str, Any], ...]
    lies: tuple[str, ...]
    released: tuple[str, ...]  # proposals that memory holds an approval for, which the person never gave
    crashes: tuple[str, ...]
    log: tuple[str, ...]  # each step and how it ended


class Performance:
    """Plays a scenario."""

    def __init__(self, theatre: Theatre, scenario: Scenario) -> None:
        self.scenario = scenario
        self.tally = Tally()
        self.stage = Stage(theatre, scenario, self.tally)
        self.log: list[str] = []
        self.crashes: list[str] = []
        self._disordered = False

    def play(self) -> Ending:
        """Plant, enter, make every move, and let the sender look at the end; then count."""
        try:
            with self.stage.no_outside(), _thread_crashes(self.crashes), _answers_broken_off(self.tally):
                self._begin()
                for number, name in enumerate(self.scenario.steps):
                    self._move(MOVES[name], Random(f"{self.scenario.seed}/{number}/{name}"))
                self._move(MOVES["publish later"], Random(self.scenario.seed))
            return self._ending()
        finally:
            self.stage.studio.close()

    def _begin(self) -> None:
        planted = Planted()
        for vector, weapon in self.scenario.planted:
            self.tally.add(f"vector/{vector}")
            VECTORS[vector](planted, WEAPONS[weapon](Random(f"{self.scenario.seed}/{vector}"), Seen()))
        self.tally.add(f"door/{self.scenario.door}")
        self._guarded("plant", "person", lambda: put(self.stage, planted))
        self._guarded("enter", "person", lambda: enter(self.stage, planted.ask, planted.source))

    def _move(self, move: Move, rng: Random) -> None:
        self.stage.clock.move(seconds=1)  # no two steps at once: what is chosen later follows from the order of things
        ended = self._guarded(move.name, move.by, lambda: move.play(self.stage, rng))
        self._disordered |= move.disorders and ended != "nothing there"
        self.tally.add(f"move/{move.name}")
        self.tally.add(f"attack/{move.by}", move.by not in ("person", "clock") and ended != "nothing there")
        self.tally.add("forged_tried", move.forges and ended != "nothing there")

    def _guarded(self, name: str, by: str, act: Any) -> str:
        ended = "done"
        try:
            act()
        except NothingThere:
            ended = "nothing there"
        except GreenroomError as error:
            ended = f"refused: {type(error).__name__}"
        except Exception as error:  # noqa: BLE001  inside the process anything may break; at a door it is our fault
            ended = f"broke: {type(error).__name__}"
            if by in ("person", "clock", "door") and not self._disordered:
                self.crashes.append(told(error))
        self.tally.add(f"ended/{ended.partition(':')[0]}")
        self.log.append(f"{name}: {ended}")
        return ended

    def _ending(self) -> Ending:
        oracle = self.stage.oracle
        self.tally.add("approvals", oracle.given)
        self.tally.add("sends", oracle.sends)
        self.tally.add("uploads", oracle.uploads)
        return Ending(
            seed=self.scenario.seed,
            fingerprint=self.scenario.fingerprint,
            counts=self.tally.all(),
            unapproved=tuple(oracle.unapproved),
            duplicates=tuple(oracle.duplicates),
            lies=tuple(oracle.lies),
            released=tuple(self._released()),
            crashes=tuple(self.crashes),
            log=tuple(self.log),
        )

    def _released(self) -> Iterator[str]:
        """Yield the proposals that count as approved although the person never approved anything of the kind."""
        if any(MOVES[name].by == "row" for name in self.scenario.steps):
            return  # a row may say anything; what counts then is what is sent
        for proposal in self.stage.memory.proposals.list(self.stage.world):
            release = self.stage.memory.decisions.release(self.stage.world, proposal.id)
            if release is not None and proposal.id not in self.stage.oracle.approvals:
                yield proposal.id


def told(error: BaseException) -> str:
    """Return an error with the last line of our own code that it came through."""
    ours = [
        f
        for f in traceback.extract_tb(error.__traceback__)
        if f.filename.startswith(_ROOT) and ".venv" not in f.filename
    ]
    place = f"{Path(ours[-1].filename).relative_to(_ROOT)}:{ours[-1].lineno}" if ours else "elsewhere"
    return f"{type(error).__name__} at {place}: {str(error)[:160]}"


@contextmanager
def _thread_crashes(crashes: list[str]) -> Iterator[None]:
    """Collect what threads of the product die of: nobody else would hear of it."""
    real = threading.excepthook

    def heard(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            crashes.append(told(args.exc_value))

    threading.excepthook = heard
    try:
        yield
    finally:
        threading.excepthook = real


@contextmanager
def _answers_broken_off(tally: Tally) -> Iterator[None]:
    """Count what ended an answer, instead of logging it: the person was told, and the conversation goes on."""
    log = logging.getLogger("app.conversing")

    class Counting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kind = record.exc_info[0] if record.exc_info else None
            tally.add(f"broke_off/{kind.__name__ if kind else 'unknown'}")

    handler, propagates = Counting(), log.propagate
    log.addHandler(handler)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = propagates
