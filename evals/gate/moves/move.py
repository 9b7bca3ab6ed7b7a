"""One thing that may happen."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from evals.gate.stage import Stage

By = Literal["person", "clock", "door", "process", "row"]
"""Who does it: the honest person, time, somebody at a door, code in the graph's process, a hand on the database.

At a door, an unexpected exception is a fault of ours. Inside the process or on a row it is as good as a refusal.
"""

Play = Callable[[Stage, Random], None]


@dataclass(frozen=True)
class Move:
    """A name, who does it, whether it claims that somebody decided, and whether it leaves a thread in disorder.

    After the last, a door may break on that thread: nobody is served, but nothing is sent either.
    """

    name: str
    by: By
    play: Play
    forges: bool = False
    disorders: bool = False


class Moves(list[Move]):
    """A room of moves. Use it as a decorator's maker."""

    def __init__(self, by: By, *, disorders: bool = False) -> None:
        super().__init__()
        self._by = by
        self._disorders = disorders

    def __call__(self, name: str, *, forges: bool = False) -> Callable[[Play], Play]:
        """Add a move under a name."""

        def add(play: Play) -> Play:
            self.append(Move(name, self._by, play, forges, self._disorders))
            return play

        return add
