"""The kill matrix: sending processes are killed at every step, and nothing goes out twice or gets lost."""

from evals.bench.outbox.matrix import run

__all__ = ["run"]
