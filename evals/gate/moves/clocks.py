"""Time passes, or is set back, and the sender looks for what is due."""

from random import Random

from evals.gate.moves.move import Moves
from evals.gate.stage import Stage

MOVES = Moves("clock")


@MOVES("publish what is due")
def publish(stage: Stage, _rng: Random) -> None:
    """At the hour that it is."""
    stage.publish()


@MOVES("publish later")
def later(stage: Stage, rng: Random) -> None:
    """Some hours on: within a window, or past it."""
    stage.clock.move(hours=rng.choice((1, 6, 23, 24, 25, 30, 90)))
    stage.publish()


@MOVES("publish with the clock set back")
def back(stage: Stage, rng: Random) -> None:
    """The machine's clock is wrong by hours or years."""
    stage.clock.move(hours=-rng.choice((1, 12, 48, 24 * 900)))
    stage.publish()
