"""What one brief asks of a model: calls, and tokens of their prompts."""

from evals.bench.calls.running import run

__all__ = ["run"]
