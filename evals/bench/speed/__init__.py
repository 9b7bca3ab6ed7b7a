"""How much time the product adds: to imports, to a model's first token, to a brief's calls; and the board's p95."""

from evals.bench.speed.running import run

__all__ = ["run"]
