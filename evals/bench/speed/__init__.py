"""How much time the product adds: to imports, to a model's first token, to a brief's calls, and to a page of the board."""

from evals.bench.speed.running import run

__all__ = ["run"]
