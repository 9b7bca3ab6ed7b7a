"""Is what a draft makes up found, and how often is an honest draft accused?"""

from evals.bench.grounding.running import run

__all__ = ["run"]
