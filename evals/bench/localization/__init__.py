"""Are errors in translations found, and how often is a good translation accused?"""

from evals.bench.localization.running import run

__all__ = ["run"]
