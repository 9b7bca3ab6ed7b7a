"""Everything that may happen in a run, by name: attacks, and what the honest person and the clock do between them."""

from evals.gate.moves import changing, clocks, deciding, outbox, person, rows, threads
from evals.gate.moves.move import Move

MOVES: dict[str, Move] = {
    each.name: each for room in (person, clocks, deciding, changing, outbox, threads, rows) for each in room.MOVES
}

__all__ = ["MOVES", "Move"]
