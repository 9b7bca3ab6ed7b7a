"""One case performed: what the product makes of it, and what that took."""

import json
import re
import time
from typing import Any

from evals.harness.cards import Case
from evals.harness.stage import Stage
from evals.harness.task import Outcome, Task

_HALF = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """Return a text that a file can hold: a model's JSON may have half of a pair, which UTF-8 has no bytes for."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def performed(task: Task[Any], stage: Stage, case: Case) -> Outcome:
    """Return the outcome as plain JSON, with the seconds, the model's calls and what they cost."""
    started = time.monotonic()
    got = task.perform(stage, case)
    usage = got.pop("usage", {})
    plain = json.loads(whole(json.dumps(got, ensure_ascii=False)))
    return Outcome(got=plain, seconds=round(time.monotonic() - started, 3), **usage)
