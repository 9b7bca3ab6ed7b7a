"""One case performed: what the product makes of it, and what that took."""

import json
import time
from typing import Any

from evals.harness.cards import Case
from evals.harness.stage import Stage
from evals.harness.task import Outcome, Task


def performed(task: Task[Any], stage: Stage, case: Case) -> Outcome:
    """Return the outcome as plain JSON, with the seconds, the model's calls and what they cost."""
    started = time.monotonic()
    got = task.perform(stage, case)
    usage = got.pop("usage", {})
    return Outcome(got=json.loads(json.dumps(got)), seconds=round(time.monotonic() - started, 3), **usage)
