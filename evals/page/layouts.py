"""Which figures are laid out how; what is not named here is shown as it was printed."""

from collections.abc import Callable
from typing import Any

from evals.page import quality_layouts as quality
from evals.page import speed_layouts as speed
from evals.page import strain_layouts as strain

LAYOUTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "recall": quality.recall,
    "locomo": quality.locomo,
    "voice": quality.voice,
    "slop": quality.slop,
    "localization": quality.localization,
    "tags": quality.tags,
    "grounding": quality.grounding,
    "grounding_posts": quality.grounding,
    "edits": quality.edits,
    "timing": quality.timing,
    "gate": quality.gate,
    "start": speed.start,
    "speed": speed.speed,
    "board": speed.board,
    "calls": speed.calls,
    "forget": speed.forget,
    "slack": speed.slack,
    "scale": strain.scale,
    "load": strain.load,
    "outbox": strain.outbox,
    "repeats": strain.repeats,
}
