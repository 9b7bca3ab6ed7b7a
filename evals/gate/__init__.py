"""The hostile model suite: a model that does its worst, an honest person, recording senders, an independent judge."""

from evals.gate.suite import run

__all__ = ["run"]
