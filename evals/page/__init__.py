"""Writes docs/benchmarks.md: from the figures that the benches printed, what peers published, and a page of prose."""

from evals.page.drawing import drawn, write
from evals.page.taking import BENCHES, take

__all__ = ["BENCHES", "drawn", "take", "write"]
